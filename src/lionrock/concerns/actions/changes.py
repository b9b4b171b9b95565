"""A team says that its project has changed: what that touches of its assessment is open again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lionrock.assurance.actions.changing import reopen_items
from lionrock.awards.actions.recording import record_of
from lionrock.awards.queries import award_by_code
from lionrock.concerns.domain.rules import reopened_items
from lionrock.concerns.models import MaterialChange
from lionrock.concerns.rulebook import rules_now
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.queries import holders_of


@transaction.atomic
def report_change(*, actor: Actor, award: str, kinds: Sequence[str], said: str, now: datetime) -> MaterialChange:
    """Say what has changed in a project since its award; for a member of its organisation, the office, compliance.

    The items of review that the rulebook names for these changes, and that apply, are open again, and the review with
    them: it holds the project as it did before. Where no assessment was made, they are named alone. Raises `Invalid`.
    """
    found = award_by_code(actor, award)
    if not actor.belongs_to(found.organisation.code):
        require(actor, Role.OFFICE, Role.COMPLIANCE, programme=found.programme)
    known = rules_now().changes
    _check(kinds, said, list(known))
    named = reopened_items(known[kind] for kind in kinds)
    opened = reopen_items(application=found.application, items=named, actor=actor, reason=said.strip(), now=now)
    items = named if opened is None else opened
    made = MaterialChange.objects.create(
        award=found, kinds=list(kinds), said=said.strip(), items=list(items), reported_by=actor.email, reported_at=now
    )
    told = message(
        gettext_noop("{award} has changed; look at these items of its assessment again: {items}"),
        award=found.code,
        items=", ".join(items),
    )
    officers = holders_of(Role.COMPLIANCE, programme=found.programme)
    notify(to=officers, said=told, about=Subject("award", found.code), now=now)
    record_of("concerns.report_change", found, actor, now, {"kinds": list(kinds), "items": list(items)})
    return made


def _check(kinds: Sequence[str], said: str, known: Sequence[str]) -> None:
    wrong = [kind for kind in kinds if kind not in known]
    if wrong or not kinds:
        why = message(
            gettext_noop("Choose what has changed in {field}. There are: {known}."),
            field="kinds",
            known=", ".join(known),
        )
        raise Invalid("concerns.change", why, faults=[Fault("concerns.change", why, field="kinds", value=str(wrong))])
    if not said.strip():
        why = message(gettext_noop("Nothing is written in {field}. Say what has changed."), field="said")
        raise Invalid("concerns.change.said", why, faults=[Fault("concerns.change.said", why, field="said", value="")])
    check_paragraph(said, field="said", longest=8000)
