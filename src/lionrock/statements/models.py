"""The table of documents: one per organisation and closed month, numbered without gaps, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lionrock.charging.domain.closing import DocumentKind
from lionrock.charging.models import MonthClose
from lionrock.database.guards import rows_stand_for_ever
from lionrock.people.models import Organisation


class Document(models.Model):
    """An invoice or a credit note; its lines are those of its account in the closed month.

    `awards` lists what each award paid here and what was left of it when the document was issued:
    [{"award": code, "subsidy": minor, "left": minor}].
    """

    number = models.CharField(max_length=100, unique=True)
    close = models.ForeignKey(MonthClose, on_delete=models.PROTECT, related_name="documents")
    programme = models.CharField(max_length=64, db_index=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.name) for kind in DocumentKind])
    month = models.DateField()
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    gross = models.BigIntegerField()
    subsidy = models.BigIntegerField()
    user = models.BigIntegerField()
    awards = models.JSONField(default=list)

    class Meta:
        ordering = ["-month", "number"]
        constraints = [
            models.UniqueConstraint(fields=["close", "organisation"], name="statements_document_once"),
            models.CheckConstraint(condition=Q(gross=F("subsidy") + F("user")), name="statements_document_adds_up"),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.INVOICE.value, user__gte=0)
                | Q(kind=DocumentKind.CREDIT_NOTE.value, user__lt=0),
                name="statements_document_kind",
            ),
        ]
        triggers = rows_stand_for_ever("what was closed is never removed")

    def __str__(self) -> str:
        return self.number
