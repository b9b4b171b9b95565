"""Tables of the office's desk: what it did with each application."""

from __future__ import annotations

from django.db import models

from lionrock.applications.models import Application
from lionrock.database.guards import rows_stand_for_ever


class Check(models.Model):
    """One thing that the programme's office did with an application in a round: it took it in hand, judged, decided.

    `findings` are all findings as they stood then, with what the office judged, as JSON; `judgements`
    are those it holds from then on in this round. `reason` is the question of a return, and what the
    office added otherwise; `due` is the day until which the applicant was asked to answer.
    """

    class Kind(models.TextChoices):
        """What was done."""

        TAKEN = "taken", "taken in hand by one of the office"
        JUDGED = "judged", "open findings judged"
        RETURNED = "returned", "returned with a question"
        ACCEPTED = "accepted", "found complete and eligible"
        REJECTED = "rejected", "found ineligible"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    round = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    findings = models.JSONField(default=list, blank=True)
    judgements = models.JSONField(default=list, blank=True)
    due = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "applications_check"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["application", "kind"], name="applications_check_kind"),
            models.Index(fields=["by", "kind"], name="applications_check_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["taken", "judged", "returned", "accepted", "rejected"]),
                name="applications_check_kind_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="returned") | ~models.Q(reason=""), name="applications_check_asks"
            ),
        ]
        triggers = rows_stand_for_ever("checks of applications are never removed", name="checks_stand")

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind} {self.id}"
