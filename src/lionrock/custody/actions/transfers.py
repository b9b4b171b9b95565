"""Agreeing that data cross to another place, and noting that what follows from it was filed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.custody.domain.crossing import Transfer, crosses, transfer_findings
from lionrock.custody.models import DataTransfer, Filing
from lionrock.custody.queries.placing import place_named
from lionrock.custody.queries.sets import data_set_by_code, filing_by_number
from lionrock.custody.rulebook import rules_now, zones_now
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused
from lionrock.kernel.findings import Outcome, as_json, overall
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def agree_transfer(
    *,
    actor: Actor,
    data_set: str,
    source: str,
    target: str,
    effective: date,
    now: datetime,
    instrument: str = "",
    prepared_on: date | None = None,
) -> DataTransfer:
    """Agree that data go from one place to another; what has to be filed, and by when, follows from the instrument.

    Takes the role compliance. Days are those of the programme's zone and calendar of holidays. Raises `Refused` with
    the findings: zone, instrument, what has to be done before.
    """
    found = data_set_by_code(actor, data_set, lock=True)
    programme = found.award.programme
    require(actor, Role.COMPLIANCE, programme=programme)
    from_row, from_place = place_named(programme, source, field="source")
    to_row, to_place = place_named(programme, target, field="target")
    zones, rules = zones_now(), rules_now()
    asked = Transfer(zones[found.zone], from_place, to_place, instrument, effective, prepared_on)
    findings = transfer_findings(asked, zones, rules)
    if overall(findings) is not Outcome.MET:
        said = message(
            gettext_noop("{data} may not go from {source} to {target} so; nothing was agreed."),
            data=found.code,
            source=source,
            target=target,
        )
        raise Refused("custody.transfer", said, findings=[each for each in findings if each.outcome is not Outcome.MET])
    crossing = crosses(from_place, to_place)
    made = DataTransfer.objects.create(
        data_set=found,
        source=from_row,
        target=to_row,
        instrument=instrument if crossing else "",
        effective=effective,
        prepared_on=prepared_on,
        findings=[as_json(each) for each in findings],
        agreed_at=now,
        agreed_by=actor.email,
    )
    if crossing:
        _owe(made)
    details = {"data_set": found.code, "source": source, "target": target, "instrument": made.instrument}
    record_of("custody.agree_transfer", found.award, actor, now, details)
    return made


def _owe(made: DataTransfer) -> None:
    calendar = programme_on_file(made.data_set.award.programme).at(made.effective).calendar()
    duties = rules_now().instruments[made.instrument].duties
    Filing.objects.bulk_create(
        Filing(transfer=made, duty=duty.id, due=duty.due(made.effective, calendar))
        for duty in duties
        if duty.working_days is not None
    )


@transaction.atomic
def record_filing(*, actor: Actor, filing: int, done_on: date, reference: str, now: datetime) -> Filing:
    """Note that something was filed, on which day and under which reference; takes the role compliance.

    Raises `Invalid` for a day to come, `Conflict` when it was noted before.
    """
    found = filing_by_number(actor, filing, lock=True)
    award = found.transfer.data_set.award
    require(actor, Role.COMPLIANCE, programme=award.programme)
    if found.done_on is not None:
        raise Conflict("custody.filing.done", message(gettext_noop("This was filed on {on}."), on=found.done_on))
    check_line(reference, field="reference")
    today = local_date(now, programme_on_file(award.programme).zone)
    if done_on > today:
        said = message(gettext_noop("{value} is still to come. Say when it was."), value=done_on.isoformat())
        fault = Fault("custody.filing.day", said, field="done_on", value=done_on.isoformat())
        raise Invalid("custody.filing.day", said, faults=[fault])
    found.done_on, found.reference, found.done_by = done_on, reference.strip(), actor.email
    found.save(update_fields=["done_on", "reference", "done_by"])
    details = {"data_set": found.transfer.data_set.code, "duty": found.duty, "done_on": done_on.isoformat()}
    record_of("custody.record_filing", award, actor, now, details)
    return found
