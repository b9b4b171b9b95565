"""What clusters were last seen to do, and how much of what they have was in service since when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lionrock.database.guards import rows_stand_for_ever
from lionrock.sites.models import Site


class LastSeen(models.Model):
    """What a cluster said when it last answered: `content` in the words of `domain/live.py`, and when.

    `tried_at` is when it was last asked; where it did not answer then, `failure` says why (code, template
    and fields) and `away_since` when that began.
    """

    site = models.OneToOneField(Site, on_delete=models.PROTECT, primary_key=True, related_name="last_seen")
    content = models.JSONField(default=dict, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField()
    away_since = models.DateTimeField(null=True, blank=True)
    failure = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.site_id} as last seen"


class CapacityReading(models.Model):
    """From `since` on a pool had so many devices, of which `down` were out of service and in no use.

    With an empty `pool` it is the whole site, of which each node counts once, however many partitions
    it is in. A row is written only when something is otherwise than before, and never changed.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="capacity_readings")
    pool = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=100)
    devices = models.PositiveIntegerField()
    down = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        ordering = ["site", "pool", "device", "since"]
        constraints = [
            models.UniqueConstraint(fields=["site", "pool", "device", "since"], name="usage_capacityreading_once"),
            models.CheckConstraint(condition=Q(down__lte=F("devices")), name="usage_capacityreading_down"),
        ]
        triggers = rows_stand_for_ever("what was in service is never removed")

    def __str__(self) -> str:
        return f"{self.site_id}/{self.pool} {self.devices}"
