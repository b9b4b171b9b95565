"""Codes of authenticator apps, recovery codes, how long proofs and sign-ins count, and what a browser is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lionrock.identity.domain import (
    CODES,
    STEP_SECONDS,
    Limits,
    Method,
    Proof,
    SignIn,
    Strength,
    as_typed,
    browser_of,
    code_at,
    ends,
    is_seen_anew,
    matching_step,
    new_codes,
    provisioning,
    suffices,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RFC_SECRET = b"12345678901234567890"
LIMITS = Limits(absolute=timedelta(hours=24), idle=timedelta(hours=2), proof=timedelta(minutes=15))
SIGNED_IN = SignIn("a" * 32, Method.PASSWORD, NOON, NOON, Proof(NOON, Strength.ONE), "Firefox 140, Linux")


@pytest.mark.parametrize(
    ("seconds", "last_six"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, last_six: str) -> None:
    assert code_at(RFC_SECRET, seconds // STEP_SECONDS) == last_six


@pytest.mark.parametrize(("drift", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_one_step_before_and_after(drift: int, counts: bool) -> None:
    step = int(NOON.timestamp()) // STEP_SECONDS + drift
    found = matching_step(RFC_SECRET, code_at(RFC_SECRET, step), NOON, after=0)
    assert found == (step if counts else None)


def test_a_code_of_a_step_that_was_taken_counts_no_more() -> None:
    step = int(NOON.timestamp()) // STEP_SECONDS
    assert matching_step(RFC_SECRET, code_at(RFC_SECRET, step), NOON, after=step) is None
    assert matching_step(RFC_SECRET, code_at(RFC_SECRET, step - 1), NOON, after=step) is None
    assert matching_step(RFC_SECRET, code_at(RFC_SECRET, step + 1), NOON, after=step) == step + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000\n", "é"])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert matching_step(RFC_SECRET, typed, NOON, after=0) is None


def test_blanks_in_a_code_do_not_matter() -> None:
    code = code_at(RFC_SECRET, int(NOON.timestamp()) // STEP_SECONDS)
    assert matching_step(RFC_SECRET, f" {code[:3]} {code[3:]} ", NOON, after=0)


def test_an_app_reads_secret_issuer_and_address() -> None:
    assert provisioning(RFC_SECRET, "chan+1@example.org", "Lionrock") == (
        "otpauth://totp/Lionrock%3Achan%2B1%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Lionrock&digits=6&period=30"
    )


def test_recovery_codes_are_many_long_and_all_different() -> None:
    codes = new_codes() + new_codes()
    assert len(set(codes)) == 2 * CODES
    assert {len(as_typed(code)) for code in codes} == {24}
    assert as_typed(f" {codes[0].upper()} ") == as_typed(codes[0])


@pytest.mark.parametrize(
    ("minutes", "strength", "needed", "counts"),
    [
        (0, Strength.ONE, Strength.ONE, True),
        (14, Strength.ONE, Strength.ONE, True),
        (15, Strength.TWO, Strength.ONE, False),
        (-1, Strength.TWO, Strength.ONE, True),
        (0, Strength.ONE, Strength.TWO, False),
        (14, Strength.TWO, Strength.TWO, True),
    ],
)
def test_a_proof_counts_while_it_is_fresh_and_strong_enough(
    minutes: int, strength: Strength, needed: Strength, counts: bool
) -> None:
    assert suffices(Proof(NOON, strength), needed, LIMITS, NOON + timedelta(minutes=minutes)) is counts


@pytest.mark.parametrize(
    ("begun", "seen", "over"),
    [(0, 0, False), (1, 119, False), (1, 120, True), (1439, 0, False), (1440, 0, True)],
)
def test_a_sign_in_ends_after_its_time_or_without_use(begun: int, seen: int, over: bool) -> None:
    now = NOON + timedelta(days=2)
    kept = replace(SIGNED_IN, at=now - timedelta(minutes=begun), seen=now - timedelta(minutes=seen))
    assert ends(kept, LIMITS, now) is over


def test_that_somebody_is_here_is_noted_every_five_minutes() -> None:
    assert not is_seen_anew(SIGNED_IN, NOON + timedelta(minutes=4, seconds=59))
    assert is_seen_anew(SIGNED_IN, NOON + timedelta(minutes=5))


def test_a_sign_in_is_kept_and_read_again() -> None:
    assert SignIn.of(SIGNED_IN.plain()) == SIGNED_IN


@pytest.mark.parametrize("method", list(Method))
def test_only_something_that_one_has_makes_two(method: Method) -> None:
    assert (method.strength is Strength.TWO) is (method in {Method.CODE, Method.RECOVERY, Method.PASSKEY})


CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 ({}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140, Linux"),
        (CHROME.format("Windows NT 10.0; Win64; x64"), "Chrome 140, Windows"),
        (CHROME.format("Windows NT 10.0; Win64; x64") + " Edg/140.0.0.0", "Edge 140, Windows"),
        (CHROME.format("Linux; Android 10; K"), "Chrome 140, Android"),
        (SAFARI.format("iPhone; CPU iPhone OS 18_1 like Mac OS X"), "Safari 18, iPhone"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("Firefox/" + "9" * 1000, "Firefox 9999"),
    ],
)
def test_a_browser_is_called_as_its_owner_knows_it(header: str, said: str) -> None:
    assert browser_of(header) == said
