"""Tables of persons, organisations and the roles that join them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from lionrock.kernel.periods import local_date
from lionrock.people.domain import ORGANISATION_ROLES, Role, Tried
from lionrock.people.mail_domains import Standing
from lionrock.people.programmes import programme_on_file

OF_ORGANISATIONS: Final = sorted(role.value for role in ORGANISATION_ROLES)


class Organisation(models.Model):
    """A university, institute, firm or public body; `code` is its account name on clusters too."""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200, blank=True)
    name_zh_hans = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class PersonManager(BaseUserManager["Person"]):
    """Finds persons by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person who signs in with this address."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. `address_proven_at`: when a link or a provider last proved that the address is theirs."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    address_proven_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_person_one_address"),
        ]

    def __str__(self) -> str:
        return self.email


class RoleGrant(models.Model):
    """One role of one person, for one programme or one organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.name) for role in Role])
    programme = models.CharField(max_length=64, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "programme", "organisation"],
                nulls_distinct=False,
                name="people_rolegrant_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=OF_ORGANISATIONS, programme="", organisation__isnull=False)
                | (
                    ~models.Q(role__in=OF_ORGANISATIONS) & ~models.Q(programme="") & models.Q(organisation__isnull=True)
                ),
                name="people_rolegrant_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.programme or self.organisation_id}"


class FailedSignIn(models.Model):
    """One wrong password, code or passkey for an address, on file or not; kept only while it counts.

    `source` is the network address that tried.
    """

    kind = models.CharField(
        max_length=10, choices=[(tried.value, tried.name) for tried in Tried], default=Tried.PASSWORD.value
    )
    address = models.CharField(max_length=200)
    source = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="people_failedsignin_address"),
            models.Index(fields=["source", "at"], name="people_failedsignin_source"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%dT%H:%MZ}"


class Joining(models.Model):
    """Somebody who has asked for an account, or was invited, and has not yet come through the link sent.

    The link is signed and not kept; it is good for one account, until `expires_at`. `organisation` is
    the one that invites, as a member or as an administrator too; who asks unbidden names one, on file
    or not, and whether it is on file is looked up only when the address is proven. An invitation that
    is sent again has a new link: only that of the last `edition` counts. `source` is the network
    address that asked. Rows are removed some time after they expire.
    """

    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="en")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    invited_by = models.EmailField(blank=True)
    as_administrator = models.BooleanField(default=False)
    edition = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    organisation_name_zh_hant = models.CharField(max_length=200, blank=True)
    organisation_name_zh_hans = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.EmailField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["source", "asked_at"], name="people_joining_source"),
            models.Index(Lower("email"), "asked_at", name="people_joining_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True, invited_by="")
                | (models.Q(organisation__isnull=False) & ~models.Q(invited_by="")),
                name="people_joining_invited",
            ),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False)
                | models.Q(as_administrator=False, taken_back_at__isnull=True),
                name="people_joining_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.asked_at:%Y-%m-%d}"


class MembershipRequest(models.Model):
    """Somebody on file who asks to belong to an organisation; an administrator of it or an office answers."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="membership_requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="membership_requests")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.EmailField(blank=True)
    granted = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=models.Q(answered_at__isnull=True),
                name="people_membershiprequest_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, granted__isnull=True)
                | models.Q(answered_at__isnull=False, granted__isnull=False),
                name="people_membershiprequest_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.organisation_id}"


class Departure(models.Model):
    """Somebody has left an organisation, or was removed: they come back only when somebody lets them in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="departures")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="departures")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.organisation_id}"


class MailDomain(models.Model):
    """A mail domain that an organisation says is its own; a record in the domain's DNS proves it, again and again.

    `name` is written as DNS has it (`xn--…`). `proof` is what the record says. While `lets_in`, whoever has an
    address of it belongs to the organisation without being asked for; only the exact name counts, no other below it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mail_domains")
    name = models.CharField(max_length=253)
    proof = models.CharField(max_length=64)
    standing = models.CharField(
        max_length=10, choices=[(each.value, each.name) for each in Standing], default=Standing.CLAIMED.value
    )
    lets_in = models.BooleanField(default=False)
    claimed_at = models.DateTimeField()
    claimed_by = models.EmailField()
    looked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.EmailField(blank=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["next_look_at"], name="people_maildomain_next")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="people_maildomain_claimed_once",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(ended_at__isnull=True, standing=Standing.VERIFIED.value),
                name="people_maildomain_one_owner",
            ),
            models.CheckConstraint(
                condition=~models.Q(standing=Standing.VERIFIED.value) | models.Q(seen_at__isnull=False),
                name="people_maildomain_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.organisation_id}"


class Deputyship(models.Model):
    """Somebody does a duty of somebody else for a programme, from an instant until another, or until it was ended.

    It counts only while the holder has the role; `queries.py:standing` says so once.
    """

    holder = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="stands_in")
    role = models.CharField(max_length=20, choices=[(role.value, role.name) for role in Role])
    programme = models.CharField(max_length=64)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    named_by = models.EmailField()
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.EmailField(blank=True)

    class Meta:
        ordering = ["begins_at", "id"]
        indexes = [models.Index(fields=["programme", "ends_at"], name="people_deputyship_programme")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(begins_at__lt=models.F("ends_at")), name="people_deputyship_span"
            ),
            models.CheckConstraint(
                condition=~models.Q(holder=models.F("deputy")), name="people_deputyship_somebody_else"
            ),
        ]

    @property
    def first(self) -> date:
        """The first day, in the programme's zone."""
        return local_date(self.begins_at, programme_on_file(self.programme).zone)

    @property
    def last(self) -> date:
        """The last day, in the programme's zone."""
        return local_date(self.ends_at, programme_on_file(self.programme).zone) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.holder_id} {self.role} {self.programme}"
