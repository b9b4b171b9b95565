"""The audit table, and the seals of it and of the books: append-only, guarded by the database itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now, Upper

from lionrock.audit.domain import Sealed
from lionrock.database.guards import never_emptied, rows_stand_for_ever


class AuditRecord(models.Model):
    """One thing that was done.

    `action` is the dotted name of the action, `subject` the code of what it was done to. `at` is
    when it holds, `recorded_at` when the database learned it; `on_behalf_of` is whom the actor stood
    in for, `reason` why it was done, where somebody was asked.
    """

    action = models.CharField(max_length=100, db_index=True)
    subject = models.CharField(max_length=200, db_index=True)
    actor = models.CharField(max_length=254)
    on_behalf_of = models.CharField(max_length=254, blank=True, db_default="")
    programme = models.CharField(max_length=64, blank=True, db_index=True)
    organisation = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    reason = models.TextField(blank=True, db_default="")
    details = models.JSONField(default=dict)

    sealed: ClassVar = Sealed(apart=frozenset({"subject", "actor", "on_behalf_of", "reason", "details"}))

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["programme", "-id"], name="audit_record_programme"),
            models.Index(fields=["programme", "at"], name="audit_record_period"),
            models.Index(Upper("actor"), name="audit_record_actor"),
            models.Index(Upper("on_behalf_of"), name="audit_record_behalf"),
        ]
        triggers = rows_stand_for_ever("audit records are never removed", name="append_only")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Pending(models.Model):
    """A row that is not yet sealed: the database itself notes it when the row is written."""

    kind = models.CharField(max_length=63)
    row = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        triggers = [never_emptied("what is to be sealed is not forgotten")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


class Seal(models.Model):
    """The seal of one row: `digest` is the row's, `chain` stands for it and for all rows before it.

    `kind` is the row's table. `salt` keeps what stands apart from being guessed; when something was
    erased it is empty, and `kept` has what is needed instead.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=63)
    row = models.BigIntegerField()
    salt = models.BinaryField()
    digest = models.BinaryField()
    chain = models.BinaryField()
    kept = models.JSONField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="audit_seal_once")]
        triggers = rows_stand_for_ever("seals are never removed")

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.row}"


class Block(models.Model):
    """That the chain stood at `chain` when seal `number` was made, signed with the installation's key."""

    number = models.BigIntegerField(primary_key=True)
    chain = models.BinaryField()
    sealed_at = models.DateTimeField()
    signature = models.BinaryField()

    class Meta:
        ordering = ["number"]
        triggers = rows_stand_for_ever("seals are never removed")

    def __str__(self) -> str:
        return f"{self.number}"
