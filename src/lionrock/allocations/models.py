"""The tables of quota, of what was changed on clusters for it, and of consent to lending."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from lionrock.allocations.domain import AllocationState
from lionrock.awards.models import Award
from lionrock.database.guards import rows_stand_for_ever
from lionrock.sites.models import Site


class Allocation(models.Model):
    """The right to use `device_seconds` of an item on up to `count` units, in [starts, ends) UTC.

    It is of all the award's life, as its terms stood when it was granted; `number` counts those of an
    award from 1. How much of it was used stands in the ledger, under `quota/…/<award>/<item>`.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="allocations")
    number = models.PositiveIntegerField(default=1)
    item = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    device_seconds = models.BigIntegerField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.name) for state in AllocationState],
        default=AllocationState.ACTIVE.value,
    )
    granted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["award__code", "item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "item", "number"], name="allocations_allocation_number"),
            models.UniqueConstraint(
                fields=["award", "item"],
                condition=models.Q(state=AllocationState.ACTIVE.value),
                name="allocations_allocation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in AllocationState]),
                name="allocations_allocation_state",
            ),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="allocations_allocation_span"),
            models.CheckConstraint(
                condition=models.Q(count__gte=1, device_seconds__gt=0), name="allocations_allocation_quota"
            ),
            models.CheckConstraint(
                condition=models.Q(state=AllocationState.ACTIVE.value, closed_at__isnull=True)
                | (~models.Q(state=AllocationState.ACTIVE.value) & models.Q(closed_at__isnull=False)),
                name="allocations_allocation_closed",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="grant_is_fixed", exclude=["state", "closed_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.item}"


class Enforcement(models.Model):
    """How a cluster stands towards what it should hold, as it was found last.

    `digest` is that of what it should hold when last it held it all; while it is the same, whatever
    differs was changed there by hand. `differs` and `notes` are sentences (template and fields),
    `use` the device-minutes that the cluster had counted, by QOS and TRES. `error` says why it could not
    be asked, at `tried_at`, since `away_since`.
    """

    site = models.OneToOneField(Site, on_delete=models.PROTECT, primary_key=True, related_name="enforcement")
    digest = models.CharField(max_length=64, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    away_since = models.DateTimeField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    differs = models.JSONField(default=list, blank=True)
    notes = models.JSONField(default=list, blank=True)
    use = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"enforcement on {self.site.code}"


class Push(models.Model):
    """One time that changes were made on a cluster, and how it ended.

    A push that somebody killed stays running until the next one finds it and says that it was cut off.
    """

    class Outcome(models.TextChoices):
        """How a push ended."""

        RUNNING = "running", "under way"
        DONE = "done", "the cluster holds what it should"
        PARTLY = "partly", "something was refused or is left to do"
        CUT_OFF = "cut off", "the process died, or the cluster went away"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="pushes")
    actor = models.CharField(max_length=254)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="running", ended_at__isnull=True)
                | (~models.Q(outcome="running") & models.Q(ended_at__isnull=False)),
                name="allocations_push_ended",
            )
        ]

    def __str__(self) -> str:
        return f"push {self.pk}"


class ClusterChange(models.Model):
    """One change that was made on a cluster, or refused by it: what, by which command, before and after.

    `by_hand`: somebody had changed it there, and it was put back. `made` is the account that it made.
    """

    push = models.ForeignKey(Push, on_delete=models.PROTECT, related_name="changes")
    subject = models.CharField(max_length=200)
    said = models.JSONField()
    command = models.JSONField()
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    by_hand = models.BooleanField(default=False)
    made = models.CharField(max_length=200, blank=True, db_index=True)
    refused = models.JSONField(null=True, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["push", "id"]
        triggers = rows_stand_for_ever("what was done on a cluster is never removed", name="change_stands")

    def __str__(self) -> str:
        return self.subject


class Lending(models.Model):
    """The consent of a lease's holder that others use its nodes while they are idle, and until when it held."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="lendings")
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=254)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["award", "given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=models.Q(revoked_at__isnull=True), name="allocations_lending_once"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="consent_is_a_fact", exclude=["revoked_at", "revoked_by"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} lends since {self.given_at:%Y-%m-%d}"
