"""Tables of notices, of how people want them, and of the e-mail that goes out."""

from __future__ import annotations

from django.db import models

from lionrock.notices.domain import PAGES, Pace
from lionrock.people.models import Person


class Mail(models.Model):
    """One e-mail to one address: waiting, sent, or given up.

    What it says is written when it is sent, in the language of the reader, from what it is about:
    the notices that name it, or the thing that `code` names. Nothing secret is kept here.
    """

    class Kind(models.TextChoices):
        """What is written in it."""

        NOTICES = "notices", "what has just happened"
        DIGEST = "digest", "what has happened since yesterday"
        JOINING = "joining", "the link that confirms an address"
        RESET = "reset", "the link by which one chooses another password"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=64, blank=True)
    address = models.EmailField()
    language = models.CharField(max_length=10, default="en")
    made_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="notices_mail_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(given_up_at__isnull=True),
                name="notices_mail_one_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Notice(models.Model):
    """One thing that one person is told: the sentence as template and fields, and what it is about.

    `pending` while nobody has decided yet whether it goes out by e-mail; `mail` is the one that it
    went with, if it did.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    said = models.JSONField()
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in PAGES])
    code = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)
    pending = models.BooleanField(default=True)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "-at"], name="notices_notice_by_day"),
            models.Index(
                fields=["person", "kind", "code"],
                condition=models.Q(read_at__isnull=True),
                name="notices_notice_unread",
            ),
            models.Index(fields=["person"], condition=models.Q(pending=True), name="notices_notice_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.code}"


class Wishes(models.Model):
    """How one person wants e-mail; who has said nothing gets it at once.

    `hour` is that of the daily mail, in the installation's zone.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="wishes")
    pace = models.CharField(
        max_length=10, choices=[(pace.value, pace.name) for pace in Pace], default=Pace.AT_ONCE.value
    )
    hour = models.PositiveSmallIntegerField(default=8)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="notices_wishes_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.pace}"
