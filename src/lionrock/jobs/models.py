"""The table of jobs: what was asked is fixed, what happened is added."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from lionrock.awards.models import Award
from lionrock.people.models import Organisation
from lionrock.sites.drivers.protocol import OPEN_STATES, JobState, Reason
from lionrock.sites.models import Site

_OPEN = sorted(state.value for state in OPEN_STATES)
_HAPPENS = (
    "state",
    "handle",
    "cancel_requested_at",
    "started_at",
    "ended_at",
    "exit_code",
    "reason",
    "detail",
    "cpu_milliseconds",
    "peak_memory_bytes",
    "usage_recorded_at",
    "usage_fault",
    "waiting_because",
    "state_word",
    "nodes",
    "allocated_cpus",
    "asked_memory_bytes",
    "expected_start",
    "runs",
    "tasks",
    "asked_at",
)


class Job(models.Model):
    """One job of an award: what is to run, where, and what became of it.

    `key` names it to the site for ever, so that handing it over twice runs it once; `handle` is the
    site's name for it, empty until it was handed over. `devices` maps an item to a count, `files` a
    relative name to a text. `usage_recorded_at` is when its use went to charging; `usage_fault` says
    why charging holds it back, where it does.

    `template` and `parameters` say from which form it was made, `array` is its range of tasks, `after`
    the jobs it waits for as [condition, code], `requeue` whether the site may run it again by itself.
    `accounted_by_site`: the site keeps accounts, which metering collects, so that nothing here charges.
    `asked_at` is when the site was last asked; `waiting_because` the scheduler's code of why it waits.
    """

    code = models.CharField(max_length=32, unique=True)
    key = models.UUIDField(unique=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="jobs")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="jobs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="jobs")
    submitted_by = models.CharField(max_length=254)
    name = models.CharField(max_length=100)
    argv = models.JSONField()
    files = models.JSONField(default=dict, blank=True)
    devices = models.JSONField()
    time_limit_seconds = models.PositiveIntegerField()
    template = models.CharField(max_length=64, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    array = models.CharField(max_length=200, blank=True)
    after = models.JSONField(default=list, blank=True)
    requeue = models.BooleanField(default=False)
    accounted_by_site = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(state.value, state.name) for state in JobState], default=JobState.PENDING.value
    )
    handle = models.CharField(max_length=200, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    exit_code = models.IntegerField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True, choices=[(reason.value, reason.name) for reason in Reason])
    detail = models.TextField(blank=True)
    cpu_milliseconds = models.PositiveBigIntegerField(null=True, blank=True)
    peak_memory_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    usage_recorded_at = models.DateTimeField(null=True, blank=True)
    usage_fault = models.JSONField(null=True, blank=True)
    waiting_because = models.CharField(max_length=100, blank=True)
    state_word = models.CharField(max_length=100, blank=True)
    nodes = models.JSONField(default=list, blank=True)
    allocated_cpus = models.PositiveIntegerField(null=True, blank=True)
    asked_memory_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    expected_start = models.DateTimeField(null=True, blank=True)
    runs = models.PositiveIntegerField(default=1)
    tasks = models.JSONField(default=list, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in JobState]), name="jobs_job_state"),
            models.CheckConstraint(condition=Q(time_limit_seconds__gte=1), name="jobs_job_time_limit"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="jobs_job_span"
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.PENDING.value, started_at__isnull=True, ended_at__isnull=True)
                | Q(state=JobState.RUNNING.value, started_at__isnull=False, ended_at__isnull=True)
                | (~Q(state__in=_OPEN) & (Q(started_at__isnull=True) | Q(ended_at__isnull=False))),
                name="jobs_job_times_of_state",
            ),
        ]
        indexes = [
            models.Index(fields=["site"], condition=Q(state__in=_OPEN), name="jobs_job_open_idx"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="request_is_fixed", exclude=list(_HAPPENS)),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code
