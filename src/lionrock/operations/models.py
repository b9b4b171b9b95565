"""What became of each thing that is done from time to time."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """A row of `config/due.py`: when it was last begun and ended, and how often it failed."""

    name = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """Of the last time that went well."""
    runs = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveBigIntegerField(default=0)
    error = models.CharField(max_length=100, blank=True)
    """The code of the error with which the last time ended."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(failures__lte=models.F("runs")), name="operations_run_counts"),
        ]

    def __str__(self) -> str:
        return self.name
