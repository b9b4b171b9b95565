"""Who at which provider is whom on file."""

from __future__ import annotations

from django.db import models

from lionrock.people.models import Person


class Binding(models.Model):
    """A person on file is this subject of this issuer. The address is the one of that day, and only for the record."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bindings")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    email = models.EmailField()
    bound_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["bound_at", "id"]
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="openid_binding_one_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.issuer}"
