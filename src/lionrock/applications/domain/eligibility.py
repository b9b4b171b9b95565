"""Whether an application is eligible: one finding per rule of the programme, all of them.

A rule that the programme does not know gives no finding. A rule whose value the owner has not set
gives `unknown`: it is shown, and stops nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lionrock.applications.domain.requests import Request, Statements, ends
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import Interval, local_midnight
from lionrock.kernel.quantities import SECONDS_PER_HOUR
from lionrock.rules.items import Item, Mode
from lionrock.rules.limits import check_category, check_count, check_mode, check_months
from lionrock.rules.terms import Declaration, Terms

OF_THE_WINDOW: Final = frozenset({"applications.call_open", "applications.last_day"})
"""Rules about when one may hand in: they are as they were then, however long the office takes."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the office knows besides the application: is the call open, and how many others are live."""

    call: str
    call_open: bool
    live_applications: int


def eligibility(
    request: Request, statements: Statements, circumstances: Circumstances, terms: Terms
) -> tuple[Finding, ...]:
    """Return what each rule of the programme, as it stands on the day of `terms`, says."""
    return (
        _window(circumstances),
        *_last_day(terms),
        _category(statements, terms),
        *_item(request, terms),
        *check_months(terms, request.months),
        *_exclusive(statements, terms),
        *_live(circumstances, terms),
        *(_declared(declaration, statements, terms) for declaration in terms.declarations()),
    )


def _outcome(met: bool | None) -> Outcome:
    if met is None:
        return Outcome.UNKNOWN
    return Outcome.MET if met else Outcome.NOT_MET


def _finding(
    rule: str,
    met: bool | None,
    said: Message,
    terms: Terms,
    *paths: str,
    facts: dict[str, str] | None = None,
    remedy: Message | None = None,
) -> Finding:
    """Build a finding; the remedy is kept only where something is to be mended."""
    parameters = tuple(terms.record(path) for path in paths)
    kept = remedy if met is False else None
    return Finding(f"applications.{rule}", _outcome(met), said, facts or {}, parameters, kept)


def _states(terms: Terms, path: str) -> bool:
    """Tell whether the programme has the rule at all, if only with a value that is not set."""
    return path in terms.programme.parameters


def _window(circumstances: Circumstances) -> Finding:
    known = {
        True: gettext_noop("The call {call} takes applications."),
        False: gettext_noop("The call {call} takes no applications now."),
    }
    remedy = message(gettext_noop("Look for a call that is open: `lionrock call list`."))
    return Finding(
        "applications.call_open",
        _outcome(circumstances.call_open),
        message(known[circumstances.call_open], call=circumstances.call),
        facts={"call": circumstances.call},
        remedy=None if circumstances.call_open else remedy,
    )


def _last_day(terms: Terms) -> Iterator[Finding]:
    path = "calls.closes"
    last = terms.closes()
    if not _states(terms, path):
        return
    said = {
        True: gettext_noop("The programme takes applications until {last}."),
        False: gettext_noop("The programme took applications until {last}."),
        None: gettext_noop("No last day for applications is known."),
    }
    met = None if last is None else terms.on <= last
    yield _finding("last_day", met, message(said[met], last=last), terms, path, facts={"on": terms.on.isoformat()})


def _category(statements: Statements, terms: Terms) -> Finding:
    known = [category.id for category in terms.categories]
    if statements.category in known:
        return check_category(terms, statements.category)
    said = message(gettext_noop("“{category}” is not a category of this programme."), category=statements.category)
    remedy = message(gettext_noop("Choose one of: {known}."), known=", ".join(known))
    return _finding("category", False, said, terms, facts={"category": statements.category}, remedy=remedy)


def _item(request: Request, terms: Terms) -> Iterator[Finding]:
    item = terms.programme.items.get(request.item)
    if item is None:
        said = message(gettext_noop("“{item}” is not on the price list."), item=request.item)
        remedy = message(gettext_noop("Choose one of: {known}."), known=", ".join(terms.programme.items))
        yield _finding("item", False, said, terms, facts={"item": request.item}, remedy=remedy)
        return
    yield _priced(item, terms)
    yield _hours_fit(item, request, terms)
    yield check_mode(terms, item.mode)
    yield from check_count(terms, item, request.count)


def _priced(item: Item, terms: Terms) -> Finding:
    listed = terms.price(item.id)
    met = None if listed is not None and listed.price is None else listed is not None
    said = {
        True: gettext_noop("{item} is on the price list at {price}."),
        False: gettext_noop("{item} has no price yet on {on}."),
        None: gettext_noop("The price of {item} on {on} is not known."),
    }[met]
    told = message(said, item=item.names, price=listed.price if listed else None, on=terms.on)
    remedy = message(gettext_noop("Wait for its price, or choose another item."))
    return _finding("price", met, told, terms, item.price_path, facts={"item": item.id}, remedy=remedy)


def _hours_fit(item: Item, request: Request, terms: Terms) -> Finding:
    span = Interval(*(local_midnight(day, terms.programme.zone) for day in (request.starts, ends(request))))
    met = request.hours is None or (item.mode is Mode.METERED and request.hours * SECONDS_PER_HOUR <= span.seconds)
    said = {
        True: gettext_noop("The hours asked for fit the item and the period."),
        False: gettext_noop("{hours} hours each do not fit: {item} is of mode {mode}, from {starts} to {ends}."),
    }[met]
    told = message(
        said, hours=request.hours, item=item.names, mode=item.mode.value, starts=request.starts, ends=ends(request)
    )
    remedy = message(gettext_noop("Leave hours out for a lease; for metered use ask for no more than the period has."))
    return _finding("hours", met, told, terms, facts={"hours": str(request.hours or "")}, remedy=remedy)


def _exclusive(statements: Statements, terms: Terms) -> Iterator[Finding]:
    path = "eligibility.exclusive_of_other_subsidy"
    exclusive, other = terms.exclusive_of_other_subsidy(), statements.other_subsidy
    if exclusive is False or not _states(terms, path):
        return
    met = None if exclusive is None or other is None else not other
    said = {
        True: gettext_noop("The applicant states that no other public subsidy supports the same scope."),
        False: gettext_noop("Another public subsidy supports the same scope, which the programme excludes."),
        None: gettext_noop("Whether another public subsidy supports the same scope, or may, is not stated."),
    }[met]
    remedy = message(gettext_noop("Apply for a scope that has no other public subsidy."))
    facts = {"other_subsidy": "not stated" if other is None else str(other).lower()}
    yield _finding("exclusive", met, message(said), terms, path, facts=facts, remedy=remedy)


def _live(circumstances: Circumstances, terms: Terms) -> Iterator[Finding]:
    path = "eligibility.live_applications_max"
    largest = terms.live_applications_max()
    if not _states(terms, path):
        return
    met = None if largest is None else circumstances.live_applications < largest
    said = {
        True: gettext_noop("Live applications of the applicant besides this one: {live}; allowed in all: {largest}."),
        False: gettext_noop("Live applications of the applicant already: {live}; allowed in all: {largest}."),
        None: gettext_noop("How many live applications one applicant may hold is not known. Besides this one: {live}."),
    }[met]
    told = message(said, live=circumstances.live_applications, largest=largest)
    remedy = message(gettext_noop("Withdraw another application first."))
    facts = {"live_applications": str(circumstances.live_applications)}
    yield _finding("live_applications", met, told, terms, path, facts=facts, remedy=remedy)


def _declared(declaration: Declaration, statements: Statements, terms: Terms) -> Finding:
    signed = declaration.id in statements.declarations
    met = True if signed or declaration.asked is False else (False if declaration.asked else None)
    said = {
        True: gettext_noop("Declared, or not asked for: {label}"),
        False: gettext_noop("Not declared: {label}"),
        None: gettext_noop("Not declared, and whether the programme asks for it is not known: {label}"),
    }[met]
    remedy = message(gettext_noop("Sign the declaration “{id}”."), id=declaration.id)
    path = f"declarations.{declaration.id}"
    told = message(said, label=declaration.label)
    return _finding("declaration", met, told, terms, path, facts={"declaration": declaration.id}, remedy=remedy)


def key_of(finding: Finding) -> str:
    """Return what names a finding among those of one application: its rule and the parameter it rests on."""
    return ":".join([finding.rule, *(read.path for read in finding.parameters[:1])])


def with_its_window(today: Iterable[Finding], handed_in: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of today, with those of the window as they were when it was handed in."""
    then = {key_of(finding): finding for finding in handed_in if finding.rule in OF_THE_WINDOW}
    return tuple(then.get(key_of(finding), finding) for finding in today)
