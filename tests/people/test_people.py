"""Organisations, persons and roles: put on file once, held for one place, and what an actor may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotAllowed, NotFound
from lionrock.people.actions import grant_role, register_organisation, register_person
from lionrock.people.domain import (
    ORGANISATION_ROLES,
    PROGRAMME_ROLES,
    SEE_ALL_OF_IT,
    Actor,
    Grant,
    Role,
    terminal_operator,
)
from lionrock.people.models import Person, RoleGrant
from lionrock.people.policies import require, require_member
from lionrock.people.queries import actor_by_email, organisation_by_code

OFFICE = holder(Role.OFFICE, "hk-aiss-demo")


def _person(email: str = "chan@example.org", **facts: Any) -> Person:
    return register_person(actor=OPERATOR, email=email, name="Chan Tai Man", now=NOW, **facts)


# --- what an actor may do -----------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(PROGRAMME_ROLES))
def test_a_role_is_held_for_one_programme(role: Role) -> None:
    actor = holder(role, "hk-aiss")
    assert actor.holds(role, programme="hk-aiss")
    assert not actor.holds(role, programme="lagoon")
    assert actor.sees_programme("hk-aiss") is (role in SEE_ALL_OF_IT)
    assert not actor.sees_programme("lagoon")
    assert not any(actor.holds(other, programme="hk-aiss") for other in PROGRAMME_ROLES - {role})
    seen = frozenset({"hk-aiss"}) if role in SEE_ALL_OF_IT else frozenset()
    assert (actor.programmes(), actor.programmes(role)) == (seen, frozenset({"hk-aiss"}))
    assert actor.organisations() == frozenset()


def test_a_member_belongs_to_one_organisation_and_works_for_no_programme() -> None:
    actor = member("harbour-university")
    assert actor.belongs_to("harbour-university")
    assert not actor.belongs_to("delta-institute")
    assert not actor.sees_programme("harbour-university")
    assert actor.organisations() == frozenset({"harbour-university"})


def test_the_terminals_operator_may_do_everything_and_says_who_it_is() -> None:
    operator = terminal_operator("root")
    assert operator.email == "root@terminal"
    assert operator.holds(Role.COMMITTEE, programme="any")
    assert operator.belongs_to("any")


@pytest.mark.parametrize(
    ("actor", "roles", "allowed"),
    [
        (OFFICE, [Role.OFFICE], True),
        (OFFICE, [Role.FINANCE, Role.OFFICE], True),
        (OFFICE, [Role.FINANCE], False),
        (holder(Role.OFFICE, "lagoon"), [Role.OFFICE], False),
        (member("hk-aiss-demo"), [Role.MEMBER], False),
        (OPERATOR, [Role.COMMITTEE], True),
    ],
)
def test_permission_in_one_line(actor: Actor, roles: list[Role], allowed: bool) -> None:
    if allowed:
        require(actor, *roles, programme="hk-aiss-demo")
        return
    with pytest.raises(NotAllowed) as raised:
        require(actor, *roles, programme="hk-aiss-demo")
    assert actor.email in str(raised.value.message)
    assert all(role.value in str(raised.value.message) for role in roles)


def test_members_are_asked_for_by_organisation() -> None:
    require_member(member("harbour-university"), "harbour-university")
    with pytest.raises(NotAllowed):
        require_member(member("harbour-university"), "delta-institute")


# --- putting on file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [("harbour-university", Conflict), ("Harbour", Invalid), ("", Invalid), ("a" * 65, Invalid), ("a" * 64, None)],
)
def test_an_organisations_code_is_a_slug_and_its_own(world: World, code: str, kind: type[LionrockError] | None) -> None:
    if kind is None:
        assert register_organisation(actor=OPERATOR, code=code, name="A name", now=NOW).code == code
        return
    with pytest.raises(kind):
        register_organisation(actor=OPERATOR, code=code, name="A name", now=NOW)


@pytest.mark.parametrize("email", ["", "chan", "chan@", "chan @example.org"])
def test_an_address_that_is_none_is_refused(world: World, email: str) -> None:
    with pytest.raises(Invalid) as raised:
        _person(email)
    assert [(fault.field, fault.value) for fault in raised.value.faults] == [("email", email)]


def test_an_address_is_one_persons_whatever_its_capitals(world: World) -> None:
    _person()
    with pytest.raises(Conflict):
        _person("CHAN@example.org")
    assert actor_by_email("Chan@Example.org").email == "chan@example.org"


def test_without_a_password_nobody_signs_in(world: World) -> None:
    assert not _person().has_usable_password()
    assert _person("wong@example.org", password="four words of length").check_password("four words of length")


def test_who_is_no_longer_active_acts_no_more(world: World) -> None:
    _person()
    Person.objects.update(is_active=False)
    with pytest.raises(NotFound):
        actor_by_email("chan@example.org")


# --- roles ----------------------------------------------------------------------------------------


def test_an_actor_has_every_role_that_the_person_holds(world: World) -> None:
    _person()
    grant_role(actor=OPERATOR, email="chan@example.org", role=Role.OFFICE, programme="hk-aiss", now=NOW)
    grant_role(actor=OFFICE, email="chan@example.org", role=Role.MEMBER, organisation=world.organisation, now=NOW)
    assert actor_by_email("chan@example.org").grants == {
        Grant(Role.OFFICE, programme="hk-aiss"),
        Grant(Role.MEMBER, organisation="harbour-university"),
        Grant(Role.ORGANISATION_ADMIN, organisation="harbour-university"),
    }


@pytest.mark.parametrize(
    ("facts", "kind", "code"),
    [
        ({"role": Role.AUDITOR, "programme": "hk-aiss"}, Conflict, "people.role.held"),
        ({"role": Role.FINANCE}, Invalid, "people.role.place"),
        ({"role": Role.MEMBER}, Invalid, "people.role.place"),
        ({"role": Role.MEMBER, "programme": "hk-aiss"}, Invalid, "people.role.place"),
        ({"role": Role.FINANCE, "organisation": "harbour-university"}, Invalid, "people.role.place"),
        ({"role": Role.FINANCE, "programme": "atlantis"}, NotFound, "rules.programme.unknown"),
        ({"role": Role.MEMBER, "organisation": "atlantis"}, NotFound, "people.organisation.unknown"),
        ({"role": Role.AUDITOR, "programme": "hk-aiss", "email": "x@example.org"}, NotFound, "people.person.unknown"),
    ],
)
def test_a_role_is_held_once_and_in_its_place(
    world: World, facts: dict[str, Any], kind: type[LionrockError], code: str
) -> None:
    _person()
    grant_role(actor=OPERATOR, email="chan@example.org", role=Role.AUDITOR, programme="hk-aiss", now=NOW)
    with pytest.raises(kind) as raised:
        grant_role(actor=OPERATOR, now=NOW, **({"email": "chan@example.org"} | facts))
    assert raised.value.code == code
    assert RoleGrant.objects.count() == 1


def test_an_office_gives_roles_of_its_own_programme_only(world: World) -> None:
    _person()
    with pytest.raises(NotAllowed) as raised:
        grant_role(actor=OFFICE, email="chan@example.org", role=Role.AUDITOR, programme="hk-aiss", now=NOW)
    assert raised.value.code == "people.role.other_programme"


@pytest.mark.parametrize("role", sorted(Role))
def test_the_database_holds_where_a_role_is_held(world: World, role: Role) -> None:
    person, place = _person(), organisation_by_code(world.organisation)
    wrong = {"programme": "hk-aiss"} if role in ORGANISATION_ROLES else {"organisation": place}
    with pytest.raises(IntegrityError, match="people_rolegrant_place"), transaction.atomic():
        RoleGrant.objects.create(person=person, role=role.value, granted_at=NOW, **wrong)
