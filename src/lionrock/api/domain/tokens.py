"""Tokens: how they look, what they open, how long they count."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import DEPUTISED, NAME_STAFF, Actor, Role

_LETTERS: Final = string.ascii_letters + string.digits
_LENGTH: Final = 40
"""Letters of a secret: 238 bits, so that a plain digest of it can be kept."""
LOOKS: Final = re.compile(r"lionrock_[ps]_[A-Za-z0-9]{40}")
"""Every token; whoever looks for leaked ones looks for this."""


class Kind(StrEnum):
    """Whose work a token does."""

    PERSONAL = "personal"
    """One's own scripts: may what its person may."""
    SERVICE = "service"
    """A program of an organisation or a programme: may what its person may there, and nothing elsewhere."""


class Scope(StrEnum):
    """A part of the API that a token opens."""

    READ = "read"
    APPLICATIONS = "applications"
    JOBS = "jobs"
    USAGE = "usage"
    COMPLIANCE = "compliance"
    WEBHOOKS = "webhooks"
    AWARDS = "awards"
    REVIEW = "review"
    OFFICE = "office"
    MONEY = "money"
    SITES = "sites"
    PEOPLE = "people"
    PROJECTS = "projects"


SCOPE_WORDS: Final[Mapping[Scope, str]] = MappingProxyType(
    {
        Scope.READ: gettext_noop("See what I may see"),
        Scope.APPLICATIONS: gettext_noop("Begin, fill in and submit applications"),
        Scope.JOBS: gettext_noop("Submit, cancel and requeue jobs"),
        Scope.USAGE: gettext_noop("Import use of clusters"),
        Scope.COMPLIANCE: gettext_noop("Ask about export controls and names on lists"),
        Scope.WEBHOOKS: gettext_noop("Register and change webhooks"),
        Scope.AWARDS: gettext_noop("Decide on awards; accept, change and end them"),
        Scope.REVIEW: gettext_noop("Assess applications, and run meetings of the committee"),
        Scope.OFFICE: gettext_noop("Run calls, the desk of the office, and what the public sees"),
        Scope.MONEY: gettext_noop("Close months, record payments, keep the books"),
        Scope.SITES: gettext_noop("Run sites, and collect what they measured"),
        Scope.PEOPLE: gettext_noop("Look after people, organisations and roles"),
        Scope.PROJECTS: gettext_noop("Report on projects, their results, their data and concerns about them"),
    }
)


def _anybody(_actor: Actor) -> bool:
    return True


_DECIDE: Final = (Role.OFFICE, Role.COMMITTEE, Role.CHAIR)
_NEEDS: Final[Mapping[Scope, Callable[[Actor], bool]]] = MappingProxyType(
    {
        Scope.READ: _anybody,
        Scope.APPLICATIONS: lambda actor: bool(actor.organisations()),
        Scope.JOBS: lambda actor: bool(actor.organisations() or actor.programmes(Role.CLUSTER_ADMIN)),
        Scope.USAGE: lambda actor: bool(actor.programmes(Role.CLUSTER_ADMIN)),
        Scope.COMPLIANCE: lambda actor: bool(actor.programmes()),
        Scope.WEBHOOKS: _anybody,
        Scope.AWARDS: lambda actor: bool(actor.organisations() or actor.programmes(*_DECIDE)),
        Scope.REVIEW: lambda actor: bool(actor.programmes(Role.ASSESSOR, *_DECIDE)),
        Scope.OFFICE: lambda actor: bool(actor.programmes(Role.OFFICE)),
        Scope.MONEY: lambda actor: bool(actor.programmes(Role.FINANCE, Role.CHAIR)),
        Scope.SITES: lambda actor: bool(actor.programmes(Role.CLUSTER_ADMIN, *_DECIDE)),
        Scope.PEOPLE: lambda actor: bool(actor.organisations() or actor.programmes(*NAME_STAFF, *DEPUTISED)),
        Scope.PROJECTS: lambda actor: bool(actor.organisations() or actor.programmes()),
    }
)
"""What somebody must hold for a scope to be of any use to them."""

LONGEST_DAYS: Final = 366
USUAL_DAYS: Final = 90
MOST_TOKENS: Final = 50
PER_MINUTE: Final = 600
"""Requests of one token within a minute of the clock."""
SEEN_EVERY: Final = timedelta(minutes=1)


def new_secret(kind: Kind) -> str:
    """Return a new token in full; it is shown once."""
    return f"lionrock_{kind.value[0]}_{''.join(secrets.choice(_LETTERS) for _ in range(_LENGTH))}"


def digest(secret: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint(secret: str) -> str:
    """Return how a token is told from others where it is listed: its kind and its last four letters."""
    return f"{secret[:11]}…{secret[-4:]}"


def usable_scopes(actor: Actor) -> tuple[Scope, ...]:
    """Return the scopes that somebody's roles give a use to."""
    return tuple(scope for scope in Scope if _NEEDS[scope](actor))


def check_scopes(actor: Actor, scopes: Collection[Scope]) -> None:
    """Raise `Invalid` for no scope at all, and for each that reaches beyond the roles of the person."""
    said = message(gettext_noop("A token opens nothing without a scope. Choose at least one."))
    faults = [] if scopes else [Fault("api.token.no_scope", said, field="scopes", value="")]
    beyond = gettext_noop("The scope {value} reaches beyond the roles of {email}. Leave it out, or ask for the role.")
    faults += [
        Fault(
            "api.token.beyond_roles", message(beyond, value=scope.value, email=actor.email), None, None, "scopes", scope
        )
        for scope in scopes
        if scope not in usable_scopes(actor)
    ]
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)


def check_days(days: int) -> None:
    """Raise `Invalid` unless a token is to count for 1 to 366 days."""
    if not 1 <= days <= LONGEST_DAYS:
        said = message(
            gettext_noop("A token counts for 1 to {most} days, not for {value}."), most=LONGEST_DAYS, value=days
        )
        raise Invalid("api.token.days", said, faults=[Fault("api.token.days", said, field="days", value=str(days))])


def within(actor: Actor, *, programme: str, organisation: str) -> Actor:
    """Return the actor with what they hold at one place alone; nothing more than they hold now."""
    here = {
        grant
        for grant in actor.grants
        if (grant.programme or "", grant.organisation or "") == (programme, organisation)
    }
    return replace(actor, grants=frozenset(here))


def minute_of(now: datetime) -> datetime:
    """Return the beginning of the minute of the clock."""
    return now.replace(second=0, microsecond=0)
