"""Tables of calls and of the counters that number everything people quote to each other."""

from __future__ import annotations

from django.db import models

from lionrock.calls.domain import CallState


class Call(models.Model):
    """An invitation to apply to one programme, with its window and, if it has one, its envelope.

    `budget_minor` is what awards of this call may commit together, in minor units of `currency`;
    null means that only the fund is the limit.
    """

    code = models.CharField(max_length=32, unique=True)
    programme = models.CharField(max_length=64, db_index=True)
    title = models.CharField(max_length=200)
    title_zh_hant = models.CharField(max_length=200, blank=True)
    title_zh_hans = models.CharField(max_length=200, blank=True)
    opens = models.DateTimeField()
    closes = models.DateTimeField(null=True, blank=True)
    budget_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.name) for state in CallState],
        default=CallState.DRAFT.value,
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in CallState]), name="calls_call_state"
            ),
            models.CheckConstraint(
                condition=models.Q(closes__isnull=True) | models.Q(closes__gt=models.F("opens")),
                name="calls_call_window",
            ),
            models.CheckConstraint(
                condition=models.Q(budget_minor__isnull=True) | models.Q(budget_minor__gte=0),
                name="calls_call_budget",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CodeCounter(models.Model):
    """The last number given out under one prefix in one year; see `numbering.next_code`."""

    prefix = models.CharField(max_length=80)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="calls_codecounter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"
