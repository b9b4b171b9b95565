"""Which reports an award owes when, and when somebody is reminded; and what an identifier is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.errors import Invalid
from lionrock.kernel.periods import add_months
from lionrock.outcomes.domain import FINAL, Owed, Scheme, address_of, check_identifier, check_orcid, owed, reminders_due

START = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("end", "interval", "days", "due"),
    [
        (date(2027, 4, 1), 6, 60, [("1", date(2026, 10, 1)), (FINAL, date(2027, 5, 31))]),
        (date(2026, 7, 1), 6, 60, [(FINAL, date(2026, 8, 30))]),
        # The interval that ends with the award is told of in the final report.
        (date(2026, 10, 1), 3, 30, [("1", date(2026, 7, 1)), (FINAL, date(2026, 10, 31))]),
        (date(2026, 10, 2), 3, 30, [("1", date(2026, 7, 1)), ("2", date(2026, 10, 1)), (FINAL, date(2026, 11, 1))]),
        (date(2027, 4, 1), None, 60, [(FINAL, date(2027, 5, 31))]),
        (date(2027, 4, 1), 6, None, [("1", date(2026, 10, 1))]),
        (date(2027, 4, 1), None, None, []),
    ],
)
def test_reports_are_due_by_the_programmes_values(
    end: date, interval: int | None, days: int | None, due: list[tuple[str, date]]
) -> None:
    assert [(one.which, one.due) for one in owed(START, end, interval_months=interval, final_days=days)] == due


@given(days=st.integers(1, 2000), interval=st.integers(1, 12))
def test_progress_reports_follow_one_another_without_a_gap(days: int, interval: int) -> None:
    *progress, final = owed(START, START + timedelta(days=days), interval_months=interval, final_days=30)
    edges = [START, *(one.covers_to for one in progress)]
    assert [one.covers_from for one in progress] == edges[:-1]
    assert all(one.covers_to == add_months(START, interval * int(one.which)) for one in progress)
    assert (final.covers_from, final.covers_to) == (START, START + timedelta(days=days))
    assert edges[-1] < final.covers_to <= add_months(START, interval * (len(progress) + 1))


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 9, 16), 0),
        (date(2026, 9, 17), 1),
        (date(2026, 10, 1), 1),
        (date(2026, 10, 2), 2),
        (date(2026, 10, 15), 2),
        (date(2026, 10, 16), 3),
        (date(2026, 10, 30), 4),
    ],
)
def test_reminders_go_out_two_weeks_before_the_day_after_and_every_two_weeks(day: date, number: int) -> None:
    assert reminders_due(Owed("1", START, date(2026, 10, 1), date(2026, 10, 1)), day) == number


@pytest.mark.parametrize(
    ("scheme", "text", "written"),
    [
        (Scheme.DOI, "10.1000/182", "10.1000/182"),
        (Scheme.DOI, " https://doi.org/10.1038/S41586-020-2649-2. ", "10.1038/s41586-020-2649-2"),
        (Scheme.DOI, "doi: 10.1000/ABC(1)", "10.1000/abc(1)"),
        (Scheme.ARXIV, "arXiv:2401.01234v2", "2401.01234"),
        (Scheme.ARXIV, "https://arxiv.org/pdf/2401.01234.pdf", "2401.01234"),
        (Scheme.ARXIV, "math.GT/0309136", "math.GT/0309136"),
        (Scheme.PATENT, "cn 109815364 a", "CN109815364A"),
        (Scheme.PATENT, "US 11,222,333 B2", "US11222333B2"),
        (Scheme.URL, "HTTPS://Example.ORG/Model", "https://example.org/Model"),
    ],
)
def test_an_identifier_has_one_written_form(scheme: Scheme, text: str, written: str) -> None:
    assert check_identifier(scheme, text) == written
    assert check_identifier(scheme, written) == written


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        (Scheme.DOI, ""),
        (Scheme.DOI, "11.1000/182"),
        (Scheme.DOI, "10.1000/"),
        (Scheme.DOI, "10.1000/a b"),
        (Scheme.ARXIV, "2413.01234"),
        (Scheme.ARXIV, "2401.123"),
        (Scheme.PATENT, "109815364"),
        (Scheme.PATENT, "CN12"),
        (Scheme.URL, "example.org/model"),
        (Scheme.URL, "javascript:alert(1)"),
        (Scheme.URL, "https://nowhere"),
        (Scheme.URL, "https://[broken"),
        (Scheme.URL, "https://example.org/a b"),
    ],
)
def test_what_is_no_identifier_is_said_at_its_field(scheme: Scheme, text: str) -> None:
    with pytest.raises(Invalid) as raised:
        check_identifier(scheme, text)
    assert raised.value.faults[0].field == "identifier"


@pytest.mark.parametrize(
    "text", ["0000-0002-1825-0097", "https://orcid.org/0000-0001-5109-3700", "0000-0002-1694-233x"]
)
def test_an_orcid_with_its_right_last_digit(text: str) -> None:
    assert check_orcid(text) == text.removeprefix("https://orcid.org/").upper()


@given(place=st.integers(0, 15), other=st.integers(1, 9))
def test_any_one_wrong_digit_of_an_orcid_is_noticed(place: int, other: int) -> None:
    digits = list("0000000218250097")
    digits[place] = str((int(digits[place]) + other) % 10)
    text = "".join(digits)
    with pytest.raises(Invalid) as raised:
        check_orcid("-".join(text[n : n + 4] for n in range(0, 16, 4)))
    assert raised.value.faults[0].field == "orcid"


def test_results_lead_to_where_they_stand() -> None:
    assert address_of(Scheme.DOI, "10.1000/182") == "https://doi.org/10.1000/182"
    assert address_of(Scheme.PATENT, "CN109815364A") is None
