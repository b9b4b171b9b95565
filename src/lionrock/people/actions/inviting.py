"""Invitations to an organisation: sent, sent again with a new link, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.actions.registering import check_email
from lionrock.people.domain import ASKED_WITHIN, LINK_COUNTS_FOR, SENT_AGAIN_AFTER, Actor, JoiningAsked, Role
from lionrock.people.models import Joining, Organisation
from lionrock.people.policies import require_caretaker
from lionrock.people.queries import may_see_organisation, open_invitations, organisation_for


@transaction.atomic
def invite_colleague(
    *,
    actor: Actor,
    organisation: str,
    email: str,
    now: datetime,
    language: str = "en",
    administrator: bool = False,
) -> None:
    """Send somebody the link by which they become a member, with an account or without; administrators and offices may.

    Nothing tells the inviter whether the address has an account. Invited twice within an hour, once; later the
    invitation that waits goes out anew. Raises `Invalid` for what is no address.
    """
    place = organisation_for(actor, organisation)
    require_caretaker(actor, organisation)
    check_lines({"email": email})
    check_email(email)
    # Two who invite the same person at once would send two links.
    Organisation.objects.select_for_update().get(pk=place.pk)
    found = open_invitations(place).filter(email__iexact=email).first()
    if found and found.as_administrator == administrator and (found.sent_at or found.asked_at) > now - ASKED_WITHIN:
        return
    facts = {"language": language, "invited_by": actor.email, "as_administrator": administrator}
    if found:
        _send_again(found, now, **facts)
    else:
        span = {"asked_at": now, "sent_at": now, "expires_at": now + LINK_COUNTS_FOR}
        found = Joining.objects.create(email=email, organisation=place, **facts, **span)
        publish(JoiningAsked(found.pk, email, language, now))
    _record("people.invite_colleague", found, actor, now)


def _send_again(invitation: Joining, now: datetime, **facts: object) -> None:
    """Make a new link, so that the one before is dead, and send it."""
    for name, value in facts.items():
        setattr(invitation, name, value)
    invitation.edition += 1
    invitation.sent_at, invitation.expires_at = now, now + LINK_COUNTS_FOR
    invitation.save(update_fields=["edition", "sent_at", "expires_at", *facts])
    publish(JoiningAsked(invitation.pk, invitation.email, invitation.language, now))


@transaction.atomic
def resend_invitation(*, actor: Actor, number: int, now: datetime) -> Joining:
    """Send an invitation again, with a new link; the one before counts no more. Administrators and offices may.

    Raises `NotFound` for none that waits, `Conflict` when it has just been sent.
    """
    invitation = _invitation(actor, number)
    again = (invitation.sent_at or invitation.asked_at) + SENT_AGAIN_AFTER
    if now < again:
        said = message(
            gettext_noop("This invitation has just been sent. Wait {minutes} minutes before you send it again."),
            minutes=-(-(again - now) // timedelta(minutes=1)),
        )
        raise Conflict("people.invitation.too_soon", said)
    _send_again(invitation, now)
    _record("people.resend_invitation", invitation, actor, now)
    return invitation


@transaction.atomic
def take_back_invitation(*, actor: Actor, number: int, now: datetime) -> Joining:
    """Take an invitation back: its link leads nowhere from now on. Administrators and offices may.

    Raises `NotFound` for none that waits.
    """
    invitation = _invitation(actor, number)
    invitation.taken_back_at, invitation.taken_back_by = now, actor.email
    invitation.save(update_fields=["taken_back_at", "taken_back_by"])
    _record("people.take_back_invitation", invitation, actor, now)
    return invitation


def _invitation(actor: Actor, number: int) -> Joining:
    rows = open_invitations().select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=number).first()
    place = found.organisation if found else None
    if found is None or place is None or not may_see_organisation(actor, place.code):
        said = message(gettext_noop("No such invitation waits. It was taken up, taken back, or has grown too old."))
        raise NotFound("people.invitation.unknown", said)
    require_caretaker(actor, place.code)
    return found


def _record(action: str, invitation: Joining, actor: Actor, now: datetime) -> None:
    place = invitation.organisation.code if invitation.organisation else ""
    role = Role.ORGANISATION_ADMIN if invitation.as_administrator else Role.MEMBER
    details = {"as": role.value, "link": invitation.edition}
    record(action, invitation.email, actor=actor.email, now=now, organisation=place, details=details)
