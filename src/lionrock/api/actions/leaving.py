"""Somebody has left: what they could come in with ends at once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from lionrock.api.models import Token
from lionrock.identity.models import Session


def shut_out_leaver(*, organisation: str, person: str, colleague: str, reason: str, now: datetime) -> None:  # noqa: ARG001 - the event's
    """End the sign-ins of somebody who left an organisation, and what programs of theirs hold for it."""
    _revoke(Token.objects.filter(person__email=person, organisation__code=organisation), person, now)
    Session.objects.filter(person__email=person).delete()


def shut_out_closed(*, person: str, by: str, now: datetime) -> None:
    """End the sign-ins and all tokens of somebody whose account is closed."""
    _revoke(Token.objects.filter(person__email=person), by, now)
    Session.objects.filter(person__email=person).delete()


def _revoke(tokens: QuerySet[Token], by: str, now: datetime) -> None:
    tokens.filter(revoked_at__isnull=True).update(revoked_at=now, revoked_by=by)
