"""The documents of closed months, numbered without gaps, never changed: for organisations, the scheme, the sites."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lionrock.audit.domain import Sealed
from lionrock.charging.domain.closing import DocumentKind
from lionrock.charging.models import MonthClose
from lionrock.database.guards import rows_stand_for_ever
from lionrock.people.models import Organisation


class SettlementKind(StrEnum):
    """Who the paper goes to."""

    CLAIM = "claim"
    """To the scheme: what it bears of a month."""
    REMITTANCE = "remittance"
    """To a site: what it has earned in a month."""


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

    sealed: ClassVar = Sealed()

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


class Settlement(models.Model):
    """A claim on the scheme (one a month) or the remittance to a site (one a month and site); minor units.

    `lines` are what it consists of, fixed when it was issued. Of a claim, by award: [{"award", "organisation",
    "subsidy"}], and `amount` is the scheme's part. Of a remittance, by item: [{"item", "kind", "gross",
    "subsidy", "user"}], and `amount` is all that the site has earned; a line of the kind "between_sites" is what
    a fee between sites has moved, and neither scheme nor users bear it.
    """

    number = models.CharField(max_length=100, unique=True)
    close = models.ForeignKey(MonthClose, on_delete=models.PROTECT, related_name="settlements")
    programme = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.name) for kind in SettlementKind])
    site = models.CharField(max_length=64, blank=True)
    month = models.DateField()
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    lines = models.JSONField(default=list)

    sealed: ClassVar = Sealed()

    class Meta:
        ordering = ["-month", "number"]
        constraints = [
            models.UniqueConstraint(fields=["close", "kind", "site"], name="statements_settlement_once"),
            models.CheckConstraint(
                condition=Q(kind=SettlementKind.CLAIM.value, site="") | Q(kind=SettlementKind.REMITTANCE.value),
                name="statements_settlement_kind",
            ),
        ]
        triggers = rows_stand_for_ever("what was closed is never removed")

    def __str__(self) -> str:
        return self.number
