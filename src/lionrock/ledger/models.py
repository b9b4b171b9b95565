"""Tables of the ledger. What keeps them true stands in the database: migrations/0002_guards.py."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Q

from lionrock.audit.domain import Sealed
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX, FREE


class CurrentTransaction(Func):
    """The number of the running transaction; the same inside all its savepoints."""

    function = "pg_current_xact_id"
    arity = 0


class TransactionNumber(models.Field[Any, str]):
    """PostgreSQL's 64-bit transaction number (`xid8`), which never wraps around."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - Django passes it by name
        """Return the column's type."""
        return "xid8"


class LedgerAccount(models.Model):
    """One account of one programme in one unit; its `floor` is the least balance it may have."""

    programme = models.CharField(max_length=64)
    path = models.CharField(max_length=255)
    unit = models.CharField(max_length=80)
    floor = models.BigIntegerField(null=True)

    sealed: ClassVar = Sealed()

    class Meta:
        ordering = ["programme", "path", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "path", "unit"], name="ledger_account_once"),
            models.CheckConstraint(
                # A condition that is NULL passes, so that "floor = 0" alone would let a missing floor in.
                condition=Q(floor__isnull=False, floor=0) & (Q(path=FREE) | Q(path__startswith=COMMITTED_PREFIX))
                | Q(floor__isnull=True) & ~Q(path=FREE) & ~Q(path__startswith=COMMITTED_PREFIX),
                name="ledger_account_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.path} ({self.unit})"


class Journal(models.Model):
    """One event of the books. `at` is when it holds, `recorded_at` when the database learned it."""

    programme = models.CharField(max_length=64)
    cause = models.CharField(max_length=255)
    unit = models.CharField(max_length=80)
    memo = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    actor = models.CharField(max_length=254)
    details = models.JSONField(default=dict)
    tx = TransactionNumber(db_default=CurrentTransaction(), editable=False)

    sealed: ClassVar = Sealed(parts=(("ledger_posting", "journal_id"),))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "cause"], name="ledger_journal_once"),
        ]
        indexes = [models.Index(fields=["programme", "at"], name="ledger_journal_at")]

    def __str__(self) -> str:
        return f"{self.pk} {self.programme} {self.cause}"


class Posting(models.Model):
    """One leg of a journal: debit positive, credit negative, in the journal's unit."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_posting_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"


class AccountBalance(models.Model):
    """The sum of an account's postings, kept by the database; nobody else may write here."""

    account = models.OneToOneField(
        LedgerAccount, on_delete=models.PROTECT, primary_key=True, related_name="kept_balance"
    )
    balance = models.BigIntegerField()
    floor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(balance__gte=models.F("floor")),
                name="ledger_balance_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.balance}"


class PeriodLock(models.Model):
    """That nothing may be posted before an instant any more, or (`before` None) that all is open again.

    The latest row of a programme holds; migrations/0003_period_locks.py has the database refuse the rest.
    """

    programme = models.CharField(max_length=64)
    before = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)
    locked_at = models.DateTimeField()
    locked_by = models.CharField(max_length=254)

    sealed: ClassVar = Sealed()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["programme", "-id"], name="ledger_periodlock_latest")]

    def __str__(self) -> str:
        return f"{self.programme} {self.before}"
