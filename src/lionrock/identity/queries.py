"""What somebody can sign in with, and where they are signed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from lionrock.identity.domain import Strength
from lionrock.identity.models import Authenticator, Entry, Passkey, RecoveryCode, Session
from lionrock.identity.secret import made_of, present, secrets_on_hand
from lionrock.identity.signing import limits
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person

APP_SALT: Final = "lionrock.identity.authenticator"
SHOWN_ENTRIES: Final = 20
_SECRET_LENGTH: Final = 20
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
        codes=RecoveryCode.objects.filter(person=person, used_at__isnull=True, under__in=[*secrets_on_hand()]).count(),
    )


def secret_of(seed: str) -> bytes:
    """Return the secret of an authenticator app that is set up now: made of its seed and the installation's secret."""
    return made_of(APP_SALT, seed, present())[:_SECRET_LENGTH]


def secret_of_app(app: Authenticator) -> bytes:
    """Return the secret of an app that is kept; raises `Unavailable` when the secret that it was made of is gone."""
    return made_of(APP_SALT, app.seed, app.under, app.mask)[:_SECRET_LENGTH]


def digest_of(person: Person, code: str, under: str) -> str:
    """Return how a recovery code of somebody is kept under a secret of the installation (by name)."""
    return made_of("lionrock.identity.recovery", f"{person.pk} {code}", under).hex()


def digests_of(person: Person, code: str) -> list[str]:
    """Return how a recovery code may be kept: under the secret of now, and under those before it."""
    return [digest_of(person, code, under) for under in secrets_on_hand()]


def sessions_of(person: Person, now: datetime) -> list[Session]:
    """Return where somebody is signed in, the latest use first; what has ended in whatever way is not there."""
    since = now - limits().idle
    rows = Session.objects.filter(person=person, expire_date__gt=now, seen_at__gt=since)
    return [row for row in rows.order_by("-seen_at", "session_key") if _counts(row, person)]


def _counts(row: Session, person: Person) -> bool:
    """Tell whether a session was made with the password of now: one of another password opens nothing."""
    return is_of_password_now(person, row.get_decoded().get(HASH_SESSION_KEY, ""))


def is_of_password_now(person: Person, kept: str) -> bool:
    """Tell whether a kept hash is of somebody's password of now, under the secret of now or one before it."""
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(kept, each) for each in hashes)


def entries_of(person: Person) -> QuerySet[Entry]:
    """Return somebody's latest sign-ins that are still kept, the latest first."""
    return Entry.objects.filter(person=person)[:SHOWN_ENTRIES]


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
