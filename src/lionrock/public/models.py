"""What is kept out of the public register, on which ground, and who said so."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from lionrock.awards.models import Award


class Withholding(models.Model):
    """That the title and organisation of a project are kept out of the register until `ended_at`."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=40)
    why = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=254)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["award", "id"]
        constraints = [
            models.UniqueConstraint(fields=["award"], condition=Q(ended_at__isnull=True), name="public_withheld_once")
        ]
        triggers = [
            pgtrigger.ReadOnly(name="ground_is_a_fact", exclude=["ended_at", "ended_by"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.ground}"
