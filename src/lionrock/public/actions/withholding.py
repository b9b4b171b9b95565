"""Keeping title and organisation of a project out of the public register, on a ground, and showing them again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.public.models import Withholding
from lionrock.public.queries.register import withholding_of
from lionrock.public.rulebook import grounds_now

WITHHOLD: tuple[Role, ...] = (Role.OFFICE, Role.COMPLIANCE)


@transaction.atomic
def withhold_project(*, actor: Actor, award: str, ground: str, why: str, now: datetime) -> Withholding:
    """Keep title and organisation out of the register from now on; takes the role office or compliance.

    `ground` is one of the rulebook's; `why` stays with us. Raises `Invalid`, `Conflict` when they are kept out already.
    """
    found = award_by_code(actor, award, lock=True)
    require(actor, *WITHHOLD, programme=found.programme)
    _check(ground, why)
    if withholding_of(found) is not None:
        said = message(gettext_noop("{award} is kept out of the register already. Show it again first."), award=award)
        raise Conflict("public.register.withheld", said)
    made = Withholding.objects.create(award=found, ground=ground, why=why.strip(), said_at=now, said_by=actor.email)
    record_of("public.withhold_project", found, actor, now, {"ground": ground, "why": why.strip()})
    return made


def _check(ground: str, why: str) -> None:
    faults: list[Fault] = []
    known = grounds_now()
    if ground not in known:
        said = message(
            gettext_noop("“{value}” is no ground. There are: {known}."), value=ground, known=", ".join(known)
        )
        faults.append(Fault("public.register.ground", said, field="ground", value=ground))
    if not why.strip():
        said = message(gettext_noop("Nothing is written in {field}. Say why, and who said so."), field="why")
        faults.append(Fault("public.register.why", said, field="why", value=""))
    with collecting(faults):
        check_paragraph(why, field="why", longest=2000)
    if faults:
        raise Invalid("public.register", faults[0].message, faults=faults)


@transaction.atomic
def show_again(*, actor: Actor, award: str, now: datetime) -> Withholding:
    """Show title and organisation in the register again; takes the role office or compliance.

    Raises `Conflict` when nothing of it is kept out.
    """
    found = award_by_code(actor, award, lock=True)
    require(actor, *WITHHOLD, programme=found.programme)
    row = withholding_of(found)
    if row is None:
        said = message(gettext_noop("Nothing of {award} is kept out of the register."), award=award)
        raise Conflict("public.register.shown", said)
    row.ended_at, row.ended_by = now, actor.email
    row.save(update_fields=["ended_at", "ended_by"])
    record_of("public.show_again", found, actor, now, {"ground": row.ground})
    return row
