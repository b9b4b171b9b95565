"""The annual report: every figure worked out a second time, nothing of a single applicant, open data, PDF."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader
from tests.calls.world import INVENTED, SHIPPED, World
from tests.public.year import AT

from lionrock.applications.domain.costs import to_quote
from lionrock.applications.domain.requests import Request
from lionrock.applications.models import Application
from lionrock.awards.models import Award
from lionrock.charging.models import MonthClose
from lionrock.committee.domain.capacity import capacity_by_kind
from lionrock.kernel.errors import Invalid, NotFound
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month, local_date
from lionrock.ledger.queries import balances
from lionrock.outcomes.models import Outcome
from lionrock.people.models import Organisation
from lionrock.people.programmes import programme_on_file
from lionrock.public.commands import results as command
from lionrock.public.domain.results import Results, Use, utilisation
from lionrock.public.domain.years import ReportYear, chosen_year, years_of
from lionrock.public.exports import COLUMNS, MEASURES, results_csv, results_data, rows_of
from lionrock.public.queries.results import results_of
from lionrock.rules.calendar import working_days
from lionrock.rules.quotes import quote
from lionrock.rules.rulebook import load_rulebook

pytestmark = pytest.mark.django_db

PROGRAMME = "hk-aiss-demo"


def results(asked: str | None = "2026", at: datetime = AT) -> Results:
    return results_of(PROGRAMME, asked, at)


# --- counts --------------------------------------------------------------------------------------


def test_what_became_of_the_applications(year: World) -> None:
    found = results().applications
    assert found is not None
    assert (found.received, found.eligible, found.ineligible) == (9, 6, 1)
    assert (found.approved, found.declined, found.withdrawn, found.open) == (5, 1, 1, 1)
    assert found.received == found.approved + found.declined + found.ineligible + found.withdrawn + found.open
    assert found.success == Fraction(5, 7)


def test_categories_with_two_applicants_are_not_told_apart(year: World) -> None:
    # Two start-ups: by themselves too few, and the universities would give them away.
    found = results()
    assert found.by_category == found.awards_by_category == ()
    third = Organisation.objects.create(code="third", name="Third", created_at=AT)
    one = Application.objects.filter(state="submitted").get()
    Application.objects.filter(pk=one.pk).update(organisation=third)
    # Three start-ups applied: their counts are told, and with them those of the universities.
    assert [(row.keys, row.received) for row in results().by_category] == [(("startup",), 3), (("university",), 6)]


def test_an_application_counts_where_it_was_first_handed_in(year: World) -> None:
    one = Application.objects.filter(state="submitted").get()
    Application.objects.filter(pk=one.pk).update(round=2, submitted_at=datetime(2027, 2, 1, tzinfo=UTC))
    later = datetime(2027, 3, 1, tzinfo=UTC)
    assert [_received(results(asked, later)) for asked in ("2026", "2027")] == [9, 0]
    assert results("2027", later).empty


def _received(found: Results) -> int:
    return found.applications.received if found.applications else -1


# --- money ---------------------------------------------------------------------------------------


def test_asked_awarded_and_used_are_three_numbers_worked_out_a_second_time(year: World) -> None:
    found, programme = results(), programme_on_file(PROGRAMME)
    assert found.asked.amount == Money(sum(_share_asked(each) for each in Application.objects.all()), "HKD")
    assert found.unpriced == 0
    stood = Award.objects.exclude(state="declined")
    assert found.awarded.amount == Money(sum(award.cap_minor for award in stood), "HKD")
    spent = sum(balances(PROGRAMME, "budget/spent", programme.currency).values())
    assert found.used.amount == Money(spent, "HKD")
    assert found.asked.amount is not None
    assert spent > 0


def _share_asked(application: Application) -> int:
    programme = programme_on_file(PROGRAMME)
    assert application.starts
    assert application.submitted_at
    request = Request(
        application.item, application.count or 0, application.months or 0, application.starts, application.hours
    )
    on = local_date(application.submitted_at, programme.zone)
    return quote(programme, to_quote(programme, request, application.category, on)).scheme_share.minor


def test_what_has_no_price_is_counted_and_left_out(year: World) -> None:
    one = Application.objects.filter(state="submitted").get()
    before, share = results().asked.amount, _share_asked(one)
    Application.objects.filter(pk=one.pk).update(item="abacus")
    found = results()
    assert before is not None
    assert found.asked.amount == Money(before.minor - share, "HKD")
    assert found.unpriced == 1


def test_months_add_up_to_the_books_and_to_the_closes(year: World) -> None:
    found = results()
    committed = sum((each.committed for each in found.months if each.committed), Money(0, "HKD"))
    released = sum(each.released.minor for each in found.months if each.released)
    assert committed.minor == sum(Award.objects.values_list("cap_minor", flat=True))
    # One applicant gave its offer back: that series is withheld altogether.
    assert released == 0
    assert {each.released for each in found.months} == {None}
    spent = sum(each.spent.minor for each in found.months if each.spent)
    assert spent == sum(MonthClose.objects.values_list("subsidy", flat=True))
    assert found.closed_until == Month(2026, 5)
    assert (found.months[0].first, found.months[-1].last) == (Month(2026, 1), Month(2026, 7))


def test_awards_by_item_are_weighed_by_price(year: World) -> None:
    found = results()
    assert found.awards is not None
    assert found.awards.awards == 4
    # Three awards of one item have enough applicants; the fourth alone would be known, so they are not told apart.
    assert found.awards_by_item == ()
    listed = sum(Award.objects.exclude(state="declined").values_list("list_minor", flat=True))
    assert found.awards.list_price == Money(listed, "HKD")
    assert found.awards.share == Fraction(found.awards.awarded.minor, listed)
    assert Fraction(7, 10) < found.awards.share < Fraction(9, 10)


# --- time and capacity ---------------------------------------------------------------------------


def test_decisions_have_an_exact_median_and_keep_the_pledge_of_their_day(year: World) -> None:
    days = [
        working_days(date(2026, month, day), date(2026, *done), "HK+optional")
        for month, day, done in [
            (3, 2, (3, 9)), (3, 3, (3, 10)), (3, 4, (3, 11)), (3, 16, (3, 25)), (3, 17, (3, 27)), (4, 1, (6, 30)),
        ]
    ]  # fmt: skip
    found = results().decisions
    middle = sorted(days)[2:4]
    assert found.number == 6
    assert found.median == Decimal(sum(middle)) / 2
    assert (found.pledged, found.kept) == (6, sum(length <= 60 for length in days))
    assert found.kept == 6
    assert found.share == 1


def test_use_is_told_against_the_capacity_and_the_closed_months(year: World) -> None:
    found = {each.kind: each for each in results().utilisation}["h800"]
    assert (found.first, found.last, found.capacity) == (Month(2026, 3), Month(2026, 5), 3032)
    assert found.available == 3032 * 92 * 86400
    # Three leases of eight cards, in April and May.
    assert found.used == 3 * 8 * 61 * 86400
    assert found.share == Fraction(3 * 8 * 61, 3032 * 92)


def test_a_kind_that_too_few_used_is_withheld_and_unknown_capacity_is_not_said(year: World) -> None:
    found = results()
    assert {each.kind for each in found.utilisation} == set(capacity_by_kind(found.programme.at(date(2026, 5, 1))))
    unused = [each for each in found.utilisation if each.kind != "h800"]
    assert unused
    assert {each.used for each in unused} == {Fraction(0)}
    few = {"h800": Use(Fraction(10), frozenset({"a", "b"}))}
    may = Month(2026, 5)
    assert utilisation({may: {"h800": 2}}, {may: 100}, few)[0].share is None
    assert utilisation({may: {"h800": 2}, may.next: {}}, {may: 100, may.next: 100}, few) == ()
    assert utilisation({}, {}, few) == ()


def test_outcomes_are_counted_once_and_by_kind_where_enough_report_one(year: World) -> None:
    awards = list(Award.objects.exclude(state="declined").order_by("code"))
    for award in awards:
        outcome(award, "paper", "10.1000/shared")
    outcome(awards[0], "paper", "10.1000/own")
    outcome(awards[1], "paper", "10.1000/gone", removed_at=AT)
    outcome(awards[2], "paper", "10.1000/early", added_at=datetime(2025, 12, 31, tzinfo=UTC))
    assert [(each.keys, each.number) for each in results().outcomes] == [(("paper",), 2)]
    # One patent would be its owner's alone, and the papers would give it away.
    outcome(awards[3], "patent", "10.1000/patent")
    assert [(each.keys, each.number) for each in results().outcomes] == [(("paper", "patent"), 3)]
    assert ("outcomes", "paper+patent", 3) in {(row.section, row.group, row.value) for row in rows_of(results())}


def outcome(award: Award, kind: str, identifier: str, **facts: Any) -> None:
    given = {"title": identifier, "year": 2026, "scheme": "doi", "added_at": AT, "added_by": "somebody@example.org"}
    Outcome.objects.create(award=award, kind=kind, identifier=identifier, **(given | facts))


# --- years ---------------------------------------------------------------------------------------


def test_years_run_from_the_programme_s_first_to_now() -> None:
    programme = load_rulebook(SHIPPED).programme(PROGRAMME)
    assert [each.label for each in years_of(programme, AT)] == ["2026", "2025", "2024"]
    assert chosen_year(programme, None, AT).number == 2026
    assert chosen_year(programme, "2025", AT).first == Month(2025, 1)


@pytest.mark.parametrize("asked", ["2023", "2027", "soon", "2026 ", "٢٠٢٦", "2026' OR 1"])
def test_a_year_that_there_is_not_is_refused_with_those_there_are(asked: str) -> None:
    programme = load_rulebook(SHIPPED).programme(PROGRAMME)
    with pytest.raises(Invalid) as raised:
        chosen_year(programme, asked, AT)
    assert "2026, 2025, 2024" in str(raised.value)


def test_a_programme_may_begin_its_year_in_another_month(tmp_path: Path) -> None:
    folder = shutil.copytree(INVENTED, tmp_path / "rulebook")
    terms = folder / "programmes" / "lagoon" / "terms.yaml"
    said = "reports.year_begins:\n  unit: number\n  values:\n    - {from: 2026-02-01, value: 4, source: statute}\n"
    terms.write_text(terms.read_text() + said)
    programme = load_rulebook(folder).programme("lagoon")
    years = years_of(programme, datetime(2027, 3, 31, 21, 59, tzinfo=UTC))
    assert [each.label for each in years] == ["2026/27", "2025/26"]
    span = years[0].interval(programme.zone)
    # Summer time has begun in Paris when the year begins and when it ends.
    assert span.start == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
    assert span.end == datetime(2027, 3, 31, 22, 0, tzinfo=UTC)
    assert chosen_year(programme, None, span.end).label == "2027/28"
    assert ReportYear(Month(2099, 4)).label == "2099/00"


def test_no_such_programme() -> None:
    with pytest.raises(NotFound):
        results_of("nowhere", None, AT)
    assert Client().get("/programmes/nowhere/results").status_code == 404


# --- open data -----------------------------------------------------------------------------------


def test_csv_has_a_mark_its_columns_and_exactly_the_rows_of_the_json(year: World) -> None:
    found = results()
    text = results_csv(found)
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}programme,year,section,group,measure,value,unit,status\r\n")
    read = list(csv.DictReader(io.StringIO(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}"))))
    rows: Any = results_data(found)["rows"]
    assert read == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert [list(row) for row in rows] == [list(COLUMNS)] * len(rows)


def test_each_row_is_of_a_measure_and_no_row_stands_twice(year: World) -> None:
    rows = list(rows_of(results()))
    assert {(row.section, row.measure) for row in rows} <= set(MEASURES)
    assert set(MEASURES) - {(row.section, row.measure) for row in rows} == {("outcomes", "number")}
    keys = [(row.section, row.group, row.measure) for row in rows]
    assert len(keys) == len(set(keys))
    assert all((row.value is None) is (row.status != "given") for row in rows)


def test_the_same_report_is_written_the_same(year: World) -> None:
    assert results_csv(results()) == results_csv(results())
    assert results_data(results()) == results_data(results())


def test_json_says_what_it_is_from_when_under_which_licence_and_by_which_sources(year: World) -> None:
    found: Any = results_data(results())
    assert (found["year"], found["from"], found["to"]) == ("2026", "2026-01", "2026-12")
    assert (found["as_of"], found["licence"], found["fewest_applicants"]) == (AT.isoformat(), "CC BY 4.0", 3)
    assert {each["name"] for each in found["fields"]} == set(COLUMNS)
    assert {(each["section"], each["measure"]) for each in found["measures"]} == set(MEASURES)
    sources = {each["path"]: each for each in found["sources"]}
    assert sources["subsidy.general_rate"]["address"]
    assert sources["pledges.decision_days"]["value"] == "60"


def test_the_reference_names_every_column_and_measure() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "open-data.md").read_text()
    for name, about in COLUMNS.items():
        assert f"| `{name}` | {about} |" in page
    for (section, name), measure in MEASURES.items():
        assert f"| `{section}` | `{name}` | {measure.unit} | {measure.about} |" in page


# --- pages and command ---------------------------------------------------------------------------


@pytest.fixture
def in_july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT)


def test_anybody_opens_the_report_and_its_files(year: World, in_july: None) -> None:
    page = Client().get(f"/programmes/{PROGRAMME}/results").content.decode()
    for said in ("Results 2026", "9 applications were handed in", "71.4%", "CC BY 4.0", "May 2026"):
        assert said in page
    for ending, kind in {"csv": "text/csv; charset=utf-8", "json": "application/json"}.items():
        answer = Client().get(f"/programmes/{PROGRAMME}/results.{ending}?year=2026")
        assert answer["Content-Type"] == kind
        assert answer["Cache-Control"] == "public, max-age=300"
        assert answer["Content-Disposition"] == f'attachment; filename="{PROGRAMME}-results-2026.{ending}"'
    assert json.loads(answer.content)["programme"] == PROGRAMME


def test_what_is_no_year_or_no_file_is_said_so(year: World) -> None:
    assert Client().get(f"/programmes/{PROGRAMME}/results?year=1999").status_code == 422
    assert Client().get(f"/programmes/{PROGRAMME}/results.csv?year=soon").status_code == 422
    assert Client().get(f"/programmes/{PROGRAMME}/results.xlsx").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_report_is_a_pdf_in_each_language(year: World, in_july: None, language: str) -> None:
    client = Client(headers={"accept-language": language})
    answer = client.get(f"/programmes/{PROGRAMME}/results.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "private" in answer["Cache-Control"]
    read = PdfReader(io.BytesIO(answer.content))
    assert read.trailer["/Root"]["/Lang"].lower().startswith(language[:2])
    text = "".join(page.extract_text() for page in read.pages)
    assert "2026" in text
    assert found_amount(results()) in text.replace("\N{NO-BREAK SPACE}", " ")


def found_amount(found: Results) -> str:
    assert found.used.amount is not None
    return f"{found.used.amount.decimal:,}"


def test_the_command_prints_what_the_files_hold(year: World) -> None:
    runner = CliRunner()
    told = json.loads(runner.invoke(command, [PROGRAMME, "--year", "2026", "--json"]).stdout)
    found = results(at=datetime.fromisoformat(told["as_of"]))
    assert told["rows"] == results_data(found)["rows"]
    table = runner.invoke(command, [PROGRAMME, "--year", "2026", "--csv"]).stdout_bytes.decode()
    assert table == results_csv(found)
    plain = runner.invoke(command, [PROGRAMME, "--year", "2026"]).stdout
    assert re.search(r"applications +all +received +9 +applications", plain)
    assert re.search(r"months +2026-01 +released +withheld", plain)


def test_as_many_queries_for_many_as_for_few(year: World, django_assert_num_queries: Any) -> None:
    with CaptureQueriesContext(connection) as few:
        results()
    copies = [copied(each, number) for each in Application.objects.all() for number in range(20)]
    Application.objects.bulk_create(copies)
    with django_assert_num_queries(len(few)):
        assert _received(results()) == 9 * 21
    assert len(few) <= 10


def copied(application: Application, number: int) -> Application:
    state = {"state": "submitted", "decided_at": None} if application.decided_at else {}
    copy = Application.objects.get(pk=application.pk)
    copy.pk, copy.code = None, f"{application.code}-{number}"
    for name, value in state.items():
        setattr(copy, name, value)
    return copy
