"""Tables of what teams report of their awards, and of what came of them."""

from __future__ import annotations

import pgtrigger
from django.db import models

from lionrock.awards.models import Award
from lionrock.outcomes.domain import ReportState, Scheme


class Report(models.Model):
    """One report of an award: what was done, what is next, what differs from the plan.

    `which` is "1", "2", … or "final". A row is made when somebody begins to write; what is owed
    before that follows from the award. `use` is what the books showed when it was submitted.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="reports")
    which = models.CharField(max_length=8)
    covers_from = models.DateField()
    covers_to = models.DateField()
    due = models.DateField()
    done = models.TextField(blank=True)
    differs = models.TextField(blank=True)
    next = models.TextField(blank=True)
    use = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=[(state.value, state.name) for state in ReportState])
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=254)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["award", "due"]
        indexes = [models.Index(fields=["state", "submitted_at"], name="outcomes_report_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["award", "which"], name="outcomes_report_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ReportState if state is not ReportState.DUE]),
                name="outcomes_report_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["submitted", "accepted"]) | models.Q(submitted_at__isnull=False),
                name="outcomes_report_submitted",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.award_id}/{self.which}"


class Reminder(models.Model):
    """That a team was reminded of a report, for the `number`th time."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="report_reminders")
    which = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["award", "which", "number"], name="outcomes_reminder_once")]

    def __str__(self) -> str:
        return f"{self.award_id}/{self.which} {self.number}"


class Outcome(models.Model):
    """A result of an award, known by an identifier; a removed one stays on file with who removed it."""

    class Kind(models.TextChoices):
        """What it is."""

        PAPER = "paper", "a paper"
        PATENT = "patent", "a patent"
        MODEL = "model", "a model"
        DATASET = "dataset", "a data set"
        SOFTWARE = "software", "software"
        OTHER = "other", "something else"

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=300)
    year = models.PositiveIntegerField()
    scheme = models.CharField(max_length=8, choices=[(scheme.value, scheme.name) for scheme in Scheme])
    identifier = models.CharField(max_length=400)
    orcid = models.CharField(max_length=19, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=254)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["-year", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "scheme", "identifier"],
                condition=models.Q(removed_at__isnull=True),
                name="outcomes_outcome_once",
            )
        ]
        indexes = [models.Index(fields=["scheme", "identifier"], name="outcomes_outcome_known_by")]
        triggers = [
            pgtrigger.ReadOnly(name="outcome_is_a_fact", exclude=["removed_at", "removed_by"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title
