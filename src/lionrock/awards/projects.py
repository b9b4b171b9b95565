"""Who works on an award and who answers for it: the one rule by which everything of an award is shown and done."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from lionrock.awards.models import Award, Project, ProjectMember
from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require_member
from lionrock.people.queries import members_of, visible


def seen(viewer: Actor, award: str = "") -> Q:
    """Return the rule by which a viewer sees an award, or what belongs to one (at the end of the lookup `award`).

    That is: one's programmes and organisations, but for awards of the organisation on which only others work.
    """
    at = f"{award}__" if award else ""
    rule = visible(viewer, programme=f"{at}programme", organisation=f"{at}organisation__code")
    if viewer.operator or not viewer.organisations():
        return rule
    return rule & ~Q(**{f"{at}pk__in": shut(viewer).values("award")})


def shut(viewer: Actor) -> QuerySet[Project]:
    """Return the projects of the viewer's organisations on which others work, and they do not."""
    own = viewer.organisations() - viewer.administered()
    named = standing().filter(award=OuterRef("award"), person__iexact=viewer.email)
    limited = Project.objects.filter(limited_at__isnull=False, award__organisation__code__in=own)
    others = limited.exclude(investigator__iexact=viewer.email).exclude(Exists(named))
    return others.exclude(award__programme__in=viewer.programmes())


def standing(now: datetime | None = None) -> QuerySet[ProjectMember]:
    """Return who is named and works on awards at an instant; without it the database's own clock says when."""
    at = Now() if now is None else now
    return _not_over(at).filter(begins_at__lte=at)


def named_for(award: Award, now: datetime) -> QuerySet[ProjectMember]:
    """Return who is named to work on an award, now or later."""
    return _not_over(now).filter(award=award)


def _not_over(at: datetime | Now) -> QuerySet[ProjectMember]:
    rows = ProjectMember.objects.filter(ended_at__isnull=True)
    return rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def is_limited(award: Award) -> bool:
    """Tell whether only those named work on an award."""
    return Project.objects.filter(award=award, limited_at__isnull=False).exists()


def investigator_of(award: Award) -> str:
    """Return the address of the principal investigator: who was said to be it, else who applied, while a member."""
    said = Project.objects.filter(award=award).values_list("investigator", flat=True).first()
    who = said or award.application.applicant
    return who if who.lower() in {each.lower() for each in members_of(award.organisation.code)} else ""


def people_of(award: Award) -> list[str]:
    """Return the addresses of the members of the organisation who work on an award now, in order."""
    members = members_of(award.organisation.code)
    if not is_limited(award):
        return members
    on_it = {investigator_of(award).lower(), *(each.person.lower() for each in standing().filter(award=award))}
    return [each for each in members if each.lower() in on_it]


def answers_for(actor: Actor, award: Award) -> bool:
    """Tell whether the actor answers for an award: accepts it, asks for changes of it, lends what it leaves idle.

    That is every member of its organisation; where only some work on it, its principal investigator and the
    organisation's administrators.
    """
    if not actor.belongs_to(award.organisation.code):
        return False
    if actor.administers(award.organisation.code) or not is_limited(award):
        return True
    return actor.email.lower() == investigator_of(award).lower()


def require_answers_for(actor: Actor, award: Award) -> None:
    """Raise `NotAllowed` unless the actor answers for the award."""
    require_member(actor, award.organisation.code)
    if not answers_for(actor, award):
        said = gettext_noop(
            "{email} works on {award} and does not answer for it. Ask its principal investigator, or an "
            "administrator of {organisation}."
        )
        raise _refused("awards.project.not_the_investigator", said, actor, award)


def names_people(actor: Actor, award: Award) -> bool:
    """Tell whether the actor says who works on an award: its investigator, an administrator, the programme's office."""
    if actor.administers(award.organisation.code) or actor.holds(Role.OFFICE, programme=award.programme):
        return True
    mine = actor.belongs_to(award.organisation.code)
    return mine and actor.email.lower() == investigator_of(award).lower()


def require_names_people(actor: Actor, award: Award) -> None:
    """Raise `NotAllowed` unless the actor says who works on the award."""
    if not names_people(actor, award):
        said = gettext_noop(
            "{email} does not say who works on {award}. Its principal investigator does, and the administrators of "
            "{organisation}."
        )
        raise _refused("awards.project.not_yours", said, actor, award)


def _refused(code: str, said: str, actor: Actor, award: Award) -> NotAllowed:
    fields = {"email": actor.email, "award": award.code, "organisation": award.organisation.code}
    return NotAllowed(code, message(said, **fields))
