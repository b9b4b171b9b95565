"""What keeps an application, or its award, from passing a point: asked by awards, allocations and jobs."""

from __future__ import annotations

from collections.abc import Iterable

from lionrock.applications.models import Application
from lionrock.assurance.domain.conditions import Hold, holds
from lionrock.assurance.domain.rules import Binding, Choice
from lionrock.assurance.domain.states import LET_THROUGH, DossierState
from lionrock.assurance.models import Dossier
from lionrock.assurance.queries.dossiers import dossier_of, loaded
from lionrock.assurance.queries.standing import assessed, book_now, laid_down
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import programme_on_file

_WAITING = {
    DossierState.DRAFT: gettext_noop("The self-assessment is with the applicants."),
    DossierState.SUBMITTED: gettext_noop("The review is not concluded."),
    DossierState.QUESTIONED: gettext_noop("The reviewers asked the applicants something."),
    DossierState.REFERRED: gettext_noop("A specialist is looking at it."),
    DossierState.REFUSED: gettext_noop("The review refused it."),
}
_LIFTING = {
    DossierState.DRAFT: gettext_noop("Complete it and hand it in."),
    DossierState.QUESTIONED: gettext_noop("Answer, and hand it in again."),
    DossierState.REFUSED: gettext_noop("Only a changed project would change it: let the review be opened again."),
}


def choice_for(application: Application) -> Choice | None:
    """Return by what the programme asks the gate of an application; None: it does not, and nothing is held."""
    programme = application.call.programme
    on = local_date(application.created_at, programme_on_file(programme).zone)
    return book_now().choice(programme, on)


def holds_of(application: Application, point: Binding, milestone: str | None = None) -> tuple[Hold, ...]:
    """Return all that keeps an application, or its award, from passing a point; nothing means that it may pass.

    No query where the programme does not ask the gate.
    """
    return () if choice_for(application) is None else holds_in(dossier_of(application), point, milestone)


def held_applications(applications: Iterable[Application], point: Binding) -> set[int]:
    """Return the keys of those applications that may not pass a point (no query where no programme asks)."""
    asked = {each.pk for each in applications if choice_for(each) is not None}
    found = loaded(Dossier.objects.filter(application__in=asked)) if asked else []
    let = {dossier.application_id for dossier in found if not holds_in(dossier, point)}
    return asked - let


def holds_in(dossier: Dossier | None, point: Binding, milestone: str | None = None) -> tuple[Hold, ...]:
    """Return what holds a loaded dossier at a point; only what reviewers found to be enough counts as answered."""
    if dossier is None:
        said = message(gettext_noop("The responsible-AI self-assessment has not been begun."))
        return (Hold("dossier.missing", said, message(gettext_noop("Begin it on the page of the application."))),)
    state = DossierState(dossier.state)
    found = holds(assessed(dossier, accepted=True), laid_down(dossier), point, milestone)
    if state in LET_THROUGH:
        return found
    remedy = _LIFTING.get(state, gettext_noop("Wait for the reviewers; there is nothing you need to do."))
    return (Hold(f"dossier.{state.value}", message(_WAITING[state]), message(remedy)), *found)


def as_findings(found: Iterable[Hold]) -> tuple[Finding, ...]:
    """Return holds as findings, for a refusal that says why and what would change it."""
    return tuple(Finding(f"assurance.{hold.rule}", Outcome.NOT_MET, hold.reason, remedy=hold.remedy) for hold in found)
