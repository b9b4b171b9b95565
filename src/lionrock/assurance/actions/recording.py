"""How the room's actions are recorded and told, and how the tier follows what is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from lionrock.applications.parties import applicants_of
from lionrock.assurance.domain.assessing import Assessment
from lionrock.assurance.domain.states import TRANSITIONS, DossierState, ReviewerState
from lionrock.assurance.models import Dossier, Step
from lionrock.assurance.queries.standing import answers_of, assessed, laid_down, written_on
from lionrock.audit.actions import record
from lionrock.kernel.messages import Message, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import holders_of


def record_of(
    action: str, dossier: Dossier, actor: Actor, now: datetime, details: dict[str, object] | None = None
) -> None:
    """Append the audit record of something done to a dossier; `details` holds plain JSON values."""
    application = dossier.application
    record(
        f"assurance.{action}",
        application.code,
        actor=actor.email,
        now=now,
        programme=dossier.programme,
        organisation=application.organisation.code,
        details=details or {},
    )


def take_step(dossier: Dossier, verb: str, actor: Actor, now: datetime, reason: str = "") -> None:
    """Take a dossier one step further, as its table of transitions allows, and keep what stood in it then."""
    state = advance(TRANSITIONS, DossierState(dossier.state), verb, thing=dossier.application.code)
    dossier.state, dossier.state_since = state.value, now
    dossier.save(update_fields=["state", "state_since"])
    keep_step(dossier, verb, actor, now, reason)


def keep_step(dossier: Dossier, verb: str, actor: Actor, now: datetime, reason: str = "", **more: object) -> None:
    """Add a line to the history of a dossier: who, when, why, and what stood in it, by which editions of the rules."""
    found = assessed(dossier)
    Step.objects.create(
        dossier=dossier, verb=verb, state=dossier.state, tier=found.tier.id, actor=actor.email, reason=reason, at=now,
        content=_content(dossier, found) | more,
    )  # fmt: skip


def _content(dossier: Dossier, found: Assessment) -> dict[str, object]:
    return {
        "editions": list(found.editions),
        "tier": found.tier.id,
        "because": [each.id for each in found.reasons],
        "answers": {name: list(chosen) for name, chosen in answers_of(dossier).items()},
        "items": {each.item.id: each.state.value for each in found.items},
        "given": written_on(dossier),
        "evidence": {file.sha256: file.name for file in dossier.evidence.all() if file.removed_at is None},
        "opinions": {row.item: row.judgement for row in dossier.opinions.all()},
        "conditions": [each.id for each in laid_down(dossier)],
    }


def follow(dossier: Dossier) -> Assessment:
    """Let the columns of a loaded dossier say what its answers and the review's ruling come to."""
    found = assessed(dossier)
    columns = {
        "tier": found.tier.id,
        "at_most": found.at_most.id,
        "oversight": found.oversight.id if found.oversight else "",
    }
    for name, value in columns.items():
        setattr(dossier, name, value)
    dossier.save(update_fields=list(columns))
    return found


def reread(dossier: Dossier) -> Dossier:
    """Return a dossier as its rows stand now: what was brought with it before is read again."""
    dossier._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    return dossier


def today_for(dossier: Dossier, now: datetime) -> date:
    """Return the day of an instant where the programme is."""
    return local_date(now, programme_on_file(dossier.programme).zone)


def tell_applicants(dossier: Dossier, template: str, now: datetime, **fields: object) -> None:
    """Tell who applies; `template` has {application} and the other fields."""
    tell(applicants_of(dossier.application), dossier, template, now, **fields)


def tell_reviewers(dossier: Dossier, template: str, now: datetime, **fields: object) -> None:
    """Tell who concludes the review, and who reviews, interests declared."""
    cleared = [row.person for row in dossier.reviewers.all() if row.state == ReviewerState.CLEARED.value]
    tell([*holders_of(Role.COMPLIANCE, programme=dossier.programme), *cleared], dossier, template, now, **fields)


def tell(to: Iterable[str], dossier: Dossier, template: str, now: datetime, **fields: object) -> None:
    """Tell these addresses about a dossier; `template` has {application} and the other fields."""
    said: Message = message(template, application=dossier.application.code, **fields)
    notify(to=to, said=said, about=Subject("dossier", dossier.application.code), now=now)
