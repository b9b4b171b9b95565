"""What is on file at the gate about one application: answers, evidence, findings, conditions. Nothing is removed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from lionrock.applications.models import Application
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.states import DossierState, Expertise, Judgement, ReviewerState
from lionrock.database.guards import rows_stand_for_ever


def _choices(of: type[DossierState | Expertise | Judgement | ReviewerState | Binding]) -> list[tuple[str, str]]:
    return [(each.value, each.name) for each in of]


class Dossier(models.Model):
    """The gate's file on one application, and on its award afterwards.

    `asked_on` is the day whose editions of `profiles` ask; it never changes, so that later editions change
    nothing for it. `tier` and `oversight` are those of the answers as they stand, with what the review ruled;
    `at_most` is the highest tier that open answers can lead to. `round` counts submissions.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="dossier")
    programme = models.CharField(max_length=64)
    profiles = models.JSONField(default=list)
    asked_on = models.DateField()
    state = models.CharField(max_length=12, choices=_choices(DossierState), default=DossierState.DRAFT.value)
    state_since = models.DateTimeField()
    tier = models.CharField(max_length=32)
    at_most = models.CharField(max_length=32)
    oversight = models.CharField(max_length=64, blank=True)
    round = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["application__code"]
        indexes = [models.Index(fields=["programme", "state", "state_since"], name="assurance_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DossierState]), name="assurance_dossier_state"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="edition_is_fixed", fields=["application", "programme", "profiles", "asked_on", "begun_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"dossier of {self.application_id}"


class Written(models.Model):
    """What was typed into one box, in one version; the highest version stands, the others are its history.

    `key` is "q.<question>" with a list of option ids, or "item.<item>" with a text.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="written")
    key = models.CharField(max_length=80)
    value = models.JSONField()
    version = models.PositiveIntegerField()
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "version"]
        constraints = [models.UniqueConstraint(fields=["dossier", "key", "version"], name="assurance_written_once")]
        triggers = rows_stand_for_ever("what was written at the gate is never removed")

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Step(models.Model):
    """One step of a dossier: who, when, what, why, and what stood in it then, with the editions that asked."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=24)
    state = models.CharField(max_length=12)
    tier = models.CharField(max_length=32)
    actor = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = rows_stand_for_ever("what was done at the gate is never removed")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.verb}"


class TierRuling(models.Model):
    """A tier that the review set in the place of that of the answers; lowering takes a second person.

    `to` stands from `agreed_at` (at once, when it raises) until `ended_at`: a later ruling, a refusal by the
    second person, or another answer to a question ends it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rulings")
    by_answers = models.CharField(max_length=32)
    to = models.CharField(max_length=32)
    lowers = models.BooleanField()
    reason = models.TextField()
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=254, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(ended_at__isnull=True), name="assurance_ruling_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(lowers=False) | Q(agreed_at__isnull=True) | ~Q(agreed_by=models.F("asked_by")),
                name="assurance_ruling_four_eyes",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="ruling_is_a_fact", exclude=["agreed_by", "agreed_at", "ended_at", "ended_because"]
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} → {self.to}"


class Reviewer(models.Model):
    """Somebody asked to review the items of one expertise, and what they declared of their interests."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="reviewers")
    person = models.CharField(max_length=254)
    expertise = models.CharField(max_length=12, choices=_choices(Expertise))
    state = models.CharField(max_length=10, choices=_choices(ReviewerState), default=ReviewerState.ASKED.value)
    declared = models.TextField(blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["expertise", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "person", "expertise"], name="assurance_reviewer_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ReviewerState]), name="assurance_reviewer_state"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="who_was_asked", exclude=["state", "declared", "declared_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.expertise}"


class Opinion(models.Model):
    """What a reviewer found on one item in one round; the last on an item stands."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="opinions")
    item = models.CharField(max_length=32)
    judgement = models.CharField(max_length=12, choices=_choices(Judgement))
    text = models.TextField(blank=True)
    round = models.PositiveIntegerField()
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(judgement=Judgement.ENOUGH.value) | ~Q(text=""), name="assurance_opinion_says_why"
            )
        ]
        triggers = rows_stand_for_ever("what reviewers found is never removed")

    def __str__(self) -> str:
        return f"{self.item} {self.judgement}"


class Asked(models.Model):
    """A question of a reviewer to the applicants, on one item or on the whole, and their answer."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="asked")
    item = models.CharField(max_length=32, blank=True)
    text = models.TextField()
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=254, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.ReadOnly(name="question_is_a_fact", exclude=["answer", "answered_by", "answered_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.item or 'all'}"


class Condition(models.Model):
    """What has to be met, by whom (`owner`, an e-mail address), by when, shown by which proof, before which point.

    `handed_in_at` is when the owner said that it is met, with `evidence` or in words; `met_on` the day on which a
    reviewer accepted that. `reminded_at` and `escalated_at` are the last times that somebody was told.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveIntegerField()
    item = models.CharField(max_length=32)
    owner = models.CharField(max_length=254)
    due = models.DateField()
    proof = models.TextField()
    binds = models.CharField(max_length=20, choices=_choices(Binding))
    milestone = models.CharField(max_length=200, blank=True)
    laid_by = models.CharField(max_length=254)
    laid_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.CharField(max_length=254, blank=True)
    handed_in = models.TextField(blank=True)
    met_on = models.DateField(null=True, blank=True)
    met_by = models.CharField(max_length=254, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["dossier", "number"]
        indexes = [models.Index(fields=["due"], condition=Q(met_on__isnull=True), name="assurance_condition_open")]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="assurance_condition_once"),
            models.CheckConstraint(
                condition=Q(binds__in=[each.value for each in Binding]), name="assurance_condition_binds"
            ),
            models.CheckConstraint(
                condition=~Q(owner="") & ~Q(proof="") & ~Q(item=""), name="assurance_condition_whole"
            ),
            models.CheckConstraint(
                condition=Q(binds=Binding.BEFORE_MILESTONE.value) & ~Q(milestone="")
                | ~Q(binds=Binding.BEFORE_MILESTONE.value) & Q(milestone=""),
                name="assurance_condition_milestone",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="condition_is_a_fact",
                fields=["dossier", "number", "item", "owner", "due", "proof", "binds", "milestone", "laid_by"],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number}"


class Evidence(models.Model):
    """A file put on file for an item, or as proof of a condition on it; the bytes lie with those of applications.

    A removed one stays on file for the rounds that hold it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="evidence")
    item = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    added_by = models.CharField(max_length=254)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["item", "id"]
        triggers = [
            pgtrigger.ReadOnly(name="file_is_a_fact", exclude=["removed_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name
