"""Roles, and the actor on whose authority something is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """A duty. Each is held for one programme or one organisation, never for everything at once."""

    MEMBER = "member"
    """Belongs to an organisation: applies, submits jobs, sees that organisation's awards and statements."""
    ORGANISATION_ADMIN = "organisation_admin"
    """A member who looks after who belongs: invites, lets in, removes, names administrators, proves mail domains."""
    OFFICE = "office"
    """Runs a programme: opens calls, checks applications, sees all of the programme."""
    ASSESSOR = "assessor"
    """Scores the applications of a programme that are assigned to them, and sees no others."""
    COMMITTEE = "committee"
    """Decides applications of a programme."""
    CHAIR = "chair"
    """Leads the committee of a programme: opens its meetings, calls votes, declares decisions."""
    FINANCE = "finance"
    """Closes months, issues statements, sees all money of a programme."""
    CLUSTER_ADMIN = "cluster_admin"
    """Imports use and runs the sites of a programme."""
    COMPLIANCE = "compliance"
    """Answers for export controls, the screening of parties and responsible-AI reviews, which it concludes."""
    AUDITOR = "auditor"
    """Sees everything of a programme and changes nothing."""
    PROGRAMME_OWNER = "programme_owner"
    """Names the staff of a programme and their deputies, and does nothing else."""


ORGANISATION_ROLES: Final = frozenset({Role.MEMBER, Role.ORGANISATION_ADMIN})
"""Roles that are held for an organisation; an administrator is a member first."""
PROGRAMME_ROLES = frozenset(Role) - ORGANISATION_ROLES
"""Roles that are held for a programme."""
SEE_ALL_OF_IT = PROGRAMME_ROLES - {Role.ASSESSOR, Role.PROGRAMME_OWNER}
"""Roles that show all of a programme; an assessor sees what is assigned, an owner only who has which role."""
NAME_STAFF: Final = (Role.OFFICE, Role.PROGRAMME_OWNER)
DEPUTISED: Final = frozenset({Role.OFFICE, Role.CHAIR, Role.FINANCE, Role.CLUSTER_ADMIN, Role.COMPLIANCE})
"""Duties that somebody else may do for a while. Scores and votes are personal, and an auditor's eyes too."""

_DECIDE: Final = frozenset({Role.COMMITTEE, Role.CHAIR})
_NEVER_BOTH: Final = (
    (_DECIDE, frozenset({Role.OFFICE, Role.FINANCE, Role.COMPLIANCE})),
    (frozenset({Role.AUDITOR}), PROGRAMME_ROLES - {Role.AUDITOR}),
    (frozenset({Role.PROGRAMME_OWNER}), PROGRAMME_ROLES - {Role.PROGRAMME_OWNER}),
)
"""Duties of one programme that no one person has at once: who decides neither prepares, pays nor clears; who audits
does nothing that is audited; who names the staff is not of it. docs/explanation/roles.md says why."""


def excluded_by(role: Role, held: Iterable[Role]) -> list[Role]:
    """Return which of the roles held for a programme exclude another one there, in the order of the roles."""
    both_ways = [*_NEVER_BOTH, *((many, one) for one, many in _NEVER_BOTH)]
    barred = {other for mine, others in both_ways if role in mine for other in others}
    return [each for each in Role if each in barred and each in frozenset(held)]


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, for one programme (by id) or one organisation (by code)."""

    role: Role
    programme: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an e-mail address for the record, and what that person may do.

    `operator` is the person at the machine's own terminal, who holds the database anyway; commands
    act as that person unless they name another.
    """

    email: str
    grants: frozenset[Grant] = frozenset()
    operator: bool = False

    def holds(self, *roles: Role, programme: str) -> bool:
        """Tell whether the actor has one of these roles for the programme."""
        return self.operator or any(Grant(role, programme=programme) in self.grants for role in roles)

    def belongs_to(self, organisation: str) -> bool:
        """Tell whether the actor is a member of the organisation."""
        return self.operator or Grant(Role.MEMBER, organisation=organisation) in self.grants

    def administers(self, organisation: str) -> bool:
        """Tell whether the actor belongs to the organisation and looks after who does."""
        named = self.operator or Grant(Role.ORGANISATION_ADMIN, organisation=organisation) in self.grants
        return named and self.belongs_to(organisation)

    def sees_programme(self, programme: str) -> bool:
        """Tell whether the actor works for the programme in a role that shows all of it."""
        return self.holds(*SEE_ALL_OF_IT, programme=programme)

    def programmes(self, *roles: Role) -> frozenset[str]:
        """The programmes for which this actor holds one of the roles; without roles: those seen in full."""
        wanted = frozenset(roles) or SEE_ALL_OF_IT
        return frozenset(grant.programme for grant in self.grants if grant.programme and grant.role in wanted)

    def organisations(self) -> frozenset[str]:
        """The organisations that this actor belongs to."""
        return frozenset(grant.organisation for grant in self.grants if grant.organisation)

    def administered(self) -> frozenset[str]:
        """The organisations that this actor looks after."""
        return frozenset(each for each in self.organisations() if self.administers(each))


def terminal_operator(login: str) -> Actor:
    """Return the actor for whoever runs a command on the machine itself."""
    return Actor(email=f"{login}@terminal", operator=True)


class Tried(StrEnum):
    """What was tried in vain for an address."""

    PASSWORD = "password"  # noqa: S105 - the kind of a secret, and none
    FACTOR = "factor"
    """A code or a passkey, by who knows the password or sits at an open browser."""


FAILURES_ALLOWED: Final = 10
FAILURES_COUNT_FOR: Final = timedelta(minutes=15)
"""So many wrong passwords for one address within that time, and it has to wait: about a thousand guesses a day."""
ALLOWED_OF: Final = {Tried.PASSWORD: FAILURES_ALLOWED, Tried.FACTOR: 5}
"""A code has a million values, of which three count at a time."""
ALLOWED_BY_SOURCE: Final = 100
"""So many, for whatever addresses, from one network address, behind which there may be a whole campus."""


def end_of_pause(failures: Sequence[datetime], now: datetime, allowed: int = FAILURES_ALLOWED) -> datetime | None:
    """Return until when whoever had these failures has to wait; None when another try is allowed."""
    counted = sorted(at for at in failures if at > now - FAILURES_COUNT_FOR)
    return counted[-allowed] + FAILURES_COUNT_FOR if len(counted) >= allowed else None


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """Somebody has another password now: chosen by themselves, or by a link that was sent to their address."""

    person: str
    by_link: bool
    now: datetime


def counted_as(address: str) -> str:
    """Return the name under which tries of an address are counted: whatever its capitals, and of bounded length."""
    return address.lower()[:200]


LINK_COUNTS_FOR: Final = timedelta(hours=48)
"""How long the link counts that proves an address."""
JOININGS_KEPT_FOR: Final = timedelta(days=14)
"""How long after asking what somebody wrote who never came is kept."""
ASKED_WITHIN: Final = timedelta(hours=1)
ASKED_BY_SOURCE: Final = 20
"""So many askings from one network address within that time, and it has to wait: a course of students may sign up."""
ASKED_FOR_ADDRESS: Final = 3
"""So many mails to one address within that time; whoever asks more gets the same answer, and no mail."""


SENT_AGAIN_AFTER: Final = timedelta(minutes=10)
"""How long somebody waits before the link of an invitation goes out again."""


def end_of_wait(asked: Sequence[datetime], now: datetime) -> datetime | None:
    """Return until when a network address that asked at these instants has to wait; None when it may ask."""
    counted = sorted(at for at in asked if at > now - ASKED_WITHIN)
    return counted[-ASKED_BY_SOURCE] + ASKED_WITHIN if len(counted) >= ASKED_BY_SOURCE else None


@dataclass(frozen=True, slots=True)
class JoiningAsked:
    """An address is to be proven: by somebody who wants an account, or by a colleague who was invited."""

    joining: int
    address: str
    language: str
    now: datetime


@dataclass(frozen=True, slots=True)
class DeputyNamed:
    """Somebody does another's duty for a programme from one instant to another."""

    deputy: str
    holder: str
    role: Role
    programme: str
    first: date
    last: date
    now: datetime


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody belongs to an organisation (by code) no longer; what was theirs to look after is a colleague's now."""

    organisation: str
    person: str
    colleague: str
    reason: str
    now: datetime


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """Somebody has left altogether: nobody signs in as them any more."""

    person: str
    by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class MembershipAsked:
    """Somebody asks to belong to an organisation (by code)."""

    organisation: str
    person: str
    name: str
    now: datetime


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Somebody belongs to an organisation (by code) now because their address is of a domain that it has proven."""

    organisation: str
    person: str
    domain: str
    now: datetime


@dataclass(frozen=True, slots=True)
class AdministratorChanged:
    """Somebody looks after who belongs to an organisation (by code) from now on, or no longer."""

    organisation: str
    person: str
    by: str
    named: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class DomainMissed:
    """The record that proves a mail domain is not there; the proof lapses at an instant, or has lapsed (None)."""

    organisation: str
    domain: str
    lapses_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class MembershipAnswered:
    """An administrator or an office has let somebody into an organisation, or not."""

    organisation: str
    person: str
    granted: bool
    now: datetime
