"""Tables of persons, organisations and the roles that join them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lionrock.people.domain import Role


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
    """Somebody who signs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

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
                condition=models.Q(role=Role.MEMBER.value, programme="", organisation__isnull=False)
                | (~models.Q(role=Role.MEMBER.value) & ~models.Q(programme="") & models.Q(organisation__isnull=True)),
                name="people_rolegrant_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.programme or self.organisation_id}"


class FailedSignIn(models.Model):
    """One wrong password for an address, on file or not; kept only while it counts."""

    address = models.CharField(max_length=200)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="people_failedsignin_address")]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%dT%H:%MZ}"
