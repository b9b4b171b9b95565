"""The table of applications."""

from __future__ import annotations

from django.db import models

from lionrock.applications.domain import ApplicationState
from lionrock.calls.models import Call
from lionrock.people.models import Organisation

DECIDED = [ApplicationState.APPROVED.value, ApplicationState.DECLINED.value]
BEFORE_SUBMISSION = [ApplicationState.DRAFT.value, ApplicationState.WITHDRAWN.value]


class Application(models.Model):
    """What one organisation asks of one call: devices of one kind, for months, for a purpose.

    `count` is in units of the item (nodes, cards); the use runs from `starts` for `months`.
    `hours` is only for items with a price per hour: the hours of each of them, where that is less
    than the whole time. `findings` are those of the submission, as JSON.
    """

    code = models.CharField(max_length=32, unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    applicant = models.CharField(max_length=254)
    category = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    title_zh_hant = models.CharField(max_length=200, blank=True)
    title_zh_hans = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True)
    item = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    months = models.PositiveIntegerField()
    hours = models.PositiveIntegerField(null=True, blank=True)
    starts = models.DateField()
    declarations = models.JSONField(default=list, blank=True)
    other_subsidy = models.BooleanField(null=True, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.name) for state in ApplicationState],
        default=ApplicationState.DRAFT.value,
    )
    findings = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ApplicationState]),
                name="applications_application_state",
            ),
            models.CheckConstraint(
                condition=models.Q(count__gte=1, months__gte=1)
                & (models.Q(hours__isnull=True) | models.Q(hours__gte=1)),
                name="applications_application_request",
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
