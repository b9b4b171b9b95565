"""Tables of use and of what was charged for it; both only grow."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from lionrock.audit.domain import Sealed
from lionrock.charging.domain.lines import LineKind
from lionrock.database.guards import never_emptied, rows_stand_for_ever
from lionrock.kernel.quantities import PriceUnit


class UsageImport(models.Model):
    """One usage file taken in for a programme, known by the digest of its content and its options.

    `tally` counts what its rows became: every row is new, repeated, held, or skipped with a reason.
    """

    programme = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    options = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    tally = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "digest", "options"], name="charging_usageimport_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.name}"


class RecordedRun(models.Model):
    """One record of one run, as it arrived; `standing` marks the one of each run that counts.

    A run is (programme, site, job, start). `reaches` is the end of an interim record, which tells
    several of them apart. Only `standing` ever changes, and only from true to false and back as
    revisions arrive; the record itself is a fact.
    """

    programme = models.CharField(max_length=64)
    site = models.CharField(max_length=64)
    job = models.CharField(max_length=200)
    start = models.DateTimeField()
    end = models.DateTimeField()
    account = models.CharField(max_length=64)
    award = models.CharField(max_length=32, null=True)  # NULL means: the record names none
    devices = models.JSONField()
    device_seconds = models.JSONField(default=dict)
    state = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    interim = models.BooleanField(default=False)
    reaches = models.DateTimeField(null=True)
    standing = models.BooleanField(default=True)
    source = models.CharField(max_length=300)
    line = models.BigIntegerField(default=0)
    cluster_key = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "site", "job", "start", "interim", "revision", "reaches"],
                nulls_distinct=False,
                name="charging_recordedrun_identity",
            ),
            models.UniqueConstraint(
                fields=["programme", "site", "job", "start"],
                condition=Q(standing=True),
                name="charging_recordedrun_one_stands",
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="charging_recordedrun_span"),
        ]
        # By end: the month that is closed is the latest, so that what reaches into it is little, however long the past.
        indexes = [
            models.Index(fields=["programme", "end"], condition=Q(standing=True), name="charging_recordedrun_end_idx"),
            # By account: what a line of a document consists of.
            models.Index(fields=["programme", "account", "end"], name="charging_recordedrun_of_idx"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="record_is_a_fact", exclude=["standing"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("records of use are never removed"),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.job} {self.start:%Y-%m-%dT%H:%MZ}"


class HeldRow(models.Model):
    """A row that could not be taken in: where it stands, why, and its text. A better import removes it."""

    usage_import = models.ForeignKey(UsageImport, on_delete=models.CASCADE, related_name="held_rows")
    line = models.BigIntegerField()
    code = models.CharField(max_length=100)
    template = models.TextField()
    fields = models.JSONField(default=dict)
    raw = models.TextField(blank=True)

    class Meta:
        ordering = ["usage_import", "line", "code"]
        constraints = [models.UniqueConstraint(fields=["usage_import", "line", "code"], name="charging_heldrow_once")]

    def __str__(self) -> str:
        return f"{self.usage_import_id}:{self.line} {self.code}"


class MonthClose(models.Model):
    """One closed month of a programme; it never changes.

    `last_record` is the newest record that the close has seen: what arrives later is a correction.
    `basis` is the fingerprint of prices, shares and awards per month of use, so that a change of
    any of them backwards is noticed. `held` names what could not be rated.
    """

    programme = models.CharField(max_length=64)
    month = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=254)
    last_record = models.BigIntegerField()
    basis = models.JSONField(default=dict)
    held = models.JSONField(default=dict)
    gross = models.BigIntegerField()
    subsidy = models.BigIntegerField()
    user = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    sealed: ClassVar = Sealed()

    class Meta:
        ordering = ["programme", "month"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "month"], name="charging_monthclose_once"),
            models.CheckConstraint(condition=Q(gross=F("subsidy") + F("user")), name="charging_monthclose_adds_up"),
        ]
        triggers = rows_stand_for_ever("what was closed is never removed")

    def __str__(self) -> str:
        return f"{self.programme} {self.month:%Y-%m}"


_CHARGED_ONCE = [
    pgtrigger.ReadOnly(name="decision_is_a_fact", exclude=["charged_in"]),
    pgtrigger.Protect(
        name="charged_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__charged_in__isnull=False)
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    never_emptied("decisions are never removed"),
]


class DecidedAdjustment(models.Model):
    """An amount charged to an account by decision, or, below zero, credited; in minor units.

    `month` is the month that it concerns, `site` where it is earned, `award` the only one that may pay,
    where one is named. `charged_in` is set once: by the close that made a line of it.
    """

    programme = models.CharField(max_length=64)
    cause = models.CharField(max_length=100)
    account = models.CharField(max_length=64)
    award = models.CharField(max_length=32, null=True)  # NULL means: whichever run in that month
    site = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    month = models.DateField()
    decided_by = models.CharField(max_length=254)
    decided_at = models.DateTimeField()
    charged_in = models.ForeignKey(MonthClose, on_delete=models.PROTECT, related_name="adjustments", null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "cause"], name="charging_decidedadjustment_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="charging_decidedadjustment_not_zero"),
        ]
        triggers = _CHARGED_ONCE

    def __str__(self) -> str:
        return f"{self.programme} {self.cause}"


class DecidedFee(models.Model):
    """An amount in minor units that accounts, or sites, share by weight.

    `site` is where it is earned: of a fee between sites the one that has laid it out.
    `charged_in` is set once: by the close that made lines of it, or settled it between the sites.
    """

    programme = models.CharField(max_length=64)
    cause = models.CharField(max_length=100)
    weights = models.JSONField()
    between_sites = models.BooleanField()
    site = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    month = models.DateField()
    decided_by = models.CharField(max_length=254)
    decided_at = models.DateTimeField()
    charged_in = models.ForeignKey(MonthClose, on_delete=models.PROTECT, related_name="fees", null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "cause"], name="charging_decidedfee_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="charging_decidedfee_not_zero"),
        ]
        triggers = _CHARGED_ONCE

    def __str__(self) -> str:
        return f"{self.programme} {self.cause}"


class LeasePause(models.Model):
    """Time [starts, ends) in which the lease of an award is not billed, by decision; it stands for ever."""

    programme = models.CharField(max_length=64)
    cause = models.CharField(max_length=100)
    award = models.CharField(max_length=32, db_index=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    reason = models.CharField(max_length=300)
    decided_by = models.CharField(max_length=254)
    decided_at = models.DateTimeField()

    sealed: ClassVar = Sealed()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "cause"], name="charging_leasepause_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="charging_leasepause_span"),
        ]
        triggers = rows_stand_for_ever("decisions are never removed")

    def __str__(self) -> str:
        return f"{self.award} {self.cause}"


class ClosingTask(models.Model):
    """The close of a large month that is under way; it goes when the month is closed, and is nothing in the books.

    `last_record` is the newest record that the close sees. `rated` has the fingerprint of prices, shares
    and awards of each month that it rates: when one is another, what was rated is forgotten.

    `for_worker` tells that the worker does it, for whoever is in `begun_by`; `stopped_by` is who lets it rest, and
    `fault` why the worker could not close.
    """

    programme = models.CharField(max_length=64, unique=True)
    month = models.DateField()
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=254)
    last_record = models.BigIntegerField()
    rated = models.JSONField(default=dict)
    for_worker = models.BooleanField(default=False, db_default=False)
    stopped_by = models.CharField(max_length=254, blank=True, default="", db_default="")
    fault = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    def __str__(self) -> str:
        return f"{self.programme} {self.month:%Y-%m}"


class TaskPart(models.Model):
    """The runs of one month of use that end after one instant and not after another; `content` once they are rated."""

    task = models.ForeignKey(ClosingTask, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    month = models.DateField()
    after = models.DateTimeField()
    upto = models.DateTimeField(null=True)  # NULL means: without end
    runs = models.BigIntegerField()
    content = models.JSONField(null=True)  # NULL means: not rated yet

    class Meta:
        ordering = ["task", "number"]
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="charging_taskpart_once")]

    def __str__(self) -> str:
        return f"{self.task_id}/{self.number}"


class ChargeLine(models.Model):
    """One line of a closed month; amounts in minor units, device-time as an exact fraction.

    `month_of_use` is the month in which the devices were used; `corrects` is set when that month
    had been closed before. `terms` are the awards that may pay with their shares, in order.
    """

    close = models.ForeignKey(MonthClose, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.name) for kind in LineKind])
    account = models.CharField(max_length=64, db_index=True)
    site = models.CharField(max_length=64, blank=True)
    item = models.CharField(max_length=64, blank=True)
    month_of_use = models.DateField()
    corrects = models.DateField(null=True)
    first_use = models.DateTimeField(null=True)
    seconds_numerator = models.DecimalField(max_digits=40, decimal_places=0, default=0)
    seconds_denominator = models.DecimalField(max_digits=40, decimal_places=0, default=1)
    price_label = models.CharField(max_length=40, blank=True)
    price_starts = models.DateTimeField(null=True)
    price_millionths = models.BigIntegerField(null=True)
    price_unit = models.CharField(max_length=20, blank=True, choices=[(unit.value, unit.name) for unit in PriceUnit])
    price_site = models.CharField(max_length=64, null=True)  # NULL means: a price for all sites
    terms = models.JSONField(default=list)
    gross = models.BigIntegerField()
    subsidy = models.BigIntegerField()
    user = models.BigIntegerField()
    subsidy_by_award = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    sealed: ClassVar = Sealed()

    class Meta:
        ordering = ["close", "position"]
        constraints = [
            models.UniqueConstraint(fields=["close", "position"], name="charging_chargeline_position"),
            models.CheckConstraint(condition=Q(gross=F("subsidy") + F("user")), name="charging_chargeline_adds_up"),
        ]
        triggers = rows_stand_for_ever("what was closed is never removed")

    def __str__(self) -> str:
        return f"{self.close_id}/{self.position}"
