"""The journals that a programme makes, and what is no journal at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.books import NOW, PROGRAMME, hkd

from lionrock.kernel.errors import Broken
from lionrock.kernel.money import Money
from lionrock.ledger.domain import (
    APPROPRIATION,
    CASH,
    FREE,
    AccrualLine,
    Entry,
    JournalDraft,
    accrual,
    appropriation,
    commitment,
    committed,
    quota_grant,
    quota_use,
    release,
)
from lionrock.ledger.domain.accounts import amount_text, fits, floor_of, number_text
from lionrock.ledger.domain.journals import LARGEST

AWARD = "AW-2026-0007"
PAIR = (Entry(FREE, 5), Entry(APPROPRIATION, -5))


def _legs(draft: JournalDraft | None) -> dict[str, int]:
    assert draft is not None
    return {entry.account: entry.amount for entry in draft.entries}


@pytest.mark.parametrize(
    ("draft", "unit", "legs"),
    [
        (
            appropriation(PROGRAMME, hkd(9), at=NOW, cause="c", reason="vote"),
            "HKD",
            {"budget/free": 9, "budget/appropriation": -9},
        ),
        (
            appropriation(PROGRAMME, hkd(-9), at=NOW, cause="c", reason="cut"),
            "HKD",
            {"budget/free": -9, "budget/appropriation": 9},
        ),
        (
            commitment(PROGRAMME, AWARD, hkd(9), at=NOW, cause="c"),
            "HKD",
            {"budget/committed/AW-2026-0007": 9, "budget/free": -9},
        ),
        (
            release(PROGRAMME, AWARD, hkd(9), at=NOW, cause="c"),
            "HKD",
            {"budget/free": 9, "budget/committed/AW-2026-0007": -9},
        ),
        (
            quota_grant(PROGRAMME, AWARD, "h800-node", 9, at=NOW, cause="c"),
            "seconds:h800-node",
            {"quota/remaining/AW-2026-0007/h800-node": 9, "quota/granted/AW-2026-0007/h800-node": -9},
        ),
        (
            quota_use(PROGRAMME, AWARD, "h800-node", 9, at=NOW, cause="c"),
            "seconds:h800-node",
            {"quota/used/AW-2026-0007/h800-node": 9, "quota/remaining/AW-2026-0007/h800-node": -9},
        ),
    ],
)
def test_each_verb_moves_one_amount(draft: JournalDraft, unit: str, legs: dict[str, int]) -> None:
    assert (draft.unit, _legs(draft)) == (unit, legs)


def test_statement_lines_are_added_up_by_account() -> None:
    lines = [
        AccrualLine("harbour-university", "cyberport", hkd(70), hkd(30), AWARD),
        AccrualLine("harbour-university", "cyberport", hkd(7), hkd(3), AWARD),
        AccrualLine("harbour-university", "annex", hkd(0), hkd(11)),
    ]
    assert _legs(accrual(PROGRAMME, lines, at=NOW, cause="c", memo="")) == {
        "receivable/scheme/AW-2026-0007": 77,
        "receivable/user/harbour-university": 44,
        "revenue/cyberport": -110,
        "revenue/annex": -11,
        "budget/spent/AW-2026-0007": 77,
        "budget/committed/AW-2026-0007": -77,
    }


def test_a_correction_gives_its_subsidy_back_to_the_commitment() -> None:
    lines = [AccrualLine("harbour-university", "cyberport", hkd(-70), hkd(-30), AWARD)]
    assert _legs(accrual(PROGRAMME, lines, at=NOW, cause="c", memo=""))["budget/committed/AW-2026-0007"] == 70


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [AccrualLine("harbour-university", "cyberport", hkd(0), hkd(0), AWARD)],
        [
            AccrualLine("harbour-university", "cyberport", hkd(70), hkd(30), AWARD),
            AccrualLine("harbour-university", "cyberport", hkd(-70), hkd(-30), AWARD),
        ],
    ],
)
def test_nothing_to_book_is_no_journal(lines: list[AccrualLine]) -> None:
    assert accrual(PROGRAMME, lines, at=NOW, cause="c", memo="") is None


def test_two_currencies_are_not_booked_together() -> None:
    lines = [
        AccrualLine("harbour-university", "cyberport", hkd(1), hkd(1), AWARD),
        AccrualLine("harbour-university", "cyberport", Money(1, "USD"), Money(1, "USD"), AWARD),
    ]
    with pytest.raises(Broken, match="HKD and USD"):
        accrual(PROGRAMME, lines, at=NOW, cause="c", memo="")


amounts = st.integers(-(10**9), 10**9)
names = st.sampled_from(["harbour-university", "peak-labs", "delta"])
accrual_lines = st.lists(
    st.builds(
        lambda organisation, site, subsidy, user, award: AccrualLine(
            organisation, site, hkd(subsidy if award else 0), hkd(user), award
        ),
        names,
        st.sampled_from(["cyberport", "annex"]),
        amounts,
        amounts,
        st.sampled_from([None, "AW-2026-0001", "AW-2026-0002"]),
    ),
    max_size=12,
)


@given(accrual_lines)
def test_any_statement_keeps_each_book_in_balance(lines: list[AccrualLine]) -> None:
    """What users and scheme owe is what the sites earned; what is spent was committed."""
    draft = accrual(PROGRAMME, lines, at=NOW, cause="c", memo="")
    legs = _legs(draft) if draft else {}
    budget = sum(amount for path, amount in legs.items() if path.startswith("budget/"))
    earned = -sum(amount for path, amount in legs.items() if path.startswith("revenue/"))
    owed_by_scheme = sum(amount for path, amount in legs.items() if path.startswith("receivable/scheme/"))
    spent = sum(amount for path, amount in legs.items() if path.startswith("budget/spent/"))
    assert budget == 0
    assert earned == sum(line.subsidy.minor + line.user.minor for line in lines)
    assert owed_by_scheme == spent == sum(line.subsidy.minor for line in lines)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"entries": ()}, "it has 0 entries and needs two"),
        ({"entries": (Entry(FREE, 0),)}, "it has 1 entries and needs two; the entry on budget/free is zero"),
        ({"entries": (Entry(FREE, 5), Entry(APPROPRIATION, -4))}, "its entries sum to 1 instead of zero"),
        ({"entries": (*PAIR, Entry(CASH, 0))}, "the entry on cash is zero"),
        ({"entries": (*PAIR, Entry("slush", 1), Entry(CASH, -1))}, "there is no account slush in HKD"),
        ({"unit": "XXX"}, "there is no account budget/free in XXX"),
        ({"unit": "seconds:h800-node"}, "there is no account budget/free in seconds:h800-node"),
        ({"at": datetime(2026, 3, 1)}, "has no offset"),  # noqa: DTZ001 - the fault under test
        ({"cause": ""}, "its programme or cause is empty"),
        (
            {"entries": (Entry(FREE, LARGEST + 1), Entry(APPROPRIATION, -LARGEST - 1))},
            "the entry on budget/free is larger than 100000000000000000",
        ),
    ],
)
def test_what_is_no_journal_is_named(change: dict[str, object], says: str) -> None:
    sound = JournalDraft(PROGRAMME, "cause", "HKD", "memo", NOW, PAIR)
    with pytest.raises(Broken) as caught:
        replace(sound, **change)
    assert says in str(caught.value)
    assert caught.value.code == "ledger.journal.malformed"


@pytest.mark.parametrize(
    ("path", "unit", "there_is"),
    [
        ("budget/free", "HKD", True),
        ("budget/free", "JPY", True),
        ("budget/free/more", "HKD", False),
        ("budget/committed/AW-2026-0001", "HKD", True),
        ("budget/committed/aw-2026-0001", "HKD", False),
        ("budget/committed/", "HKD", False),
        ("budget/committed/AW-1/AW-2", "HKD", False),
        ("budget/spent/AW-2026-0001", "HKD", True),
        ("receivable/scheme/AW-2026-0001", "HKD", True),
        ("receivable/user/harbour-university", "HKD", True),
        ("receivable/user/Harbour", "HKD", False),
        ("revenue/cyberport", "HKD", True),
        ("revenue/cyberport\n", "HKD", False),
        ("cash", "HKD", True),
        ("cash", "hkd", False),
        ("quota/used/AW-2026-0001/h800-node", "seconds:h800-node", True),
        ("quota/used/AW-2026-0001/h800-node", "seconds:h20-node", False),
        ("quota/used/AW-2026-0001/h800-node", "HKD", False),
        ("quota/lost/AW-2026-0001/h800-node", "seconds:h800-node", False),
    ],
)
def test_there_are_these_accounts_and_no_others(path: str, unit: str, there_is: bool) -> None:
    assert fits(path, unit) is there_is


@pytest.mark.parametrize(
    ("path", "floor"),
    [
        (FREE, 0),
        (committed(AWARD), 0),
        (APPROPRIATION, None),
        ("budget/spent/AW-1", None),
        (CASH, None),
        ("quota/remaining/AW-1/h800-node", None),
    ],
)
def test_only_free_and_committed_money_has_a_floor(path: str, floor: int | None) -> None:
    assert floor_of(path) == floor


@pytest.mark.parametrize(
    ("amount", "unit", "text", "number"),
    [
        (1234_50, "HKD", "HKD 1,234.50", "1234.50"),
        (-5, "HKD", "HKD -0.05", "-0.05"),
        (1234, "JPY", "JPY 1,234", "1234"),
        (1234, "KWD", "KWD 1.234", "1.234"),
        (3600, "seconds:h800-node", "3,600 device-seconds of h800-node", "3600"),
        (10**17, "HKD", "HKD 1,000,000,000,000,000.00", "1000000000000000.00"),
    ],
)
def test_amounts_read_well(amount: int, unit: str, text: str, number: str) -> None:
    assert (amount_text(amount, unit), number_text(amount, unit)) == (text, number)


def test_instants_of_any_offset_are_accepted() -> None:
    assert JournalDraft(PROGRAMME, "c", "HKD", "", datetime(2026, 3, 1, tzinfo=UTC), PAIR).entries == PAIR
