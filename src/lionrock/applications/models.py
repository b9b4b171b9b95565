"""Tables of applications: what is written in them, sent with them, and said about them."""

from __future__ import annotations

import pgtrigger
from django.db import models

from lionrock.applications.domain import ApplicationState
from lionrock.calls.models import Call
from lionrock.people.models import Organisation

DECIDED = [ApplicationState.APPROVED.value, ApplicationState.DECLINED.value]
BEFORE_SUBMISSION = [ApplicationState.DRAFT.value, ApplicationState.WITHDRAWN.value]
MAY_LACK = [*BEFORE_SUBMISSION, ApplicationState.RETURNED.value]
"""States in which anything may be missing: its authors can write in it, or could."""


class Standing(models.TextChoices):
    """How somebody stands to one application, besides what their roles and organisation give them."""

    AUTHOR = "author", "invited to write in it"
    READER = "reader", "assigned to read it"
    SHUT_OUT = "shut_out", "in conflict, and sees nothing of it"


class Application(models.Model):
    """What one organisation asks of one call: devices of one kind, for months, for a purpose.

    `count` is in units of the item (nodes, cards); the use runs from `starts` for `months`.
    `hours` is only for items with a price per hour: the hours of each of them, where that is less
    than the whole time. `findings` are those of the last submission, as JSON. A draft may lack
    anything; its typed text is kept in `Answer`, and what can be read of it stands here. `round`
    counts submissions; `state_since` is when it came into its state. `token` is what the form carried
    with which it was begun, so that a form posted twice begins one.
    """

    code = models.CharField(max_length=32, unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    applicant = models.CharField(max_length=254)
    category = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200, blank=True)
    title_zh_hant = models.CharField(max_length=200, blank=True)
    title_zh_hans = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True)
    item = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    months = models.PositiveIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    starts = models.DateField(null=True, blank=True)
    declarations = models.JSONField(default=list, blank=True)
    other_subsidy = models.BooleanField(null=True, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.name) for state in ApplicationState],
        default=ApplicationState.DRAFT.value,
    )
    state_since = models.DateTimeField()
    round = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list, blank=True)
    token = models.UUIDField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["state", "state_since"], name="applications_by_state"),
            models.Index(fields=["organisation", "state"], name="applications_by_organisation"),
            models.Index(fields=["call", "state", "state_since"], name="applications_by_call"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ApplicationState]),
                name="applications_application_state",
            ),
            models.CheckConstraint(
                condition=(models.Q(count__isnull=True) | models.Q(count__gte=1))
                & (models.Q(months__isnull=True) | models.Q(months__gte=1))
                & (models.Q(hours__isnull=True) | models.Q(hours__gte=1)),
                name="applications_application_request",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MAY_LACK)
                | (models.Q(count__isnull=False, months__isnull=False, starts__isnull=False) & ~models.Q(item="")),
                name="applications_application_asks",
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=False) | models.Q(state__in=BEFORE_SUBMISSION),
                name="applications_application_submitted",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=DECIDED, decided_at__isnull=False)
                | (~models.Q(state__in=DECIDED) & models.Q(decided_at__isnull=True)),
                name="applications_application_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ApplicationState.DECLINED.value) | ~models.Q(decision_reason=""),
                name="applications_application_declined_why",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PartEntry(models.Model):
    """One entry of a part of the form that repeats, such as project 2; numbers are never used again.

    A removed one keeps its number and what was written in it.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="entries")
    part = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["part", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "part", "number"], name="applications_partentry_once")
        ]

    def __str__(self) -> str:
        return f"{self.part}.{self.number}"


class Answer(models.Model):
    """What was typed into one field, as it was typed, right or wrong; `key` as `rules.forms` spells it.

    `value` is a text, or a list of option ids. `version` counts changes, from 1: who saves names the
    version that was read, so that two authors do not overwrite each other unseen.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=160)
    value = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=254)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="applications_answer_once")]

    def __str__(self) -> str:
        return self.key


class Attachment(models.Model):
    """A file sent with an application, for one of the documents that the programme asks for.

    The bytes lie outside the web root, named by their SHA-256 (`applications/files.py`); `media_type`
    is what the content is, whatever the name says. A removed one stays on file for the submissions
    that hold it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    document = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    added_by = models.CharField(max_length=254)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["document", "id"]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """What was handed in, word for word: answers, attachments, declarations and findings of one round."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    round = models.PositiveIntegerField()
    submitted_by = models.CharField(max_length=254)
    submitted_at = models.DateTimeField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="applications_submission_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="submissions_stand", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} round {self.round}"


class Admission(models.Model):
    """How one person stands to one application: co-author, reader, or shut out."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="admissions")
    person = models.EmailField()
    standing = models.CharField(max_length=10, choices=Standing.choices)
    because = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "standing"], name="applications_admission_who")]
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="applications_admission_once"),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="applications_admission_standing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.standing} {self.application_id}"


class Letter(models.Model):
    """One message of the correspondence between the applicants and the programme's office."""

    class Kind(models.TextChoices):
        """What a letter is for."""

        MESSAGE = "message", "a message"
        QUESTION = "question", "a request for clarification"
        ANSWER = "answer", "the answer to it"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MESSAGE)
    author = models.CharField(max_length=254)
    from_applicant = models.BooleanField()
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]
        triggers = [
            pgtrigger.Protect(name="letters_stand", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind} {self.id}"
