"""What somebody can sign in with, and where they are signed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from lionrock.identity.domain import Strength
from lionrock.identity.models import Authenticator, Passkey, RecoveryCode, Session
from lionrock.identity.signing import limits
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person

_SECRET_LENGTH = 20
"""Bytes of a secret: what RFC 4226 asks for with SHA-1."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What somebody can show besides a password."""

    passkeys: int
    app: bool
    codes: int
    """Recovery codes not yet used; they stand in for the others and are no way of their own."""

    @property
    def second(self) -> bool:
        """Whether there is a second factor at all."""
        return self.app or self.passkeys > 0

    @property
    def strength(self) -> Strength:
        """The most that can be proved."""
        return Strength.TWO if self.second else Strength.ONE


def ways_of(person: Person) -> Ways:
    """Return what somebody can show besides a password."""
    return Ways(
        passkeys=Passkey.objects.filter(person=person).count(),
        app=Authenticator.objects.filter(person=person).exists(),
        codes=RecoveryCode.objects.filter(person=person, used_at__isnull=True).count(),
    )


def secret_of(seed: str) -> bytes:
    """Return the secret of an authenticator app: made of its seed and of the installation's own key."""
    return salted_hmac("lionrock.identity.authenticator", seed, algorithm="sha256").digest()[:_SECRET_LENGTH]


def digest_of(person: Person, code: str) -> str:
    """Return how a recovery code of somebody is kept."""
    return salted_hmac("lionrock.identity.recovery", f"{person.pk} {code}", algorithm="sha256").hexdigest()


def sessions_of(person: Person, now: datetime) -> list[Session]:
    """Return where somebody is signed in, the latest use first; what has ended in whatever way is not there."""
    since = now - limits().idle
    rows = Session.objects.filter(person=person, expire_date__gt=now, seen_at__gt=since)
    return [row for row in rows.order_by("-seen_at", "session_key") if _counts(row, person)]


def _counts(row: Session, person: Person) -> bool:
    """Tell whether a session was made with the password of now: one of another password opens nothing."""
    kept = row.get_decoded().get(HASH_SESSION_KEY, "")
    return constant_time_compare(kept, person.get_session_auth_hash())


def passkeys_of(person: Person) -> QuerySet[Passkey]:
    """Return somebody's passkeys, the oldest first."""
    return Passkey.objects.filter(person=person)


def must_have_second(viewer: Actor) -> Collection[Role]:
    """Return for which of the viewer's roles this installation demands a second factor."""
    return sorted({grant.role for grant in viewer.grants} & settings.LIONROCK_SECOND_FACTOR_ROLES)


def person_by_address(email: str) -> Person:
    """Return who has an address; raises `NotFound`."""
    found = Person.objects.filter(email__iexact=email).first()
    if found is None:
        said = message(gettext_noop("Nobody has the address {email}. See `lionrock person list`."), email=email)
        raise NotFound("identity.person.unknown", said)
    return found
