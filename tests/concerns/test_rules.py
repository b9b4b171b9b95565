"""Deadlines, escalation, states, codes and what a change opens again, by the rulebook as it is shipped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lionrock.assurance.reading.book import load_book
from lionrock.concerns.domain.rules import STEPS, Owed, owed, reopened_items
from lionrock.concerns.domain.sending import counted_as, digest_of, fits, hour_of, secret_of
from lionrock.concerns.domain.states import TRANSITIONS, ConcernState
from lionrock.concerns.rulebook import load_rules
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.states import advance

SHIPPED = Path(__file__).resolve().parents[2] / "rulebook"
RULES = load_rules(SHIPPED)
HK = ZoneInfo("Asia/Hong_Kong")
CAME = datetime(2026, 12, 23, 9, 30, tzinfo=HK)


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        (
            "critical",
            ["2026-12-23T13:30+08:00", "2026-12-29T00:00+08:00", "2027-01-09T00:00+08:00"],
        ),
        ("serious", ["2026-12-24T09:30+08:00", "2027-01-01T00:00+08:00", "2027-01-16T00:00+08:00"]),
        ("minor", ["2026-12-30T00:00+08:00", "2027-02-06T00:00+08:00"]),
    ],
)
def test_deadlines_count_hours_on_the_clock_and_working_days_to_their_end(severity: str, due: list[str]) -> None:
    found = owed(RULES.severities[severity], CAME, {}, HK, "HK")
    assert [each.due for each in found] == [datetime.fromisoformat(each) for each in due]
    assert all(each.citation.title for each in found)


@pytest.mark.parametrize(
    ("hours", "done", "times"), [(0, None, 0), (1, None, 1), (24, None, 2), (49, None, 3), (49, CAME, 0)]
)
def test_a_missed_step_is_escalated_at_once_and_every_day(hours: int, done: datetime | None, times: int) -> None:
    found = Owed("take_up", CAME, done, RULES.escalation)
    assert found.escalations(CAME + timedelta(hours=hours), RULES.every_hours) == times
    assert found.late(CAME + timedelta(hours=hours)) is (done is None and hours > 0)


@pytest.mark.parametrize(("state", "verb"), list(product(ConcernState, sorted({verb for _, verb in TRANSITIONS}))))
def test_every_state_and_every_verb(state: ConcernState, verb: str) -> None:
    if (state, verb) in TRANSITIONS:
        assert advance(TRANSITIONS, state, verb, thing="CN-1") is TRANSITIONS[state, verb]
    else:
        with pytest.raises(Conflict):
            advance(TRANSITIONS, state, verb, thing="CN-1")


def test_a_code_is_read_however_it_is_typed_and_kept_as_a_digest() -> None:
    code = secret_of(bytes(range(20)))
    assert len(code) == 23
    assert fits(code.lower().replace("-", "  "), digest_of(code))
    assert not fits(code[:-1] + "Z", digest_of(code))
    assert not fits(code, "")
    assert code not in digest_of(code)


def test_nobody_tells_a_network_from_what_is_counted() -> None:
    assert counted_as("192.0.2.1", "key") == counted_as("192.0.2.1", "key")
    assert len({counted_as(source, key) for source, key in product(("192.0.2.1", "192.0.2.2"), ("key", "other"))}) == 4
    assert hour_of(datetime(2026, 3, 2, 9, 59, 59, 7, tzinfo=UTC)) == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_change_opens_items_that_there_are_and_each_once() -> None:
    items = {item.id for item in load_book(SHIPPED).at(date(2026, 11, 23)).items}
    assert set(reopened_items(RULES.changes.values())) <= items
    assert reopened_items([RULES.changes["data"], RULES.changes["location"]]) == (
        "RA-06", "RA-07", "RA-08", "RA-09", "RA-11", "RA-13", "RA-15",
    )  # fmt: skip
    assert set(STEPS) == {each.step for severity in RULES.severities.values() for each in severity.deadlines}


def test_every_fault_of_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "concerns").mkdir()
    (tmp_path / "sources.yaml").write_bytes((SHIPPED / "sources.yaml").read_bytes())
    text = (SHIPPED / "concerns" / "rules.yaml").read_text("utf-8")
    spoilt = text.replace("severity: minor", "severity: slight").replace("id: take_up, hours: 4", "id: look, hours: 4")
    (tmp_path / "concerns" / "rules.yaml").write_text(spoilt, "utf-8")
    with pytest.raises(Invalid) as refused:
        load_rules(tmp_path)
    assert {fault.code for fault in refused.value.faults} == {"concerns.rules.severity", "concerns.rules.deadline"}
    assert all(fault.line for fault in refused.value.faults)
