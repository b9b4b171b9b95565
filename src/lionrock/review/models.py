"""Tables of assessing: who is asked, what they declare, what they give, and what is agreed."""

from __future__ import annotations

import pgtrigger
from django.db import models

from lionrock.applications.models import Application
from lionrock.database.guards import rows_stand_for_ever
from lionrock.people.models import Organisation, Person
from lionrock.review.domain import OPEN, AssignmentState, Declared, Ground


class AssessorProfile(models.Model):
    """What the office needs to know of an assessor in order to ask the right one.

    `expertise` are ids of the form's own options and categories, such as "robotics". `organisation`
    is where the assessor works, member of it in Lionrock or not. `most` open assignments are as many
    as they take on; nobody asks them before `away_until`.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="assessor_profile")
    expertise = models.JSONField(default=list, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    most = models.PositiveIntegerField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.person)


class Assignment(models.Model):
    """One assessor with one application. `round` counts how often the scores were handed in.

    `due` is the last day for the scores, by the programme's pledge or as the office says.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    assessor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.name) for state in AssignmentState],
        default=AssignmentState.INVITED.value,
    )
    state_since = models.DateTimeField()
    assigned_by = models.CharField(max_length=254)
    assigned_at = models.DateTimeField()
    due = models.DateField(null=True, blank=True)
    round = models.PositiveIntegerField(default=0)
    reopened_because = models.TextField(blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["assessor", "state"], name="review_assignment_whose")]
        constraints = [
            models.UniqueConstraint(fields=["application", "assessor"], name="review_assignment_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in AssignmentState]),
                name="review_assignment_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AssignmentState.SCORED.value) | models.Q(round__gte=1),
                name="review_assignment_scored",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application_id} {self.assessor_id} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether the assessor still has something to do."""
        return self.state in OPEN


class Declaration(models.Model):
    """What an assessor declared about one application, word for word, and the hints that were shown then.

    `text` is the assessor's own; a conflict has a `ground`.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="declarations")
    declared = models.CharField(max_length=10, choices=[(each.value, each.name) for each in Declared])
    ground = models.CharField(max_length=15, blank=True, choices=[(each.value, each.name) for each in Ground])
    text = models.TextField(blank=True)
    hints = models.JSONField(default=list, blank=True)
    declared_by = models.CharField(max_length=254)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(declared=Declared.CONFLICT.value, ground__in=[each.value for each in Ground])
                | (models.Q(declared__in=[Declared.CLEAR.value, Declared.REFUSE.value]) & models.Q(ground="")),
                name="review_declaration_ground",
            ),
        ]
        triggers = rows_stand_for_ever("declarations of interests are never removed")

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.declared}"


class Entry(models.Model):
    """What an assessor typed into one box of the sheet, as typed, right or wrong; `version` counts changes.

    Who saves names the version that was read, so that two windows do not overwrite each other unseen.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=100)
    value = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "key"], name="review_entry_once")]

    def __str__(self) -> str:
        return self.key


class Score(models.Model):
    """A mark that was handed in for one point; what a later round gives stands beside it, not in its place."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scores")
    round = models.PositiveIntegerField()
    point = models.CharField(max_length=100)
    mark = models.PositiveIntegerField()
    scale_max = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "round", "point"], name="review_score_once"),
            models.CheckConstraint(
                condition=models.Q(mark__lte=models.F("scale_max"), scale_max__gte=1), name="review_score_on_the_scale"
            ),
        ]
        triggers = rows_stand_for_ever("scores are never removed")

    def __str__(self) -> str:
        return f"{self.point} {self.mark}/{self.scale_max}"


class Comment(models.Model):
    """What was handed in about one criterion: for the applicant, and for the committee alone."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="comments")
    round = models.PositiveIntegerField()
    criterion = models.CharField(max_length=64)
    for_applicant = models.TextField()
    for_committee = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "round", "criterion"], name="review_comment_once"),
        ]
        triggers = rows_stand_for_ever("comments are never removed")

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.criterion}"


class Moderation(models.Model):
    """How a difference between assessors was settled: agreed marks, or kept apart; each with its reason.

    `covers` names the sheets that it settles, as "assignment:round"; once one of them is handed in
    anew or falls away, it settles nothing.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="moderations")
    agreed = models.BooleanField()
    reason = models.TextField()
    covers = models.JSONField()
    moderated_by = models.CharField(max_length=254)
    moderated_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="review_moderation_why"),
        ]
        triggers = rows_stand_for_ever("moderations are never removed")

    def __str__(self) -> str:
        return f"{self.application_id} {'agreed' if self.agreed else 'apart'}"


class AgreedMark(models.Model):
    """A mark that the assessors agreed on for one point."""

    moderation = models.ForeignKey(Moderation, on_delete=models.PROTECT, related_name="marks")
    point = models.CharField(max_length=100)
    mark = models.PositiveIntegerField()
    scale_max = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["moderation", "point"], name="review_agreedmark_once"),
            models.CheckConstraint(
                condition=models.Q(mark__lte=models.F("scale_max"), scale_max__gte=1),
                name="review_agreedmark_on_the_scale",
            ),
        ]
        triggers = rows_stand_for_ever("agreed marks are never removed")

    def __str__(self) -> str:
        return f"{self.point} {self.mark}/{self.scale_max}"
