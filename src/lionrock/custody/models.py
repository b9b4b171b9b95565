"""Places with their zones over time, data sets with their chains of custody, transfers and what is filed of them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from lionrock.awards.models import Award
from lionrock.custody.domain.chain import EventKind
from lionrock.database.guards import rows_stand_for_ever
from lionrock.sites.models import Site


class Place(models.Model):
    """Somewhere data of a programme may lie: a site where jobs run, or a vault, a partner, somebody's rooms."""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    programme = models.CharField(max_length=64, db_index=True)
    site = models.OneToOneField(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="place")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.code


class PlaceZone(models.Model):
    """What was said of a place, and why: its zone, whether a partner runs it, whether it lies across the border.

    The latest stands.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="zones")
    zone = models.CharField(max_length=64)
    partner = models.BooleanField()
    abroad = models.BooleanField()
    why = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["place", "id"]
        triggers = rows_stand_for_ever("what was said of places is never removed")

    def __str__(self) -> str:
        return f"{self.place_id} {self.zone}"


class DataSet(models.Model):
    """Data of an award: whose they are, in which zone, and until when at the latest they are kept.

    `deleted_at` is when the last copy of them was deleted. The zone changes by an event of the chain.
    """

    code = models.CharField(max_length=32, unique=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="data_sets")
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    owner = models.CharField(max_length=200)
    zone = models.CharField(max_length=64)
    personal = models.BooleanField()
    keep_until = models.DateField()
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=254)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-code"]
        indexes = [
            models.Index(fields=["keep_until"], condition=Q(deleted_at__isnull=True), name="custody_dataset_kept")
        ]
        triggers = [
            pgtrigger.ReadOnly(name="what_it_is_is_fixed", exclude=["zone", "deleted_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code


class CustodyEvent(models.Model):
    """One link of a chain of custody, as `domain.chain.Event` has it; it seals the one before."""

    data_set = models.ForeignKey(DataSet, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in EventKind])
    at = models.DateTimeField()
    by = models.CharField(max_length=254)
    place = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64, blank=True)
    medium = models.CharField(max_length=200, blank=True)
    checksum = models.CharField(max_length=140, blank=True)
    witness = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["data_set", "number"]
        constraints = [
            models.UniqueConstraint(fields=["data_set", "number"], name="custody_event_once"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in EventKind]), name="custody_event_kind"),
            models.CheckConstraint(condition=Q(number__gte=1), name="custody_event_number"),
        ]
        triggers = rows_stand_for_ever("a chain of custody is never removed")

    def __str__(self) -> str:
        return f"{self.data_set_id}/{self.number}"


class DataTransfer(models.Model):
    """That data may go from one place to another under an instrument, and by which findings."""

    data_set = models.ForeignKey(DataSet, on_delete=models.PROTECT, related_name="transfers")
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=64, blank=True)
    effective = models.DateField()
    prepared_on = models.DateField(null=True, blank=True)
    findings = models.JSONField(default=list)
    agreed_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["data_set", "id"]
        triggers = rows_stand_for_ever("transfers are never removed")

    def __str__(self) -> str:
        return f"{self.data_set_id} {self.source_id}→{self.target_id}"


class Filing(models.Model):
    """What a transfer has to be followed by, by when, and when it was done under which reference."""

    transfer = models.ForeignKey(DataTransfer, on_delete=models.PROTECT, related_name="filings")
    duty = models.CharField(max_length=64)
    due = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    done_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["due", "id"]
        constraints = [models.UniqueConstraint(fields=["transfer", "duty"], name="custody_filing_once")]
        triggers = [
            pgtrigger.ReadOnly(name="duty_is_fixed", fields=["transfer", "duty", "due"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}/{self.duty}"


class CustodyReminder(models.Model):
    """That somebody was reminded, for the `number`th time, of a filing or of data to be deleted."""

    kind = models.CharField(max_length=10, choices=[("filing", "filing"), ("deletion", "deletion")])
    thing = models.BigIntegerField()
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "thing", "number"], name="custody_reminder_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing} {self.number}"
