"""What is decided about webhooks without a database: signatures, tries, and which addresses are called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.api.domain.addresses import (
    LONGEST_URL,
    callable_addresses,
    may_be_called,
    read_networks,
    read_target,
)
from lionrock.api.domain.webhooks import LONGEST_WAIT, MOST_TRIES, REPLAY_WINDOW, holds, next_try, sign
from lionrock.kernel.errors import Invalid

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("keys", "body", "late", "good"),
    [
        (["new"], b"{}", 0 * SECOND, True),
        (["new", "old"], b"{}", 0 * SECOND, True),
        (["old"], b"{}", 0 * SECOND, False),
        (["new"], b"{ }", 0 * SECOND, False),
        (["new"], b"{}", REPLAY_WINDOW, True),
        (["new"], b"{}", REPLAY_WINDOW + SECOND, False),
        (["new"], b"{}", -REPLAY_WINDOW - SECOND, False),
    ],
)
def test_a_receiver_takes_what_was_signed_with_its_key_just_now(
    keys: list[str], body: bytes, late: timedelta, good: bool
) -> None:
    assert holds(sign(keys, b"{}", NOW), "new", body, NOW + late) is good


@given(st.text())
def test_no_other_header_passes(header: str) -> None:
    assert not holds(header, "new", b"{}", NOW)


def test_each_wait_doubles_until_it_is_given_up() -> None:
    waits = [next_try(tries, NOW) for tries in range(1, MOST_TRIES)]
    spans = [at - NOW for at in waits if at]
    assert spans[:3] == [30 * SECOND, 60 * SECOND, 120 * SECOND]
    assert max(spans) == LONGEST_WAIT
    assert sum(spans, timedelta()) > timedelta(hours=12)
    assert next_try(MOST_TRIES, NOW) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_no_address_of_a_network_of_ones_own_is_called(address: str) -> None:
    assert not may_be_called(ip_address(address), ())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_called_over_tls_alone(address: str) -> None:
    assert may_be_called(ip_address(address), ())
    assert not may_be_called(ip_address(address), (), public_too=False)


def test_the_operator_allows_a_network_and_nothing_beside_it() -> None:
    allowed = read_networks(["10.20.0.0/16"])
    assert may_be_called(ip_address("10.20.3.4"), allowed, public_too=False)
    assert may_be_called(ip_address("::ffff:10.20.3.4"), allowed)
    assert not may_be_called(ip_address("10.21.3.4"), allowed)
    with pytest.raises(ValueError, match="host bits"):
        read_networks(["10.20.0.1/16"])


def test_one_bad_address_of_a_name_spoils_all() -> None:
    assert callable_addresses(["93.184.215.14", "10.0.0.1"], (), public_too=True) == []
    assert callable_addresses(["93.184.215.14"], (), public_too=True) == [ip_address("93.184.215.14")]


@pytest.mark.parametrize(
    ("url", "named", "path"),
    [
        ("https://hooks.example.org", "hooks.example.org", "/"),
        ("https://hooks.example.org:8443/in?x=1", "hooks.example.org:8443", "/in?x=1"),
        ("https://[2606:2800::1]/in", "[2606:2800::1]", "/in"),
    ],
)
def test_an_address_is_read(url: str, named: str, path: str) -> None:
    target = read_target(url)
    assert (target.named, target.path, target.secure) == (named, path, True)


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.example.org", "http://hooks.example.org", "ftp://x.example", "https://", "https://u:p@x.example",
        "https://x.example/#a", "https://x.example:99999/", "https://x .example", "https://x.example\\@y.example",
        "https://x.example/\r\nHost: y", "https://例.example", "https://[::1", f"https://x.example/{'a' * LONGEST_URL}",
        "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_receiver_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read_target(url)
    assert wrong.value.faults[0].field == "url"


def test_plain_http_is_read_only_where_it_is_allowed() -> None:
    assert read_target("http://inside.example/", plain_http=True).port == 80
