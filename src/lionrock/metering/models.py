"""Tables of what clusters account for: how far each was read, its runs, what is held, how totals compare."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lionrock.metering.domain.terms import Outcome
from lionrock.sites.models import Site


class Collection(models.Model):
    """How far a site's accounting was read: all of it since `since` up to `through`.

    `asked_at` is when it was last asked with success, `tally` what became of the rows of that time.
    `failure` says why it could not be asked since `failing_since`: code, template and fields.
    """

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="collection")
    since = models.DateTimeField()
    through = models.DateTimeField()
    window_start = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=32, blank=True)
    tally = models.JSONField(default=dict)
    failing_since = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)

    class Meta:
        ordering = ["site"]

    def __str__(self) -> str:
        return f"{self.site_id} {self.through:%Y-%m-%dT%H:%MZ}"


class MeteredRun(models.Model):
    """A run as the cluster accounts for it, whoever's it is; `key` is the cluster's own, "JobIDRaw@Submit".

    `busy` are its seconds but those suspended, `tres` all that was allocated in the cluster's words,
    `digest` that of the line that was read. The columns `told…` are what charging was last told of it, empty while
    that is nothing; `missing_since` is when the cluster itself first knew no more of a run that its
    accounting still has running.
    """

    # What is looked for by site alone is found by the index of the constraint below.
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="metered_runs", db_index=False)
    key = models.CharField(max_length=64)
    row = models.CharField(max_length=32)
    job = models.CharField(max_length=200)
    account = models.CharField(max_length=200)
    username = models.CharField(max_length=200)
    partition = models.CharField(max_length=200)
    state = models.CharField(max_length=64)
    submitted = models.DateTimeField()
    eligible = models.DateTimeField(null=True)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)  # NULL means: it goes on
    busy = models.BigIntegerField()
    tres = models.TextField()
    nodes = models.BigIntegerField()
    digest = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(max_length=12, choices=[(outcome.value, outcome.name) for outcome in Outcome])
    told_job = models.CharField(max_length=200, blank=True)
    told_start = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)
    told_state = models.CharField(max_length=64, blank=True)
    told_account = models.CharField(max_length=64, blank=True)
    told_award = models.CharField(max_length=32, blank=True)
    told_devices = models.JSONField(default=list)
    told_interim = models.BooleanField(default=False)
    revision = models.IntegerField(default=-1)
    read_at = models.DateTimeField()
    missing_since = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "key"], name="metering_meteredrun_once"),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="metering_run_span"),
        ]
        indexes = [
            models.Index(fields=["site", "end"], name="metering_run_end_idx"),
            models.Index(fields=["site"], condition=Q(end__isnull=True), name="metering_run_open_idx"),
            models.Index(fields=["site"], condition=Q(outcome="held"), name="metering_run_held_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.key}"


class HeldRow(models.Model):
    """A row of the accounting that cannot be counted or charged: why, and its text. It goes when it can be.

    `key` is the cluster's own for the row, or a digest of a line that does not say which row it is;
    such a line was met in the window from `window_start`.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="held_rows")
    key = models.CharField(max_length=64)
    job = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=100)
    template = models.TextField()
    fields = models.JSONField(default=dict)
    raw = models.TextField(blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    window_start = models.DateTimeField(null=True)

    class Meta:
        ordering = ["site", "since", "key"]
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="metering_heldrow_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.code}"


class Reconciliation(models.Model):
    """A span of a site's time, mostly a day: whether its totals here are those that Slurm itself reports.

    Seconds are those of devices. `differences` has, per account and device, Slurm's seconds and ours.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="reconciliations")
    start = models.DateTimeField()
    end = models.DateTimeField()
    checked_at = models.DateTimeField()
    agrees = models.BooleanField()
    reported = models.JSONField(default=dict)
    counted = models.JSONField(default=dict)
    charged = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["site", "-start"]
        constraints = [
            models.UniqueConstraint(fields=["site", "start", "end"], name="metering_reconciliation_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="metering_reconciliation_span"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.start:%Y-%m-%d}"
