"""Where the portal listens: an address that cannot be had is named before anything is started."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from lionrock.config.serving import check_free, check_private, serve, web
from lionrock.kernel.errors import Invalid, Unavailable


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "address", ["", "8000", "nonsense", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:0", "127.0.0.1:65536", "a:-1", "a:٣"]
)
def test_what_is_no_address_is_named(address: str) -> None:
    with pytest.raises(Invalid) as wrong:
        check_free(address)
    assert [(fault.field, fault.value) for fault in wrong.value.faults] == [("address", address)]


def test_a_taken_address_is_named_with_its_reason(taken: int) -> None:
    with pytest.raises(Unavailable, match=f"cannot listen at 127.0.0.1:{taken}: Address already in use"):
        check_free(f"127.0.0.1:{taken}")


@pytest.mark.parametrize("address", ["192.0.2.1:8000", "no-such-host.invalid:8000", f"{'a' * 300}.example:8000"])
def test_an_address_of_another_machine_cannot_be_had(address: str) -> None:
    with pytest.raises(Unavailable):
        check_free(address)


def test_a_free_address_passes(taken: int) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        free = server.getsockname()[1]
    check_free(f"127.0.0.1:{free}")


@pytest.mark.parametrize("threads", ["0", "-3", "many"])
def test_threads_are_a_number_above_zero(threads: str) -> None:
    assert CliRunner().invoke(serve, ["--threads", threads]).exit_code == 2


@pytest.mark.parametrize("address", ["0.0.0.0:8000", "192.0.2.1:8000", "[::]:8000", "compute.example.org:80"])
def test_other_machines_are_not_served_without_tls_unless_it_is_said(address: str) -> None:
    for command in (serve, web):
        refused = CliRunner().invoke(command, ["--address", address])
        assert isinstance(refused.exception, Invalid)
        assert [fault.value for fault in refused.exception.faults] == [address]
    check_private(address, plain_http=True)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "127.9.9.9:1", "[::1]:8000", "localhost:8000"])
def test_this_machine_is_served(address: str) -> None:
    check_private(address, plain_http=False)
