"""Issuing and revoking tokens."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from lionrock.api.domain.tokens import (
    MOST_TOKENS,
    Kind,
    Scope,
    check_days,
    check_scopes,
    digest,
    hint,
    new_secret,
    within,
)
from lionrock.api.models import Token
from lionrock.api.problems import invalid
from lionrock.api.queries import counting, token_by_number
from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.policies import require_member
from lionrock.people.queries import actor_of, organisation_by_code


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token, and what it is in full: this is the only time that anybody sees it."""

    token: Token
    secret: str


@transaction.atomic
def issue_token(
    *,
    person: Person,
    name: str,
    scopes: Collection[Scope],
    days: int,
    now: datetime,
    programme: str = "",
    organisation: str = "",
) -> Issued:
    """Make a token of one's own, or with a programme or an organisation one of a service of that place.

    Raises `Invalid` with every fault, such as a scope beyond the roles; `NotAllowed` for a place where
    one holds nothing; `Refused` when one has too many.
    """
    actor = actor_of(person)
    kind = Kind.SERVICE if programme or organisation else Kind.PERSONAL
    held = _at_place(actor, programme, organisation) if kind is Kind.SERVICE else actor
    faults: list[Fault] = []
    with collecting(faults):
        check_lines({"name": name})
    with collecting(faults):
        check_scopes(held, scopes)
    with collecting(faults):
        check_days(days)
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    _require_room(person, now)
    secret = new_secret(kind)
    token = Token.objects.create(
        person=person,
        kind=kind.value,
        name=name,
        scopes=[scope.value for scope in Scope if scope in scopes],
        programme=programme,
        organisation=organisation_by_code(organisation) if organisation else None,
        digest=digest(secret),
        hint=hint(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record("api.issue_token", token, person.email, now)
    return Issued(token, secret)


def _at_place(actor: Actor, programme: str, organisation: str) -> Actor:
    """Return what somebody holds at one place; raises `Invalid` for two, `NotAllowed` where they hold nothing."""
    if programme and organisation:
        said = message(gettext_noop("A service token holds for a programme or for an organisation, not for both."))
        raise invalid("api.token.two_places", said, "programme", programme)
    if organisation:
        require_member(actor, organisation)
    elif programme not in {grant.programme for grant in actor.grants}:
        said = message(
            gettext_noop("You hold no role for {value}. Choose a programme for which you hold one."), value=programme
        )
        raise invalid("api.token.no_role", said, "programme", programme)
    return within(actor, programme=programme, organisation=organisation)


def _require_room(person: Person, now: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)
    if counting(person, now).count() >= MOST_TOKENS:
        said = message(gettext_noop("You have {most} tokens already. Revoke one that nobody uses."), most=MOST_TOKENS)
        raise Refused("api.token.too_many", said)


@transaction.atomic
def revoke_token(*, actor: Actor, number: int, now: datetime) -> Token:
    """End a token at once: one's own, or a service's of a place that one looks after; twice changes nothing.

    Raises `NotFound`.
    """
    token = token_by_number(actor, number, lock=True)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = now, actor.email
        token.save(update_fields=["revoked_at", "revoked_by"])
        _record("api.revoke_token", token, actor.email, now)
    return token


def _record(action: str, token: Token, actor: str, now: datetime) -> None:
    details = {"name": token.name, "kind": token.kind, "scopes": token.scopes, "of": token.person.email}
    record(
        action,
        token.hint,
        actor=actor,
        now=now,
        programme=token.programme,
        organisation=token.organisation.code if token.organisation else "",
        details=details,
    )
