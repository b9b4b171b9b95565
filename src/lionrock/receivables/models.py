"""Tables of what was paid and forgiven. Every row is a fact; what undoes one is a row of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lionrock.database.guards import rows_stand_for_ever
from lionrock.people.models import Organisation
from lionrock.statements.models import Document, Settlement

_FOR_EVER = "what was paid is never removed"


class Payment(models.Model):
    """Money that an organisation paid, known by its reference within the programme; minor units.

    `paid_on` is the day on which it arrived, in the programme's zone.
    """

    programme = models.CharField(max_length=64)
    reference = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payments")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "reference"], name="receivables_payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receivables_payment_in"),
        ]
        indexes = [models.Index(fields=["programme", "organisation"], name="receivables_payment_of")]
        triggers = rows_stand_for_ever(_FOR_EVER)

    def __str__(self) -> str:
        return self.reference


class Reversal(models.Model):
    """That a payment did not stand, from a day on: the bank returned it, or it was recorded by mistake."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="reversal")
    on = models.DateField()
    reason = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        triggers = rows_stand_for_ever(_FOR_EVER)

    def __str__(self) -> str:
        return f"reversal of {self.payment_id}"


class Matching(models.Model):
    """So much of a payment, or of a credit note, pays so much of an invoice, from a day on; minor units.

    What a payment matched ends with its reversal; nothing else ends it.
    """

    invoice = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="matchings")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="matchings", null=True)
    credit_note = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="uses", null=True)
    amount = models.BigIntegerField()
    on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="receivables_matching_pays"),
            models.CheckConstraint(
                condition=Q(payment__isnull=True) ^ Q(credit_note__isnull=True), name="receivables_matching_one_source"
            ),
        ]
        triggers = rows_stand_for_ever(_FOR_EVER)

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount}"


class BankFile(models.Model):
    """One bank statement that was taken in, known by the digest of its content; `tally` counts its rows."""

    programme = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    tally = models.JSONField(default=dict)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["programme", "digest"], name="receivables_bankfile_once")]

    def __str__(self) -> str:
        return self.name


class HeldRow(models.Model):
    """A row of a bank statement that could not be taken, with its first fault; a better file, or a hand, removes it.

    `faults` are what is wrong with it: [{"code", "template", "fields"}].
    """

    file = models.ForeignKey(BankFile, on_delete=models.CASCADE, related_name="held_rows")
    line = models.BigIntegerField()
    raw = models.TextField(blank=True)
    faults = models.JSONField(default=list)

    class Meta:
        ordering = ["file", "line"]
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="receivables_heldrow_once")]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"


class Reminder(models.Model):
    """That an organisation was reminded of an invoice, for the `number`th time, and what was open then."""

    invoice = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="reminders")
    number = models.PositiveIntegerField()
    level = models.CharField(max_length=64)
    on = models.DateField()
    open = models.BigIntegerField()
    interest = models.BigIntegerField(default=0)
    interest_from = models.DateField(null=True)
    suspended = models.JSONField(default=list)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["invoice", "number"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "number"], name="receivables_reminder_once"),
            models.CheckConstraint(condition=Q(interest__gte=0), name="receivables_reminder_interest"),
        ]
        triggers = rows_stand_for_ever("what somebody was reminded of is never removed")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.level}"


class WriteOff(models.Model):
    """That finance asks to write off an amount (minor units) of an invoice, and what that takes."""

    invoice = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="write_offs")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    authority = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="receivables_writeoff_amount")]
        triggers = rows_stand_for_ever("what was asked is never removed")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount}"


class WriteOffAnswer(models.Model):
    """That a write-off was agreed to and booked, or not; the answer to each is given once."""

    write_off = models.OneToOneField(WriteOff, on_delete=models.PROTECT, related_name="answer")
    agreed = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=254)

    class Meta:
        triggers = rows_stand_for_ever("what was answered is never removed")

    def __str__(self) -> str:
        return f"{self.write_off_id} {'agreed' if self.agreed else 'refused'}"


class Settled(models.Model):
    """That a claim was paid by the scheme, or a remittance to its site; once, in full."""

    paper = models.OneToOneField(Settlement, on_delete=models.PROTECT, related_name="settled")
    on = models.DateField()
    reference = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        triggers = rows_stand_for_ever(_FOR_EVER)

    def __str__(self) -> str:
        return f"{self.paper_id} {self.reference}"
