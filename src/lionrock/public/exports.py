"""Open data: the annual report as rows with names that stay, as CSV and as JSON.

`docs/reference/open-data.md` describes every field; a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lionrock.kernel.findings import ParameterRead
from lionrock.kernel.money import PRICE_PLACES, Money, to_places
from lionrock.kernel.quantities import SECONDS_PER_HOUR
from lionrock.public.domain.folding import FEWEST
from lionrock.public.domain.results import Applied, Awarded, MoneyMonths, Results
from lionrock.web.spreadsheets import to_csv

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "programme": "The programme's id.",
        "year": "The year in which the reporting year begins, such as 2026.",
        "section": "What the figure is about; see the measures.",
        "group": "What part of it: `all`, or an id as the programme names it. Ids put together are joined by `+`. "
        "In the section `months` one month such as 2026-03, or the first and the last of several, joined by `/`.",
        "measure": "What is measured; see the measures.",
        "value": "The figure. Counts are whole numbers; amounts are decimals in the major unit of the currency; "
        "shares lie between 0 and 1, rounded to six decimals, halves up. Empty where the status is not `given`.",
        "unit": "What the figure is in: a currency by its ISO 4217 code, or as the measures say.",
        "status": f"`given`; `withheld`, where fewer than {FEWEST} applicants stand behind the figure; or `none`, "
        "where there is nothing to measure yet.",
    }
)
"""The columns of the CSV and the keys of the rows of the JSON."""

CURRENCY: Final = "currency"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is published: its unit, and what it counts."""

    unit: str
    about: str


MEASURES: Final[Mapping[tuple[str, str], Measure]] = MappingProxyType(
    {
        ("applications", "received"): Measure("applications", "Handed in for the first time within the year."),
        ("applications", "eligible"): Measure("applications", "Of those received: found eligible, or approved."),
        ("applications", "ineligible"): Measure("applications", "Of those received: found ineligible by the office."),
        ("applications", "approved"): Measure("applications", "Of those received: approved."),
        ("applications", "declined"): Measure("applications", "Of those received: declined by the deciding body."),
        ("applications", "withdrawn"): Measure("applications", "Of those received: withdrawn by the applicant."),
        ("applications", "open"): Measure("applications", "Of those received: not ended yet."),
        ("applications", "success"): Measure("share", "Approved, of those approved, declined or found ineligible."),
        ("money", "asked"): Measure(
            CURRENCY,
            "The scheme's share of all that was received, at the list price and the general rate of the day it was "
            "last handed in.",
        ),
        ("money", "asked_without_price"): Measure(
            "applications", "Received, but left out of `asked`, since no price or no rate was known for them."
        ),
        ("money", "awarded"): Measure(
            CURRENCY,
            "The most that the scheme bears of the awards made within the year, as first decided; offers that were "
            "refused, taken back or not accepted in time are left out.",
        ),
        ("money", "used"): Measure(CURRENCY, "What the scheme bore in the closed months of the year."),
        ("months", "committed"): Measure(CURRENCY, "Set aside for awards, and for more to awards."),
        ("months", "released"): Measure(CURRENCY, "Set aside before, and given back to the fund."),
        ("months", "spent"): Measure(CURRENCY, "Borne by the scheme, by closed month; `none` while none is closed."),
        ("awards_by_category", "awards"): Measure("awards", "Awards made within the year, as in `awarded`."),
        ("awards_by_category", "list_price"): Measure(CURRENCY, "Their list price on the day of the decision."),
        ("awards_by_category", "awarded"): Measure(CURRENCY, "The most that the scheme bears of it."),
        ("awards_by_category", "share"): Measure("share", "Awarded, of the list price."),
        ("awards_by_item", "awards"): Measure("awards", "Awards made within the year, as in `awarded`."),
        ("awards_by_item", "list_price"): Measure(CURRENCY, "Their list price on the day of the decision."),
        ("awards_by_item", "awarded"): Measure(CURRENCY, "The most that the scheme bears of it."),
        ("awards_by_item", "share"): Measure("share", "Awarded, of the list price."),
        ("decisions", "number"): Measure("applications", "Approved or declined within the year, whenever received."),
        ("decisions", "median"): Measure(
            "working days", "From the day an application was last handed in to the day it was decided."
        ),
        ("decisions", "pledged"): Measure("applications", "Of those: under a pledge of the programme."),
        ("decisions", "kept"): Measure("applications", "Of those: decided within it."),
        ("capacity", "devices"): Measure("devices", "What the centre has of a kind, at the end of the closed months."),
        ("capacity", "available"): Measure("device-hours", "All of it, over the closed months of the year."),
        ("capacity", "used"): Measure("device-hours", "Charged for these months, corrections included."),
        ("capacity", "share"): Measure("share", "Used, of what was available."),
        ("outcomes", "number"): Measure(
            "outcomes", "Reported within the year, by kind; what several awards report counts once."
        ),
    }
)
"""Every measure by its section and name. Names are never changed; new ones may come."""

Value = int | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one group; `value` is None where it is not given, and `status` says why."""

    section: str
    group: str
    measure: str
    value: Value
    status: str


def rows_of(results: Results) -> Iterator[Row]:
    """Yield every figure of a report, always in the same order."""
    yield from _applications(results)
    for name, amount in {"asked": results.asked, "awarded": results.awarded, "used": results.used}.items():
        yield _row("money", "all", name, amount.amount, withheld=amount.withheld)
    yield _row("money", "all", "asked_without_price", results.unpriced, withheld=results.asked.withheld)
    for months in results.months:
        yield from _months(months, results)
    yield from _awards("awards_by_category", results, results.awards_by_category)
    yield from _awards("awards_by_item", results, results.awards_by_item)
    yield from _decisions(results)
    yield from _capacity(results)
    for outcome in results.outcomes:
        yield _row("outcomes", "+".join(outcome.keys), "number", outcome.number)


def _row(section: str, group: str, measure: str, value: object, *, withheld: bool = False) -> Row:
    written = None if withheld else _written(value)
    status = "withheld" if withheld else "none" if written is None else "given"
    return Row(section, group, measure, written, status)


def _written(value: object) -> Value:
    """Return a figure exactly: whole numbers as such, all else as text that no reader rounds."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Money):
        return f"{value.decimal:f}"
    if isinstance(value, Fraction):
        return f"{to_places(value, PRICE_PLACES):f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _applications(results: Results) -> Iterator[Row]:
    names = [measure for section, measure in MEASURES if section == "applications"]
    for name in names:
        found = getattr(results.applications, name) if results.applications else None
        yield _row("applications", "all", name, found, withheld=results.applications is None)
    for part in results.by_category:
        yield from _applied(part, names)


def _applied(part: Applied, names: list[str]) -> Iterator[Row]:
    for name in names:
        yield _row("applications", "+".join(part.keys), name, getattr(part, name))


def _months(months: MoneyMonths, results: Results) -> Iterator[Row]:
    group = str(months.first) if months.first == months.last else f"{months.first}/{months.last}"
    yield _row("months", group, "committed", months.committed, withheld=months.committed is None)
    yield _row("months", group, "released", months.released, withheld=months.released is None)
    yield _row("months", group, "spent", months.spent, withheld=results.used.withheld)


def _awards(section: str, results: Results, parts: tuple[Awarded, ...]) -> Iterator[Row]:
    groups = [("all", results.awards), *(("+".join(part.keys), part) for part in parts)]
    for group, part in groups:
        for name in ("awards", "list_price", "awarded", "share"):
            yield _row(section, group, name, getattr(part, name) if part else None, withheld=part is None)


def _decisions(results: Results) -> Iterator[Row]:
    found = results.decisions
    for name in ("number", "median", "pledged", "kept"):
        yield _row("decisions", "all", name, getattr(found, name), withheld=found.number is None)


def _capacity(results: Results) -> Iterator[Row]:
    for each in results.utilisation:
        yield _row("capacity", each.kind, "devices", each.capacity)
        yield _row("capacity", each.kind, "available", Fraction(each.available, SECONDS_PER_HOUR))
        used = None if each.used is None else each.used / SECONDS_PER_HOUR
        yield _row("capacity", each.kind, "used", used, withheld=used is None)
        yield _row("capacity", each.kind, "share", each.share, withheld=used is None)


# --- files ---------------------------------------------------------------------------------------


def results_csv(results: Results) -> str:
    """Return the rows as CSV under the names of `COLUMNS`, with a byte order mark."""
    return to_csv(list(COLUMNS), [list(row.values()) for row in _plain(results)])


def _plain(results: Results) -> Iterator[dict[str, Value]]:
    programme = results.programme
    for row in rows_of(results):
        unit = MEASURES[row.section, row.measure].unit
        yield {
            "programme": programme.id,
            "year": results.year.number,
            "section": row.section,
            "group": row.group,
            "measure": row.measure,
            "value": row.value,
            "unit": programme.currency if unit == CURRENCY else unit,
            "status": row.status,
        }


def results_data(results: Results) -> dict[str, object]:
    """Return the report with all that is needed to read it: fields, measures, licence, sources."""
    programme, year = results.programme, results.year
    names = {"en": programme.names.en, "zh-hant": programme.names.zh_hant, "zh-hans": programme.names.zh_hans}
    return {
        "programme": programme.id,
        "name": {language: name for language, name in names.items() if name},
        "year": year.label,
        "from": str(year.first),
        "to": str(year.last),
        "time_zone": programme.zone.key,
        "as_of": results.as_of.isoformat(),
        "currency": programme.currency,
        "licence": results.licence,
        "fewest_applicants": FEWEST,
        "closed_until": str(results.closed_until) if results.closed_until else None,
        "fields": [{"name": name, "about": about} for name, about in COLUMNS.items()],
        "measures": [
            {"section": section, "measure": name, "unit": measure.unit, "about": measure.about}
            for (section, name), measure in MEASURES.items()
        ],
        "sources": [_source(read) for read in results.reads],
        "rows": list(_plain(results)),
    }


def _source(read: ParameterRead) -> dict[str, object]:
    cited = read.citation
    return {
        "path": read.path,
        "value": read.value,
        "since": read.since.isoformat() if read.since else None,
        "publisher": cited.publisher if cited else None,
        "title": cited.title if cited else None,
        "address": cited.address if cited else None,
    }


def results_json(results: Results) -> str:
    """Return the report as JSON."""
    return json.dumps(results_data(results), ensure_ascii=False, indent=2)
