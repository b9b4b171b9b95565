"""The table of allocations: quota of one item under one award."""

from __future__ import annotations

import pgtrigger
from django.db import models

from lionrock.allocations.domain import AllocationState
from lionrock.awards.models import Award


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
