"""Papers: licences and exceptions with what they cover, and statements of end users."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.controls.reading.described import catalogued
from lionrock.kernel.errors import Fault, Invalid, NotFound, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_line, check_lines, check_paragraph
from lionrock.people.domain import Actor
from lionrock.people.policies import require
from lionrock.sites.models import Site
from lionrock.supply.actions.ordering import check_running, line_of, order_to_change
from lionrock.supply.actions.rechecking import recheck_order
from lionrock.supply.domain.states import AUTHORISATION_STEPS, AuthorisationState, Kind
from lionrock.supply.models import Authorisation, EndUserStatement, OrderLine
from lionrock.supply.policies import ACT
from lionrock.supply.queries.orders import authorisations, book


@transaction.atomic
def record_authorisation(
    *,
    actor: Actor,
    programme: str,
    number: str,
    kind: Kind,
    chip: str,
    quantity: int,
    applied_on: date,
    conditions: str = "",
    needs_statement: bool = False,
    now: datetime,
) -> Authorisation:
    """Record that a licence was applied for, or that somebody was notified of the use of an exception.

    `quantity` is in chips. Takes the role office or compliance. Raises `Invalid` with all faults.
    """
    require(actor, *ACT, programme=programme)
    faults: list[Fault] = []
    with collecting(faults):
        check_line(number, field="number", longest=100)
    with collecting(faults):
        catalogued(book().items, [chip])
    with collecting(faults):
        check_paragraph(conditions, field="conditions")
    if quantity < 1:
        said = message(gettext_noop("{value} in {field} is below one."), value=quantity, field="quantity")
        faults.append(Fault("supply.authorisation.quantity", said, field="quantity", value=str(quantity)))
    if Authorisation.objects.filter(programme=programme, number=number).exists():
        said = message(gettext_noop("The authorisation “{value}” is on file already."), value=number)
        faults.append(Fault("supply.authorisation.taken", said, field="number", value=number))
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    made = Authorisation.objects.create(
        programme=programme,
        number=number,
        kind=kind.value,
        chip=chip,
        quantity=quantity,
        conditions=conditions,
        needs_statement=needs_statement,
        state=AuthorisationState.APPLIED.value,
        applied_on=applied_on,
        recorded_at=now,
        recorded_by=actor.email,
    )
    details = {"kind": kind.value, "chip": chip, "quantity": quantity}
    record("supply.record_authorisation", number, actor=actor.email, now=now, programme=programme, details=details)
    return made


def authorisation_by_number(actor: Actor, programme: str, number: str) -> Authorisation:
    """Return an authorisation; raises `NotFound`."""
    found = authorisations(actor).filter(programme=programme, number=number).first()
    if found is None:
        template = gettext_noop("There is no authorisation {number} of {programme} for you.")
        raise NotFound("supply.authorisation.unknown", message(template, number=number, programme=programme))
    return found


@transaction.atomic
def decide_authorisation(
    *,
    actor: Actor,
    programme: str,
    number: str,
    verb: str,
    on: date,
    expires_on: date | None = None,
    conditions: str = "",
    now: datetime,
) -> Authorisation:
    """Record what became of an application (`verb`: grant, deny, withdraw); its orders are looked at again.

    Conditions replace those on file where some are given. Takes the role office or compliance. Raises
    `Conflict` when that was decided before, `Invalid` for an expiry before the day of the decision.
    """
    require(actor, *ACT, programme=programme)
    number_of = authorisation_by_number(actor, programme, number).pk
    found = Authorisation.objects.select_for_update().get(pk=number_of)
    found.state = advance(AUTHORISATION_STEPS, AuthorisationState(found.state), verb, thing=number).value
    if expires_on is not None and expires_on < on:
        template = gettext_noop("It cannot expire on {day}, before it is decided.")
        fault = Fault("supply.authorisation.expiry", message(template, day=expires_on), field="expires_on")
        raise Invalid(fault.code, fault.message, faults=[fault])
    found.decided_on = on
    found.expires_on = expires_on if verb == "grant" else found.expires_on
    found.conditions = check_paragraph(conditions, field="conditions") or found.conditions
    found.save(update_fields=["state", "decided_on", "expires_on", "conditions"])
    details = {"verb": verb, "on": str(on), "expires": str(expires_on or "")}
    record("supply.decide_authorisation", number, actor=actor.email, now=now, programme=programme, details=details)
    _recheck(OrderLine.objects.filter(authorisation=found).values_list("order", flat=True), now)
    return found


def _recheck(orders: object, now: datetime) -> None:
    for order in sorted(set(orders)):  # type: ignore[call-overload]
        recheck_order(order, now)


@transaction.atomic
def cover_line(*, actor: Actor, order: str, line: int, number: str, now: datetime) -> OrderLine:
    """Say by which authorisation a line is to be shipped; an empty number takes it away.

    Lines are served in the order in which they were covered. Takes the role office or compliance.
    Raises `Invalid` for an authorisation of another chip.
    """
    found = order_to_change(actor, order)
    check_running(found)
    covered = line_of(found, line)
    paper = authorisation_by_number(actor, found.programme, number) if number else None
    if paper is not None and paper.chip != covered.chip:
        template = gettext_noop("{number} is for {chip}, and line {line} is of {other}.")
        said = message(template, number=number, chip=paper.chip, line=line, other=covered.chip)
        raise Invalid(
            "supply.authorisation.chip",
            said,
            faults=[Fault("supply.authorisation.chip", said, field="number", value=number)],
        )
    shared = {covered.authorisation_id, paper.pk if paper else None} - {None}
    covered.authorisation, covered.covered_at = paper, now if paper else None
    covered.save(update_fields=["authorisation", "covered_at"])
    details = {"line": line, "authorisation": number}
    record("supply.cover_line", order, actor=actor.email, now=now, programme=found.programme, details=details)
    others = OrderLine.objects.filter(authorisation__in=shared).values_list("order", flat=True)
    _recheck([*others, found.pk], now)
    return covered


@transaction.atomic
def keep_statement(
    *,
    actor: Actor,
    site: str,
    reference: str,
    signed_by: str,
    signed_on: date,
    expires_on: date | None = None,
    uses: str,
    now: datetime,
) -> EndUserStatement:
    """Keep what the end user of a site has signed; orders for that site are looked at again.

    Takes the role office or compliance of the site's programme. Raises `Invalid` with all faults.
    """
    found = Site.objects.filter(code=site).first()
    if found is None:
        raise NotFound("supply.site.unknown", message(gettext_noop("There is no site {code}."), code=site))
    require(actor, *ACT, programme=found.programme)
    faults: list[Fault] = []
    with collecting(faults):
        check_lines({"reference": reference[:201], "signed_by": signed_by})
    with collecting(faults):
        check_paragraph(uses, field="uses")
    if found.end_user_statements.filter(reference=reference).exists():
        said = message(gettext_noop("The statement “{value}” is on file already."), value=reference)
        faults.append(Fault("supply.statement.taken", said, field="reference", value=reference))
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    made = EndUserStatement.objects.create(
        site=found,
        reference=reference,
        signed_by=signed_by,
        signed_on=signed_on,
        expires_on=expires_on,
        uses=uses,
        recorded_at=now,
        recorded_by=actor.email,
    )
    details = {"site": site, "signed_by": signed_by, "signed_on": str(signed_on)}
    record("supply.keep_statement", reference, actor=actor.email, now=now, programme=found.programme, details=details)
    _recheck(OrderLine.objects.filter(site=found).values_list("order", flat=True), now)
    return made
