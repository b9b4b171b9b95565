"""Studies: comparisons that were published for those who decide."""

from __future__ import annotations

from django.db import models

from lionrock.database.guards import rows_stand_for_ever


class Study(models.Model):
    """The answer to a question, as it was reckoned; a better one is a new study.

    `answer` is what `scenarios.answers.to_data` makes of it, so that a page reads and never simulates.
    """

    code = models.CharField(max_length=20, unique=True)
    programme = models.CharField(max_length=64)
    question = models.CharField(max_length=200)
    answer = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["programme", "-published_at"], name="planning_study_by_programme")]
        triggers = rows_stand_for_ever("published studies are never removed")

    def __str__(self) -> str:
        return self.code
