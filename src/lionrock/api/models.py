"""Tokens, answers kept for requests that are repeated, webhooks and what they are told."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from lionrock.api.domain.tokens import Kind
from lionrock.people.models import Organisation, Person


class Token(models.Model):
    """What a program signs in with; only a digest of it is kept.

    A service token holds for one `programme` or one `organisation` and a personal one for all of its
    person's. `minute` and `asked` count its requests within a minute of the clock.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in Kind])
    name = models.CharField(max_length=100)
    scopes = models.JSONField()
    programme = models.CharField(max_length=64, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=254, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    minute = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.PERSONAL.value, programme="", organisation__isnull=True)
                | (Q(kind=Kind.SERVICE.value, organisation__isnull=True) & ~Q(programme=""))
                | Q(kind=Kind.SERVICE.value, organisation__isnull=False, programme=""),
                name="api_token_place",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_expires"),
        ]

    def __str__(self) -> str:
        return self.hint


class KeptAnswer(models.Model):
    """The answer to a request with an `Idempotency-Key`, written in the transaction of what it did.

    `digest` is of method, address and content. `status` is 0 while a request that speaks to other
    systems is under way, and stays so when that was killed.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="api_keptanswer_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"


class Work(models.Model):
    """A request that is answered later: all that was asked, by whom, and the answer once there is one.

    `began_at` is of the last try; one that was killed begins again.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    operation = models.CharField(max_length=100)
    path = models.TextField()
    parameters = models.JSONField()
    query = models.JSONField()
    body = models.JSONField(null=True, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    answer = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=Q(ended_at__isnull=True), name="api_work_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(ended_at__isnull=False, cancelled_at__isnull=True),
                name="api_work_one_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.uid}"


class Webhook(models.Model):
    """An address that is told what happens, as far as its person may see it.

    Its keys are made of the installation's secret, its `uid` and a number, so that a copy of the
    database forges nothing: `key_number` signs, and until `key_until` the one before signs too. `under` names the
    secret, and `masks` (by number) are there since that was exchanged.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    topics = models.JSONField()
    key_number = models.PositiveIntegerField(default=1)
    key_until = models.DateTimeField(null=True, blank=True)
    under = models.CharField(max_length=16, db_default="")
    masks = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.url}"


class Delivery(models.Model):
    """One thing that one webhook is told: waiting, taken, or given up; the outbox."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    topic = models.CharField(max_length=40)
    content = models.JSONField()
    created_at = models.DateTimeField()
    next_try = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try"],
                condition=Q(taken_at__isnull=True, given_up_at__isnull=True),
                name="api_delivery_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(given_up_at__isnull=True), name="api_delivery_one_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.uid}"
