"""Tables of sessions, sign-ins, passkeys, authenticator apps, recovery codes, reset links and support access."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from lionrock.people.models import Person


class Session(AbstractBaseSession):
    """One browser's session; the columns here repeat what its content says of the sign-in.

    A row that is gone is a session that has ended. `handle` names it on pages: the key itself opens it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    handle = models.CharField(max_length=32, blank=True)
    method = models.CharField(max_length=10, blank=True)
    browser = models.CharField(max_length=80, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        indexes = [models.Index(fields=["person", "-seen_at"], name="identity_session_person")]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return what reads and writes the rows."""
        # The store needs this table; Django asks for it the other way round only to decode a row.
        from lionrock.identity.sessions import SessionStore  # noqa: PLC0415

        return SessionStore


class Entry(models.Model):
    """One sign-in: when, how, in which browser and from which network address; kept for some time only.

    The audit names it by its number, so that what is personal of it can be forgotten.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField(db_index=True)
    method = models.CharField(max_length=10)
    browser = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%Y-%m-%d}"


class Passkey(models.Model):
    """One passkey of one person: its public key, and how often its device says that it was used.

    `owner` is what the device knows the person by: random, and the same for all passkeys of one person.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    owner = models.BinaryField(max_length=64)
    credential = models.BinaryField(unique=True, max_length=1023)
    public = models.BinaryField()
    count = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.name}"


class Authenticator(models.Model):
    """The authenticator app of one person.

    Its secret is not kept: it is made of `seed` and the installation's own secret (`under` names it; `mask` is there
    since that was exchanged, see secret.py), so that this table alone opens nothing. `last_step` is the step of the
    latest code taken; none of it or before it is taken again.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="authenticator")
    seed = models.CharField(max_length=64)
    under = models.CharField(max_length=16, db_default="")
    mask = models.CharField(max_length=64, blank=True, db_default="")
    last_step = models.BigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%Y-%m-%d}"


class RecoveryCode(models.Model):
    """One recovery code, as a digest made with the installation's secret (`under` names it); good once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    under = models.CharField(max_length=16, db_default="")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="identity_recoverycode_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {'used' if self.used_at else 'unused'}"


class Reset(models.Model):
    """Somebody asked for a link to choose another password; `person` is empty when nobody has the address.

    The link is signed and not kept; it is good once, until `expires_at`. `source` is the network address that asked.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    email = models.EmailField()
    source = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["source", "asked_at"], name="identity_reset_source"),
            models.Index(Lower("email"), "asked_at", name="identity_reset_address"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.asked_at:%Y-%m-%d}"


class Consent(models.Model):
    """Somebody lets a programme's office look at their pages: until an instant, or until somebody has ended it.

    `supporter` is the address of the only one who may; empty, anybody of the office may. `parts` are what is shown.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="support_consents")
    programme = models.CharField(max_length=64)
    supporter = models.EmailField(blank=True)
    parts = models.JSONField()
    reason = models.CharField(max_length=300)
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(given_at__lt=models.F("ends_at")), name="identity_consent_span"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at__isnull=True), name="identity_consent_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.programme}"


class Support(models.Model):
    """Somebody of an office looks at the pages of somebody who has consented, in one sign-in, until it is ended."""

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="supports")
    supporter = models.EmailField()
    reason = models.CharField(max_length=300)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.supporter} {self.consent_id}"
