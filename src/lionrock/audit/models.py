"""The audit table: append-only, guarded by the database itself."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from lionrock.database.guards import rows_stand_for_ever


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

    class Meta:
        ordering = ["id"]
        triggers = rows_stand_for_ever("audit records are never removed", name="append_only")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
