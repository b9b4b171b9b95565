"""Who somebody is, as an actor."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now
from django.urls import reverse

from lionrock.audit.standing import stand_in
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import (
    ALLOWED_BY_SOURCE,
    ALLOWED_OF,
    DEPUTISED,
    FAILURES_COUNT_FOR,
    NAME_STAFF,
    Actor,
    Grant,
    Role,
    Tried,
    counted_as,
    end_of_pause,
)
from lionrock.people.mail_domains import Standing, domain_of, lets_in_now
from lionrock.people.models import (
    Deputyship,
    FailedSignIn,
    Joining,
    MailDomain,
    MembershipRequest,
    Organisation,
    Person,
    RoleGrant,
)
from lionrock.web.worklist import Waiting


def actor_of(person: Person, now: datetime | None = None) -> Actor:
    """Return the person as an actor with all roles held, and those of whom they stand in for (one query).

    `now` is the instant that counts; without it the database's own clock says which deputyships stand.
    """
    nobody, nowhere = Value("", CharField()), Value(None, CharField())
    own = person.role_grants.annotate(whose=nobody).values_list("role", "programme", "organisation__code", "whose")
    others = standing(now).filter(deputy=person).annotate(place=nowhere)
    held = list(own.union(others.values_list("role", "programme", "place", "holder__email"), all=True))
    stand_in(person.email, {programme: whose for _, programme, _, whose in held if whose})
    return Actor(
        email=person.email,
        grants=frozenset(
            Grant(Role(role), programme=programme or None, organisation=organisation)
            for role, programme, organisation, _ in held
        ),
    )


def standing(now: datetime | None = None) -> QuerySet[Deputyship]:
    """Return the deputyships that count at an instant: begun, not ended, and the holder is active and has the role."""
    at = Now() if now is None else now
    held = RoleGrant.objects.filter(person=OuterRef("holder"), role=OuterRef("role"), programme=OuterRef("programme"))
    rows = Deputyship.objects.filter(begins_at__lte=at, ends_at__gt=at, ended_at__isnull=True)
    return rows.filter(Exists(held), holder__is_active=True)


def own_deputyships(person: Person, now: datetime) -> QuerySet[Deputyship]:
    """Return in which somebody has a part, now or later."""
    rows = Deputyship.objects.filter(ended_at__isnull=True, ends_at__gt=now)
    return rows.filter(Q(holder=person) | Q(deputy=person)).select_related("holder", "deputy")


def deputies_of(programme: str, now: datetime) -> QuerySet[Deputyship]:
    """Return who stands in for whom for a programme, now or later."""
    rows = Deputyship.objects.filter(programme=programme, ended_at__isnull=True, ends_at__gt=now)
    return rows.select_related("holder", "deputy")


def deputyships(viewer: Actor) -> QuerySet[Deputyship]:
    """Return who stands in for whom, now or later: where the viewer names the staff, and where they have a part.

    A part counts for whoever has the role, and so for a deputy from the first day on.
    """
    rows = Deputyship.objects.filter(ended_at__isnull=True, ends_at__gt=Now()).select_related("holder", "deputy")
    if viewer.operator:
        return rows
    part = Q(holder__email=viewer.email) | Q(deputy__email=viewer.email)
    named = Q(programme__in=viewer.programmes(*NAME_STAFF))
    return rows.filter(named | part & Q(programme__in=viewer.programmes(*DEPUTISED)))


def deputyship_seen(viewer: Actor, number: int) -> Deputyship:
    """Return one that they may see; raises `NotFound`, as for one that is not there."""
    found = deputyships(viewer).filter(pk=number).first()
    if found is None:
        said = message(gettext_noop("There is no such deputy for you. It may have ended already."))
        raise NotFound("people.deputy.unknown", said)
    return found


def visible(viewer: Actor, *, programme: str, organisation: str) -> Q:
    """Return the rule of visibility: all for the operator, else one's programmes and organisations.

    `programme` and `organisation` are the lookups that lead to the programme's id and to the
    organisation's code. Lists and single objects are filtered by this one rule.
    """
    if viewer.operator:
        return Q()
    return Q(**{f"{programme}__in": viewer.programmes()}) | Q(**{f"{organisation}__in": viewer.organisations()})


def actor_by_email(email: str) -> Actor:
    """Return the active person with this address as an actor; raises `NotFound`."""
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise NotFound(
            "people.person.unknown",
            message(
                gettext_noop("Nobody active has the address {email}. See `lionrock person list`."),
                email=email,
            ),
        )
    return actor_of(person)


def organisation_by_code(code: str) -> Organisation:
    """Return the organisation with this code; raises `NotFound`."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound(
            "people.organisation.unknown",
            message(gettext_noop("There is no organisation {code}. See `lionrock organisation list`."), code=code),
        )
    return found


def organisations(viewer: Actor) -> QuerySet[Organisation]:
    """Return the organisations whose people the viewer may see: their own, and for every office all."""
    rows = Organisation.objects.order_by("code")
    return rows if runs_a_programme(viewer) else rows.filter(code__in=viewer.organisations())


def runs_a_programme(viewer: Actor) -> bool:
    """Tell whether the viewer is the office of some programme, or the operator."""
    return viewer.operator or bool(viewer.programmes(Role.OFFICE))


def may_see_organisation(viewer: Actor, organisation: str) -> bool:
    """Tell whether the viewer may see who belongs to an organisation: its members, and every office."""
    return viewer.belongs_to(organisation) or runs_a_programme(viewer)


def organisation_for(viewer: Actor, code: str) -> Organisation:
    """Return an organisation whose people the viewer may see; raises `NotFound`."""
    if not may_see_organisation(viewer, code):
        raise NotFound(
            "people.organisation.not_yours",
            message(gettext_noop("There is no organisation {code} that you belong to."), code=code),
        )
    return organisation_by_code(code)


def open_requests(viewer: Actor) -> QuerySet[MembershipRequest]:
    """Return the requests for membership that the viewer may answer and nobody has answered yet."""
    rows = MembershipRequest.objects.filter(answered_at__isnull=True)
    if runs_a_programme(viewer):
        return rows
    return rows.filter(organisation__code__in=viewer.administered())


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:  # noqa: ARG001 - every room is asked the same way
    """Return a line for each organisation that somebody asks to belong to, for who ought to answer.

    That is its administrators; an office answers for an organisation that has none.
    """
    named = RoleGrant.objects.filter(role=Role.ORGANISATION_ADMIN.value, organisation=OuterRef("organisation"))
    own = Q(organisation__code__in=viewer.administered())
    ought = own | ~Exists(named) if runs_a_programme(viewer) else own
    rows = open_requests(viewer).filter(ought).values("organisation__code", "organisation__name")
    said = gettext_noop("Answer who asks to belong to {organisation}")
    return [
        Waiting(
            message(said, organisation=row["organisation__name"]),
            reverse("people:organisation", args=[row["organisation__code"]]),
            since=row["since"],
            count=row["count"],
        )
        for row in rows.annotate(since=Min("asked_at"), count=Count("pk")).order_by("organisation__code")
    ]


def joinings_waiting(now: datetime) -> QuerySet[Joining]:
    """Return who has asked for an account and has not come through the link, while that counts."""
    rows = Joining.objects.filter(used_at__isnull=True, taken_back_at__isnull=True, expires_at__gt=now)
    return rows.order_by("-asked_at", "-pk")


def open_invitations(organisation: Organisation | None = None) -> QuerySet[Joining]:
    """Return the invitations that nobody has taken up or back, of one organisation or all; also those expired."""
    rows = Joining.objects.filter(used_at__isnull=True, taken_back_at__isnull=True, organisation__isnull=False)
    return (rows if organisation is None else rows.filter(organisation=organisation)).order_by("-asked_at", "-pk")


def invitations(viewer: Actor) -> QuerySet[Joining]:
    """Return the open invitations that the viewer looks after."""
    rows = open_invitations().select_related("organisation")
    return rows if runs_a_programme(viewer) else rows.filter(organisation__code__in=viewer.administered())


def mail_domains(viewer: Actor) -> QuerySet[MailDomain]:
    """Return the mail domains that organisations claim which the viewer looks after."""
    rows = MailDomain.objects.filter(ended_at__isnull=True).select_related("organisation")
    return rows if runs_a_programme(viewer) else rows.filter(organisation__code__in=viewer.administered())


def of_address(person: Person) -> MailDomain | None:
    """Return the proven domain of somebody's address, where it is proven that the address is theirs."""
    if person.address_proven_at is None or not person.is_active:
        return None
    rows = MailDomain.objects.filter(ended_at__isnull=True, standing=Standing.VERIFIED.value)
    return rows.filter(name=domain_of(person.email)).select_related("organisation").first()


def own_domain(person: Person, place: Organisation, now: datetime) -> MailDomain | None:
    """Return the domain by which somebody may enter an organisation at once, unasked; None where they have to ask.

    Who has left it, or was declined, asks: the address alone says nothing about that.
    """
    claim = of_address(person)
    if claim is None or claim.organisation_id != place.pk:
        return None
    standing, wished = Standing(claim.standing), claim.lets_in
    if not lets_in_now(standing, claim.failing_since, claim.seen_at, wished=wished, now=now):
        return None
    declined = person.membership_requests.filter(organisation=place, granted=False)
    left = person.departures.filter(organisation=place)
    return None if declined.exists() or left.exists() else claim


def holders(programme: str) -> list[RoleGrant]:
    """Return who holds which role for a programme, by role and name."""
    rows = RoleGrant.objects.filter(programme=programme).select_related("person")
    return list(rows.order_by("role", "person__name", "person__email"))


def persons(viewer: Actor, asked: str) -> QuerySet[Person]:
    """Return the persons on file whose name, address or organisation has these words, for an office."""
    if not runs_a_programme(viewer):
        return Person.objects.none()
    found = Q(name__icontains=asked) | Q(email__icontains=asked) | Q(role_grants__organisation__name__icontains=asked)
    return (
        Person.objects.filter(found).distinct().order_by("name", "email").prefetch_related("role_grants__organisation")
    )


def offices() -> list[str]:
    """Return the addresses of the active persons who run some programme, in order."""
    return _addresses(Q(role_grants__in=RoleGrant.objects.filter(role=Role.OFFICE.value)))


def paused_until(address: str, now: datetime, kind: Tried = Tried.PASSWORD) -> datetime | None:
    """Return until when nobody can sign in with an address; None when one can."""
    failures = FailedSignIn.objects.filter(kind=kind.value, address=counted_as(address)).values_list("at", flat=True)
    return end_of_pause(list(failures), now, ALLOWED_OF[kind])


def source_paused_until(source: str, now: datetime) -> datetime | None:
    """Return until when nobody can sign in from a network address; None when one can."""
    failures = FailedSignIn.objects.filter(source=source, at__gt=now - FAILURES_COUNT_FOR).order_by("-at")
    return end_of_pause(list(failures.values_list("at", flat=True)[:ALLOWED_BY_SOURCE]), now, ALLOWED_BY_SOURCE)


def holders_of(*roles: Role, programme: str) -> list[str]:
    """Return the addresses of the active persons who hold one of the roles for the programme, or stand in, in order."""
    wanted = [role.value for role in roles]
    own = Q(role_grants__in=RoleGrant.objects.filter(role__in=wanted, programme=programme))
    return _addresses(own | Q(stands_in__in=standing().filter(role__in=wanted, programme=programme)))


def members_of(organisation: str) -> list[str]:
    """Return the addresses of the active members of an organisation, in order."""
    grants = RoleGrant.objects.filter(role=Role.MEMBER.value, organisation__code=organisation)
    return _addresses(Q(role_grants__in=grants))


def administrators_of(organisation: str) -> list[str]:
    """Return the addresses of the active members who look after an organisation, in order."""
    grants = RoleGrant.objects.filter(role=Role.ORGANISATION_ADMIN.value, organisation__code=organisation)
    return _addresses(Q(role_grants__in=grants))


def colleagues(organisation: Organisation) -> QuerySet[Person]:
    """Return who belongs to an organisation, by name; `administers` says who looks after it."""
    grants = RoleGrant.objects.filter(organisation=organisation, person=OuterRef("pk"))
    rows = Person.objects.filter(Exists(grants.filter(role=Role.MEMBER.value)))
    named = Exists(grants.filter(role=Role.ORGANISATION_ADMIN.value))
    return rows.annotate(administers=named).order_by("name", "email")


def _addresses(which: Q) -> list[str]:
    active = Person.objects.filter(which, is_active=True)
    return list(active.order_by("email").distinct().values_list("email", flat=True))
