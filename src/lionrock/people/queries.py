"""Who somebody is, as an actor."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Grant, Role, counted_as, end_of_pause
from lionrock.people.models import FailedSignIn, Organisation, Person, RoleGrant


def actor_of(person: Person) -> Actor:
    """Return the person as an actor with all roles held (one query)."""
    grants = person.role_grants.values_list("role", "programme", "organisation__code")
    return Actor(
        email=person.email,
        grants=frozenset(
            Grant(Role(role), programme=programme or None, organisation=organisation)
            for role, programme, organisation in grants
        ),
    )


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


def paused_until(address: str, now: datetime) -> datetime | None:
    """Return until when nobody can sign in with an address; None when one can."""
    failures = FailedSignIn.objects.filter(address=counted_as(address)).values_list("at", flat=True)
    return end_of_pause(list(failures), now)


def holders_of(*roles: Role, programme: str) -> list[str]:
    """Return the addresses of the active persons who hold one of the roles for the programme, in order."""
    grants = RoleGrant.objects.filter(role__in=[role.value for role in roles], programme=programme)
    return _addresses(grants)


def members_of(organisation: str) -> list[str]:
    """Return the addresses of the active members of an organisation, in order."""
    return _addresses(RoleGrant.objects.filter(role=Role.MEMBER.value, organisation__code=organisation))


def _addresses(grants: QuerySet[RoleGrant]) -> list[str]:
    active = Person.objects.filter(is_active=True, role_grants__in=grants)
    return list(active.order_by("email").distinct().values_list("email", flat=True))
