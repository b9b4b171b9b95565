"""Tables of what is erased and what is held."""

from __future__ import annotations

from django.db import models

from lionrock.oversight.domain import HeldKind


class Hold(models.Model):
    """That nothing about somebody or something is erased: up to a day, that day included, or until it is released."""

    programme = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.name) for kind in HeldKind])
    code = models.CharField(max_length=254)
    reason = models.CharField(max_length=300)
    until = models.DateField(null=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=254)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=254, blank=True)
    released_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Erasure(models.Model):
    """That something is erased, or is proposed to be; when it is done, this is its certificate.

    `rule` is what the rulebook said then: {"kind", "years", "source"}; `counts` is what was erased.
    """

    programme = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(max_length=64, unique=True)
    rule = models.JSONField()
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=254)
    erased_at = models.DateTimeField(null=True)
    erased_by = models.CharField(max_length=254, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | ~models.Q(erased_by=""), name="oversight_erasure_who"
            )
        ]

    @property
    def certificate(self) -> str:
        """What the certificate is called."""
        return f"ERA-{self.pk:05d}"

    def __str__(self) -> str:
        return f"{self.certificate} {self.subject}"
