"""The link by which somebody chooses another password: signed, good once, and for an hour."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.core.signing import BadSignature, Signer

from lionrock.identity.models import Reset
from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.models import Person

_SIGNER: Final = Signer(salt="lionrock.identity.reset", sep="~")


def token_of(reset: Reset) -> str:
    """Return the part of the link that nobody else can make."""
    return _SIGNER.sign(str(reset.pk))


def reset_of(token: str, now: datetime, *, lock: bool = False) -> tuple[Reset, Person]:
    """Return what a link stands for, and whose it is.

    Raises `NotFound` for a link that we did not make, `Conflict` for one that is used or over.
    """
    rows = Reset.objects.filter(person__isnull=False, person__is_active=True).select_related("person")
    try:
        rows = rows.filter(pk=int(_SIGNER.unsign(token)))
    except BadSignature:
        rows = rows.none()
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None or found.person is None:
        said = message(gettext_noop("This link leads nowhere: it is cut off, or too old. Ask for a new one."))
        raise NotFound("identity.reset.unknown", said)
    if found.used_at is not None or found.expires_at <= now:
        said = message(gettext_noop("This link was used, or its hour is over. Ask for a new one."))
        raise Conflict("identity.reset.over", said)
    return found, found.person
