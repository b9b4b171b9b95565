"""Which dossiers a viewer may see, and who writes in one and who reviews it."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.applications.models import Application
from lionrock.applications.parties import is_party
from lionrock.applications.queries import KEPT_LONG_THERE, applications, may_write
from lionrock.assurance.domain.states import Expertise, ReviewerState
from lionrock.assurance.models import Dossier, Reviewer
from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role


def dossiers(viewer: Actor) -> QuerySet[Dossier]:
    """Return the dossiers of the applications that a viewer may see; who is shut out of one sees nothing of it."""
    found = Dossier.objects.filter(application__in=applications(viewer))
    return found.select_related("application__call", "application__organisation").defer(*KEPT_LONG_THERE)


def loaded(found: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return the same dossiers with all that their assessment rests on (seven queries, however many they are)."""
    return found.prefetch_related("written", "evidence", "opinions", "rulings", "conditions", "reviewers")


def dossier_of(application: Application) -> Dossier | None:
    """Return the dossier of an application, loaded; None while nobody has begun one."""
    return loaded(Dossier.objects.filter(application=application).select_related("application__call")).first()


def dossier_by_code(viewer: Actor, application: str, *, lock: bool = False) -> Dossier:
    """Return the dossier of an application by its code, loaded; with `lock`, nobody else changes it meanwhile.

    Raises `NotFound` when there is none that this viewer may see.
    """
    found = dossiers(viewer).filter(application__code=application)
    row = loaded(found.select_for_update(of=("self",)) if lock else found).first()
    if row is None:
        said = message(
            gettext_noop("There is no responsible-AI dossier of {application} for you. Begin one on its page."),
            application=application,
        )
        raise NotFound("assurance.dossier.unknown", said)
    return row


def writes(viewer: Actor, dossier: Dossier) -> bool:
    """Tell whether the viewer writes in a dossier: as in its application."""
    return may_write(viewer, dossier.application)


def reviews(viewer: Actor, dossier: Dossier) -> tuple[Expertise, ...]:
    """Return the expertises for which the viewer reviews a dossier, interests declared; the operator, for all."""
    if viewer.operator:
        return tuple(Expertise)
    return tuple(Expertise(row.expertise) for row in _of(viewer, dossier) if row.state == ReviewerState.CLEARED.value)


def asked_to_review(viewer: Actor, dossier: Dossier) -> list[Reviewer]:
    """Return what the viewer was asked to review and has not declared interests for."""
    return [row for row in _of(viewer, dossier) if row.state == ReviewerState.ASKED.value]


def _of(viewer: Actor, dossier: Dossier) -> list[Reviewer]:
    return [row for row in dossier.reviewers.all() if row.person.casefold() == viewer.email.casefold()]


def reviewer_by_number(viewer: Actor, number: int, *, lock: bool = False) -> Reviewer:
    """Return what somebody was asked to review, for that person alone; raises `NotFound` for anybody else."""
    found = Reviewer.objects.filter(pk=number)
    found = found if viewer.operator else found.filter(person__iexact=viewer.email)
    row = (found.select_for_update() if lock else found).select_related("dossier__application__call").first()
    if row is None:
        said = message(gettext_noop("You were not asked to review this."))
        raise NotFound("assurance.reviewer.not_asked", said)
    return row


def concludes(viewer: Actor, dossier: Dossier) -> bool:
    """Tell whether the viewer answers for the gate of the programme, and has no tie to this application."""
    if not viewer.holds(Role.COMPLIANCE, programme=dossier.programme):
        return False
    in_conflict = any(row.state == ReviewerState.CONFLICT.value for row in _of(viewer, dossier))
    return not in_conflict and not is_party(viewer, dossier.application)


def require_concluding(viewer: Actor, dossier: Dossier) -> None:
    """Raise `NotAllowed` unless the viewer concludes the review of this dossier."""
    if not concludes(viewer, dossier):
        said = message(
            gettext_noop(
                "{email} does not conclude the review of {application}: it takes the role compliance, and no tie to it."
            ),
            email=viewer.email,
            application=dossier.application.code,
        )
        raise NotAllowed("assurance.review.not_concluding", said)


def require_reviewing(viewer: Actor, dossier: Dossier, expertise: Expertise | None = None) -> None:
    """Raise `NotAllowed` unless the viewer reviews the dossier (for that expertise), interests declared."""
    held = reviews(viewer, dossier)
    if held and (expertise is None or expertise in held):
        return
    said = message(
        gettext_noop("{email} does not review this of {application}. Who concludes the review asks reviewers."),
        email=viewer.email,
        application=dossier.application.code,
    )
    raise NotAllowed("assurance.review.not_a_reviewer", said)


def require_writing(viewer: Actor, dossier: Dossier) -> None:
    """Raise `NotAllowed` unless the viewer writes in the dossier."""
    if not writes(viewer, dossier):
        said = message(
            gettext_noop("{email} does not write in {application}. Ask one of its authors for an invitation."),
            email=viewer.email,
            application=dossier.application.code,
        )
        raise NotAllowed("assurance.dossier.not_an_author", said)
