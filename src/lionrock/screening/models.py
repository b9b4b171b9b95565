"""Lists with all their versions, who owns whom, what was screened, and the cases that came of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from lionrock.database.guards import rows_stand_for_ever
from lionrock.people.models import Organisation
from lionrock.screening.domain.cases import HOLDING, CaseState
from lionrock.screening.domain.rules import Strength


class SubjectKind(models.TextChoices):
    """Who is screened; known by the code of an organisation, an e-mail address, or the code of an owner or award."""

    ORGANISATION = "organisation", "organisation"
    PERSON = "person", "person"
    OWNER = "owner", "owner"
    SIGNATORY = "signatory", "signatory"


class ScreeningList(models.Model):
    """A list of restricted parties, of which there are versions."""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ListVersion(models.Model):
    """One import of a list: the file's date and digest, how many entries, and what changed since the one before."""

    list = models.ForeignKey(ScreeningList, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    dated = models.DateField()
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["list", "number"]
        constraints = [models.UniqueConstraint(fields=["list", "number"], name="screening_listversion_once")]
        triggers = rows_stand_for_ever("versions of lists are never removed")

    def __str__(self) -> str:
        return f"{self.list_id}/{self.number}"


class ListedEntry(models.Model):
    """An entry as one or several versions in a row have it; `until` is the first version that has it no more.

    `content` is what `domain.parties.Entry` holds, `digest` tells it from any other content.
    """

    list = models.ForeignKey(ScreeningList, on_delete=models.PROTECT, related_name="listed")
    key = models.CharField(max_length=200)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    since = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="+")
    until = models.ForeignKey(ListVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list", "key"], condition=Q(until__isnull=True), name="screening_listedentry_one_standing"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="entry_is_a_fact", exclude=["until"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.list_id}/{self.key}"


class Owner(models.Model):
    """Somebody outside who owns, or may own, a part of an organisation, alone or through others."""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[("person", "person"), ("organisation", "organisation")])
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "organisation"]), name="screening_owner_kind")
        ]

    def __str__(self) -> str:
        return self.code


class Stake(models.Model):
    """An owner's share (per cent; empty: not known) in an organisation or in another owner, over a time.

    `until` is the first day on which it is held no more; who said so and why stands beside it.
    """

    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="stakes")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="owner_stakes"
    )
    of_owner = models.ForeignKey(Owner, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_by")
    share = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=400)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    ended_because = models.CharField(max_length=400, blank=True)
    ended_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, of_owner__isnull=False)
                | Q(organisation__isnull=False, of_owner__isnull=True),
                name="screening_stake_in_one",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=100), name="screening_stake_share"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")), name="screening_stake_dates"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="stake_is_a_fact", exclude=["until", "ended_because", "ended_by"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.share}"


class Particular(models.Model):
    """Something more that is known of who is screened, and by which matches are told apart."""

    class What(models.TextChoices):
        """What is known."""

        NAME = "name", "another name"
        COUNTRY = "country", "country, by two letters"
        ADDRESS = "address", "address"
        IDENTIFIER = "identifier", "number in a register"
        BIRTH = "birth", "year or day of birth"

    kind = models.CharField(max_length=20, choices=SubjectKind.choices)
    code = models.CharField(max_length=254)
    what = models.CharField(max_length=20, choices=What.choices)
    value = models.CharField(max_length=400)
    noted_by = models.CharField(max_length=254)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "what", "value"], name="screening_particular_once"),
            models.CheckConstraint(
                condition=Q(what__in=["name", "country", "address", "identifier", "birth"]),
                name="screening_particular_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.code} {self.what}"


class Screened(models.Model):
    """One screening of somebody: with which names, against which versions, by which rules, and what was found.

    `fingerprint` tells what was known of the party then, `against` which versions and rules.
    """

    kind = models.CharField(max_length=20, choices=SubjectKind.choices)
    code = models.CharField(max_length=254)
    fingerprint = models.CharField(max_length=64)
    against = models.CharField(max_length=64)
    names = models.JSONField(default=list)
    versions = models.JSONField(default=dict)
    found = models.PositiveIntegerField()
    best = models.PositiveSmallIntegerField()
    occasion = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["against", "kind", "code"], name="screening_screened_against"),
            models.Index(fields=["kind", "code"], name="screening_screened_who"),
        ]
        triggers = rows_stand_for_ever("screenings are never removed")

    def __str__(self) -> str:
        return f"{self.kind}:{self.code} {self.at:%Y-%m-%d}"


class Case(models.Model):
    """Somebody who may be on a list, and how that was settled; one case of each, opened again by a new hit.

    `asked_by` is the first of the two persons who clear it. `strength` is that of its strongest hit not cleared.
    """

    kind = models.CharField(max_length=20, choices=SubjectKind.choices)
    code = models.CharField(max_length=254)
    name = models.CharField(max_length=400)
    state = models.CharField(max_length=12, choices=[(state.value, state.name) for state in CaseState])
    strength = models.CharField(max_length=10, choices=[(each.value, each.name) for each in Strength])
    score = models.PositiveSmallIntegerField()
    asked_by = models.CharField(max_length=254, blank=True)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()

    class Meta:
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(
                fields=["kind", "code"],
                condition=Q(state__in=[state.value for state in HOLDING]),
                name="screening_case_holding",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="screening_case_one_of_each"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CaseState]), name="screening_case_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.CLEARING.value) | ~Q(asked_by=""), name="screening_case_asked_by"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="who_is_fixed", fields=["kind", "code"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"


class Hit(models.Model):
    """An entry that somebody matches, as it stood when it was found, and why; part of one case.

    `cleared_at` is when two persons said that it is somebody else. `identity` tells what of the entry
    says who is meant: the same entry with another identity is another hit.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hits")
    entry = models.ForeignKey(ListedEntry, on_delete=models.PROTECT, related_name="hits")
    identity = models.CharField(max_length=64)
    score = models.PositiveSmallIntegerField()
    strength = models.CharField(max_length=10, choices=[(each.value, each.name) for each in Strength])
    match = models.JSONField()
    reads = models.JSONField(default=list)
    found_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "identity"], name="screening_hit_once")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} {self.entry_id}"


class CaseStep(models.Model):
    """One step of a case: who, when, what and why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    actor = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = rows_stand_for_ever("what was decided of a case is never removed")

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"
