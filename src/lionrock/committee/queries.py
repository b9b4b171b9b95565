"""Who sees what of the committee's meetings; whoever is recused from an item sees nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from django.db.models import Q, QuerySet

from lionrock.applications.models import Admission, Standing
from lionrock.applications.queries import KEPT_LONG_THERE
from lionrock.awards.domain import Decision
from lionrock.committee.domain import Choice, ItemState, Proposal, Tally, tally
from lionrock.committee.models import AgendaItem, Meeting, Recusal, Vote
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.models import RoleGrant

SEE = (Role.COMMITTEE, Role.CHAIR, Role.OFFICE, Role.AUDITOR)
"""Roles that see the meetings of their programme."""
MEMBERS = (Role.COMMITTEE, Role.CHAIR)
IN_CONFLICT = (Standing.SHUT_OUT, Standing.AUTHOR)


def meetings(viewer: Actor) -> QuerySet[Meeting]:
    """Return the meetings of the programmes whose committee, office or auditor the viewer is."""
    return Meeting.objects.all() if viewer.operator else Meeting.objects.filter(programme__in=viewer.programmes(*SEE))


def meeting_by_code(viewer: Actor, code: str, *, lock: bool = False) -> Meeting:
    """Return one meeting; with `lock`, keep others from changing it until the transaction ends.

    Raises `NotFound` when there is none that this viewer may see.
    """
    found = meetings(viewer).filter(code=code)
    meeting = (found.select_for_update() if lock else found).first()
    if meeting is None:
        raise NotFound(
            "committee.meeting.unknown",
            message(gettext_noop("There is no meeting {code} for you. See `lionrock meeting list`."), code=code),
        )
    return meeting


def hidden_from(viewer: Actor) -> Q:
    """Return the rule of what is hidden: items in which the viewer takes no part, or may take none.

    That is whoever is recused, shut out of the application, writes in it, or belongs to who applies.
    """
    if viewer.operator:
        return Q(pk__in=[])
    held = Admission.objects.filter(person=viewer.email, standing__in=IN_CONFLICT)
    return (
        Q(pk__in=Recusal.objects.filter(person=viewer.email).values("item"))
        | Q(application__in=held.values("application"))
        | Q(application__organisation__code__in=viewer.organisations())
    )


def items(viewer: Actor, meeting: Meeting) -> QuerySet[AgendaItem]:
    """Return the items of a meeting that the viewer may see, in the order of the agenda."""
    return (
        meeting.items.exclude(hidden_from(viewer))
        .select_related("application__call", "application__organisation")
        .defer(*KEPT_LONG_THERE)
    )


def item_of(viewer: Actor, meeting: Meeting, application: str, *, lock: bool = False) -> AgendaItem:
    """Return one item of a meeting; raises `NotFound` when there is none that this viewer may see."""
    found = items(viewer, meeting).filter(application__code=application)
    item = (found.select_for_update(of=("self",)) if lock else found).first()
    if item is None:
        raise NotFound(
            "committee.item.unknown",
            message(
                gettext_noop("{application} is not on the agenda of {meeting} for you. See its agenda."),
                application=application,
                meeting=meeting.code,
            ),
        )
    return item


def open_item_of(application: str) -> AgendaItem | None:
    """Return the item under which an application is undecided on an agenda, whichever that is."""
    found = AgendaItem.objects.filter(application__code=application, state=ItemState.OPEN.value)
    return found.select_related("meeting").first()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a programme's committee."""

    email: str
    name: str
    is_chair: bool


def members_of_committee(programme: str) -> tuple[Member, ...]:
    """Return the active members of a programme's committee, chairs first, then by name (one query)."""
    grants = RoleGrant.objects.filter(
        role__in=[role.value for role in MEMBERS], programme=programme, person__is_active=True
    )
    found: dict[str, Member] = {}
    for email, name, role in grants.values_list("person__email", "person__name", "role"):
        chair = role == Role.CHAIR.value or (email in found and found[email].is_chair)
        found[email] = Member(email, name, chair)
    return tuple(sorted(found.values(), key=lambda member: (not member.is_chair, member.name, member.email)))


Conflicts = dict[int, dict[str, Message]]
"""By item, the address of each person who takes no part in it, and why."""

KNOWN_CONFLICTS: Final = MappingProxyType(
    {
        "organisation": gettext_noop("Belongs to the applicant's organisation."),
        "author": gettext_noop("Writes in the application."),
        "shut_out": gettext_noop("Is in conflict, as was found before."),
    }
)
"""Conflicts that the system knows of by itself, by the code that an automatic recusal keeps."""


def known_conflicts(found: Sequence[AgendaItem], members: Iterable[Member]) -> dict[int, dict[str, str]]:
    """Return which members are in conflict with which of these items, as codes (two queries)."""
    addresses = [member.email for member in members]
    belonging = _belonging({item.application.organisation.code for item in found}, addresses)
    conflicts = {item.pk: dict(belonging.get(item.application.organisation.code, {})) for item in found}
    held = Admission.objects.filter(
        application__in=[item.application_id for item in found], person__in=addresses, standing__in=IN_CONFLICT
    )
    by_application = {item.application_id: item.pk for item in found}
    for application, person, standing in held.values_list("application", "person", "standing"):
        conflicts[by_application[application]].setdefault(person, standing)
    return conflicts


def _belonging(organisations: Iterable[str], addresses: Sequence[str]) -> dict[str, dict[str, str]]:
    grants = RoleGrant.objects.filter(
        role=Role.MEMBER.value, organisation__code__in=organisations, person__email__in=addresses
    )
    belonging: dict[str, dict[str, str]] = {}
    for code, email in grants.values_list("organisation__code", "person__email"):
        belonging.setdefault(code or "", {})[email] = "organisation"
    return belonging


def recused(found: Sequence[AgendaItem], members: Iterable[Member]) -> Conflicts:
    """Return who takes no part in which of these items: said, or known by the system (three queries)."""
    known = known_conflicts(found, members)
    conflicts = {
        item: {person: message(KNOWN_CONFLICTS[code]) for person, code in persons.items()}
        for item, persons in known.items()
    }
    for recusal in Recusal.objects.filter(item__in=found):
        conflicts[recusal.item_id][recusal.person] = why_recused(recusal)
    return conflicts


def why_recused(recusal: Recusal) -> Message:
    """Return the reason of a recusal as a sentence."""
    if recusal.automatic and recusal.reason in KNOWN_CONFLICTS:
        return message(KNOWN_CONFLICTS[recusal.reason])
    return message(gettext_noop("{reason}"), reason=recusal.reason)


Votes = dict[int, dict[str, Choice]]
"""By item, what each person said last to the proposal as it stands."""


def votes_on(found: Sequence[AgendaItem]) -> Votes:
    """Return the votes on the proposals as they stand (one query)."""
    votes: Votes = {item.pk: {} for item in found}
    rounds = {item.pk: item.round for item in found}
    for vote in Vote.objects.filter(item__in=found).order_by("pk"):
        if vote.round == rounds[vote.item_id]:
            votes[vote.item_id][vote.person] = Choice(vote.choice)
    return votes


def present_at(meeting: Meeting) -> frozenset[str]:
    """Return the addresses of those in the room (one query)."""
    return frozenset(meeting.attendances.filter(present=True).values_list("person", flat=True))


def tally_of(
    votes: Mapping[str, Choice], members: Sequence[Member], away: Collection[str], present: Collection[str]
) -> Tally:
    """Count the votes on an item as they stand."""
    chairs = [member.email for member in members if member.is_chair]
    return tally(votes, [member.email for member in members if member.email in present], away, chairs)


def presides(
    viewer: Actor, item: AgendaItem, members: Sequence[Member], conflicts: Conflicts, present: Collection[str]
) -> bool:
    """Tell whether the viewer leads the committee on an item.

    That is the chair; where each chair in the room is recused from the item, any other member in it.
    """
    away = conflicts[item.pk]
    if viewer.operator:
        return True
    if viewer.email in away:
        return False
    if viewer.holds(Role.CHAIR, programme=item.meeting.programme):
        return True
    chairs = [member.email for member in members if member.is_chair and member.email in present]
    is_there = viewer.holds(Role.COMMITTEE, programme=item.meeting.programme) and viewer.email in present
    return is_there and all(chair in away for chair in chairs)


def proposal_of(item: AgendaItem) -> Proposal:
    """Return what is proposed for an item."""
    return Proposal(
        decision=Decision(item.decision),
        rate=None if item.rate is None else Fraction(item.rate),
        count=item.count,
        months=item.months,
        starts=item.starts,
        conditions=item.conditions,
        reason=item.reason,
    )
