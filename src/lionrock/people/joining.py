"""The link by which somebody joins: signed, good once, and for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer

from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import LINK_COUNTS_FOR
from lionrock.people.models import Joining, Person

_SIGNER: Final = Signer(salt="lionrock.people.joining", sep="~")


def token_of(joining: Joining) -> str:
    """Return the part of the link that nobody else can make; an invitation that is sent again has another."""
    again = f".{joining.edition}" if joining.edition > 1 else ""
    return _SIGNER.sign(f"{joining.pk}{again}")


def joining_of(token: str, now: datetime, *, lock: bool = False) -> Joining:
    """Return what a link stands for.

    Raises `NotFound` for a link that we did not make, `Conflict` for one that is used, expired, taken back or
    followed by a newer one.
    """
    rows, edition = Joining.objects.select_related("organisation"), ""
    try:
        number, _, edition = _SIGNER.unsign(token).partition(".")
        rows = rows.filter(pk=int(number))
    except BadSignature:
        rows = rows.none()
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            "people.joining.unknown",
            message(gettext_noop("This link leads nowhere: it is cut off, or too old. Ask for a new one.")),
        )
    if found.used_at is not None:
        said = message(gettext_noop("This link was used already. Sign in with your address and password."))
        raise Conflict("people.joining.used", said)
    if found.taken_back_at is not None:
        said = message(gettext_noop("This invitation was taken back. Ask who invited you whether it was meant so."))
        raise Conflict("people.joining.taken_back", said)
    if found.edition != int(edition or 1):
        said = message(gettext_noop("A newer link was sent for this invitation. Follow the one that came last."))
        raise Conflict("people.joining.replaced", said)
    if found.expires_at <= now:
        hours = LINK_COUNTS_FOR // timedelta(hours=1)
        said = message(
            gettext_noop("This link counted for {hours} hours, which are over. Ask for a new one."), hours=hours
        )
        raise Conflict("people.joining.expired", said)
    return found


def on_file(joining: Joining) -> Person | None:
    """Return the person who has the address already, if somebody has."""
    return Person.objects.filter(email__iexact=joining.email).first()


@dataclass(frozen=True, slots=True)
class Asked:
    """How the mail with the link is headed, and which template says the rest."""

    subject: str
    template: str


def asked_by_link(joining: Joining) -> Asked:
    """Return what the mail to this address says: only its owner learns whether it is on file."""
    if joining.organisation is not None:
        return Asked(gettext_noop("You are invited to an organisation at Lionrock"), "invited")
    if on_file(joining):
        return Asked(gettext_noop("You have an account at Lionrock already"), "known")
    return Asked(gettext_noop("Confirm your address for Lionrock"), "joining")
