"""A project changed after its review: the items that this touches are open again, the others stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lionrock.applications.models import Application
from lionrock.assurance.actions.concluding import reopen
from lionrock.assurance.domain.assessing import State
from lionrock.assurance.domain.states import LET_THROUGH, DossierState, Judgement
from lionrock.assurance.models import Dossier, Opinion
from lionrock.assurance.queries.dossiers import loaded
from lionrock.assurance.queries.standing import assessed
from lionrock.people.domain import Actor


def reopen_items(
    *, application: Application, items: Sequence[str], actor: Actor, reason: str, now: datetime
) -> tuple[str, ...] | None:
    """Open those of the items again that apply to a project, and its review where that had let it through.

    Whoever calls has asked whether the actor may, and is in a transaction. Returns the items; None where the
    application has no dossier.
    """
    found = Dossier.objects.select_for_update(of=("self",)).filter(application=application)
    dossier = loaded(found.select_related("application__call", "application__organisation")).first()
    if dossier is None:
        return None
    applying = {each.item.id for each in assessed(dossier).items if each.state is not State.NOT_APPLICABLE}
    opened = tuple(item for item in items if item in applying)
    if not opened:
        return opened
    if DossierState(dossier.state) in LET_THROUGH:
        reopen(dossier, actor, reason, now)
    not_enough = {"judgement": Judgement.NOT_ENOUGH.value, "text": reason, "round": dossier.round}
    Opinion.objects.bulk_create(
        Opinion(dossier=dossier, item=item, by=actor.email, at=now, **not_enough) for item in opened
    )
    return opened
