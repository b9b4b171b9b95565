"""What can be done with an application, and what one asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import add_months
from lionrock.rules.terms import Terms


class ApplicationState(StrEnum):
    """Where an application stands on its way from draft to decision."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    """With the office, which checks whether it is complete and eligible."""
    RETURNED = "returned"
    """Back with the applicant, who is asked for something."""
    ELIGIBLE = "eligible"
    """With the assessors."""
    INELIGIBLE = "ineligible"
    """Ended: the office found it ineligible, with findings."""
    ASSESSED = "assessed"
    """With the committee."""
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Final[Mapping[tuple[ApplicationState, str], ApplicationState]] = MappingProxyType(
    {
        (ApplicationState.DRAFT, "submit"): ApplicationState.SUBMITTED,
        (ApplicationState.DRAFT, "withdraw"): ApplicationState.WITHDRAWN,
        (ApplicationState.SUBMITTED, "withdraw"): ApplicationState.WITHDRAWN,
        (ApplicationState.SUBMITTED, "return"): ApplicationState.RETURNED,
        (ApplicationState.SUBMITTED, "accept"): ApplicationState.ELIGIBLE,
        (ApplicationState.SUBMITTED, "reject"): ApplicationState.INELIGIBLE,
        (ApplicationState.SUBMITTED, "approve"): ApplicationState.APPROVED,
        (ApplicationState.SUBMITTED, "decline"): ApplicationState.DECLINED,
        (ApplicationState.RETURNED, "submit"): ApplicationState.SUBMITTED,
        (ApplicationState.RETURNED, "withdraw"): ApplicationState.WITHDRAWN,
        (ApplicationState.RETURNED, "reject"): ApplicationState.INELIGIBLE,
        (ApplicationState.ELIGIBLE, "withdraw"): ApplicationState.WITHDRAWN,
        (ApplicationState.ELIGIBLE, "return"): ApplicationState.RETURNED,
        (ApplicationState.ELIGIBLE, "assess"): ApplicationState.ASSESSED,
        (ApplicationState.ELIGIBLE, "approve"): ApplicationState.APPROVED,
        (ApplicationState.ELIGIBLE, "decline"): ApplicationState.DECLINED,
        (ApplicationState.ASSESSED, "withdraw"): ApplicationState.WITHDRAWN,
        (ApplicationState.ASSESSED, "reopen"): ApplicationState.ELIGIBLE,
        (ApplicationState.ASSESSED, "approve"): ApplicationState.APPROVED,
        (ApplicationState.ASSESSED, "decline"): ApplicationState.DECLINED,
    }
)
"""A body that decides without assessors (by circulation, a small programme) may do so from submission on."""

OPEN_TO_AUTHORS: Final = (ApplicationState.DRAFT, ApplicationState.RETURNED)
"""States in which the applicants can write in it."""
UNDECIDED: Final = (
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.ELIGIBLE,
    ApplicationState.ASSESSED,
)
LIVE: Final = (*UNDECIDED, ApplicationState.APPROVED)
"""States in which an application counts among those that an applicant holds."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `count` of an item for `months` from `starts` on.

    `hours` is only for items with a price per hour: how many of them each device is used, where
    that is fewer than the whole time.
    """

    item: str
    count: int
    months: int
    starts: date
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Statements:
    """What the applicant states: category, declarations signed (by id), and other public subsidy.

    `other_subsidy` tells whether the same scope has another public subsidy; None: not stated.
    """

    category: str
    declarations: frozenset[str] = frozenset()
    other_subsidy: bool | None = None


def ends(request: Request) -> date:
    """Return the day on which the use ends, itself not included."""
    return add_months(request.starts, request.months)


LARGEST: Final = {"count": 1_000_000, "months": 120, "hours": 120 * 31 * 24}
"""Limits of sense, which also keep every amount within what the books hold."""
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199


def check_request(request: Request) -> Request:
    """Return the request when its numbers can be meant; raises `Invalid` with every fault.

    The limits of the programme are no matter of sense: they are findings of `eligibility`.
    """
    given = {"count": request.count, "months": request.months, "hours": request.hours}
    faults = [_fault(field, value) for field, value in given.items() if not _can_be_meant(field, value)]
    if not FIRST_YEAR <= request.starts.year <= LAST_YEAR:
        template = gettext_noop("“{value}” in {field} cannot be meant. Write a date from {first} to {last}.")
        said = message(template, value=request.starts, field="starts", first=FIRST_YEAR, last=LAST_YEAR)
        faults.append(Fault("applications.request", said, field="starts", value=str(request.starts)))
    if faults:
        raise Invalid("applications.request", faults[0].message, faults=faults)
    return request


def _can_be_meant(field: str, value: int | None) -> bool:
    return value is None or 1 <= value <= LARGEST[field]


def _fault(field: str, value: int | None) -> Fault:
    said = message(
        gettext_noop("“{value}” in {field} cannot be meant. Write a whole number from 1 to {largest}."),
        value=value,
        field=field,
        largest=LARGEST[field],
    )
    return Fault("applications.request", said, field=field, value=str(value))


def check_words(terms: Terms, *, item: str, category: str, declarations: frozenset[str]) -> None:
    """Check that the programme has what is named, on whatever day; what is empty names nothing.

    Raises `Invalid` with every fault. What holds on a day is no matter of words: see `eligibility`.
    """
    faults: list[Fault] = []
    programme = terms.programme
    with collecting(faults):
        if category:
            terms.category(category)
    with collecting(faults):
        if item:
            programme.item(item)
    known = [declaration.id for declaration in terms.declarations()]
    for unknown in sorted(declarations - set(known)):
        template = gettext_noop("“{value}” is not a declaration of {programme}. Those that it has: {known}.")
        said = message(template, value=unknown, programme=programme.id, known=", ".join(known) or "–")
        faults.append(Fault("applications.declaration.unknown", said, field="declare", value=unknown))
    if faults:
        raise Invalid("applications.words", faults[0].message, faults=faults)
