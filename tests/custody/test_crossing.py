"""Where data may lie and how they cross a border, by the rulebook as it is shipped."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lionrock.assurance.reading.book import load_zones
from lionrock.custody.domain.crossing import Reminding, Transfer, transfer_findings
from lionrock.custody.domain.placing import Place, may_lie
from lionrock.custody.rulebook import load_rules
from lionrock.kernel.errors import Invalid
from lionrock.kernel.findings import Outcome, overall

SHIPPED = Path(__file__).resolve().parents[2] / "rulebook"
ZONES, RULES = load_zones(SHIPPED), load_rules(SHIPPED)
VAULT = Place("vault", "park")
DELTA = Place("delta", "gba", partner=True, abroad=True)
ABROAD = Place("far", "open", partner=True, abroad=True)
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("zone", "place", "outcome"),
    [
        ("no_egress", Place("here", "no_egress"), Outcome.MET),
        ("no_egress", VAULT, Outcome.NOT_MET),
        ("no_egress", Place("partner", "no_egress", partner=True), Outcome.NOT_MET),
        ("park", VAULT, Outcome.MET),
        ("gba", DELTA, Outcome.MET),
        ("gba", ABROAD, Outcome.NOT_MET),
        ("open", ABROAD, Outcome.MET),
        ("open", None, Outcome.MET),
        ("gba", None, Outcome.UNKNOWN),
        ("no_egress", None, Outcome.UNKNOWN),
    ],
)
def test_where_data_may_lie_and_what_would_change_it(zone: str, place: Place | None, outcome: Outcome) -> None:
    found = may_lie(ZONES, ZONES[zone], "here", place)
    assert found.outcome is outcome
    assert found.parameters[0].citation is not None
    assert (found.remedy is not None) or outcome is Outcome.MET


def asked(zone: str, target: Place, instrument: str, prepared: date | None = None, effective: date = DAY) -> Transfer:
    return Transfer(ZONES[zone], VAULT, target, instrument, effective, prepared)


CONTRACT = "gba-standard-contract"


@pytest.mark.parametrize(
    ("transfer", "refused_by"),
    [
        (asked("gba", DELTA, CONTRACT, DAY), set()),
        (asked("gba", DELTA, CONTRACT), {"custody.duty.impact-assessment"}),
        (asked("gba", DELTA, CONTRACT, DAY + timedelta(days=1)), {"custody.duty.impact-assessment"}),
        (asked("gba", DELTA, ""), {"custody.instrument"}),
        (asked("gba", DELTA, "model-clauses"), {"custody.instrument"}),
        (asked("gba", DELTA, CONTRACT, date(2023, 12, 12), date(2023, 12, 12)), {"custody.instrument"}),
        (asked("gba", ABROAD, CONTRACT, DAY), {"assurance.placement"}),
        (asked("park", DELTA, CONTRACT, DAY), {"assurance.placement", "custody.instrument"}),
        (asked("open", ABROAD, "nothing-personal"), set()),
        (asked("park", Place("centre", "park"), ""), set()),
    ],
    ids=["in order", "no assessment", "assessed too late", "no instrument", "another zone's", "before it was made",
         "onward beyond the area", "out of the park", "open", "this side of the border"],
)  # fmt: skip
def test_a_transfer_is_refused_by_each_rule_that_says_no(transfer: Transfer, refused_by: set[str]) -> None:
    found = transfer_findings(transfer, ZONES, RULES)
    assert {each.rule for each in found if each.outcome is not Outcome.MET} == refused_by
    assert (overall(found) is Outcome.MET) == (not refused_by)
    assert all(each.remedy for each in found if each.outcome is not Outcome.MET)


@pytest.mark.parametrize(
    ("effective", "due"),
    [
        (date(2026, 11, 23), date(2026, 12, 7)),
        (date(2026, 12, 21), date(2027, 1, 6)),
        (date(2026, 11, 28), date(2026, 12, 11)),
    ],
    ids=["no holiday", "over Christmas and New Year", "from a Saturday"],
)
def test_filing_is_due_ten_working_days_after_the_contract_takes_effect(effective: date, due: date) -> None:
    filing = next(each for each in RULES.instruments[CONTRACT].duties if each.working_days)
    assert filing.due(effective, "HK") == due


@pytest.mark.parametrize(("days", "count"), [(-15, 0), (-14, 1), (-4, 1), (-3, 2), (0, 2), (1, 3), (7, 3), (8, 4)])
def test_reminders_before_and_once_it_is_late(days: int, count: int) -> None:
    assert Reminding((14, 3), 7, RULES.reminding.citation).count(DAY, DAY + timedelta(days=days)) == count


def test_every_fault_of_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "custody").mkdir()
    (tmp_path / "sources.yaml").write_bytes((SHIPPED / "sources.yaml").read_bytes())
    text = (SHIPPED / "custody" / "transfers.yaml").read_text("utf-8")
    spoilt = text.replace("from: 2023-12-13", "from: soon").replace("working_days: 10", "working_days: ten")
    (tmp_path / "custody" / "transfers.yaml").write_text(spoilt, "utf-8")
    with pytest.raises(Invalid) as refused:
        load_rules(tmp_path)
    assert len(refused.value.faults) == 2
    assert all(fault.line for fault in refused.value.faults)
