"""Concerns with their steps, notes and who sees them; askings while they count; material changes of projects."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from lionrock.awards.models import Award
from lionrock.concerns.domain.states import ConcernState
from lionrock.database.guards import rows_stand_for_ever


class Concern(models.Model):
    """Something that went wrong, or may have; `raised_by` is empty where the sender did not say who they are.

    Of an anonymous one only the hour is kept. `secret` is the digest of the code that its sender follows it up with.
    """

    code = models.CharField(max_length=32, unique=True)
    programme = models.CharField(max_length=64, db_index=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns")
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    said = models.TextField()
    raised_by = models.CharField(max_length=254, blank=True)
    secret = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(state.value, state.name) for state in ConcernState])
    owner = models.CharField(max_length=254, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    measures = models.TextField(blank=True)

    class Meta:
        ordering = ["-code"]
        indexes = [models.Index(fields=["state", "received_at"], name="concerns_concern_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ConcernState]), name="concerns_concern_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ConcernState.IN_HAND.value) | ~Q(owner=""), name="concerns_concern_owner"
            ),
            models.CheckConstraint(
                condition=~Q(state=ConcernState.CLOSED.value) | ~Q(measures=""), name="concerns_concern_measures"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="what_came_in_is_fixed",
                fields=["code", "programme", "kind", "title", "said", "raised_by", "secret", "received_at"],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code


class ConcernStep(models.Model):
    """A step of a concern, by whom and why."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    actor = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["concern", "id"]
        triggers = rows_stand_for_ever("steps of concerns are never removed")

    def __str__(self) -> str:
        return f"{self.concern_id} {self.verb}"


class ConcernNote(models.Model):
    """Something written of a concern; `author` is empty for its sender, `shown` whether the sender reads it."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="notes")
    author = models.CharField(max_length=254, blank=True)
    said = models.TextField()
    shown = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["concern", "id"]
        triggers = rows_stand_for_ever("notes of concerns are never removed")

    def __str__(self) -> str:
        return f"{self.concern_id} {self.pk}"


class ConcernPerson(models.Model):
    """Somebody who sees a concern because it was assigned to them, or who never does because it concerns them."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="persons")
    email = models.EmailField()
    part = models.CharField(max_length=10, choices=[("assigned", "assigned"), ("concerned", "concerned")])
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        ordering = ["concern", "id"]
        constraints = [models.UniqueConstraint(fields=["concern", "email"], name="concerns_person_once")]
        triggers = rows_stand_for_ever("who a concern was assigned to is never removed")

    def __str__(self) -> str:
        return f"{self.concern_id} {self.email}"


class ConcernEscalation(models.Model):
    """That a missed deadline was escalated, for the `number`th time."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="escalations")
    step = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["concern", "step", "number"], name="concerns_escalation_once")]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.step} {self.number}"


class ConcernAsking(models.Model):
    """That somebody from a network raised or looked up a concern; kept for an hour, and tied to no concern."""

    source = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["source", "at"], name="concerns_asking_source")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M}"


class MaterialChange(models.Model):
    """What a team said has changed in its project, and which items of its assessment that opened again."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="material_changes")
    kinds = models.JSONField()
    said = models.TextField()
    items = models.JSONField()
    reported_by = models.CharField(max_length=254)
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ["award", "id"]
        triggers = rows_stand_for_ever("changes of projects are never removed")

    def __str__(self) -> str:
        return f"{self.award_id} {self.reported_at:%Y-%m-%d}"
