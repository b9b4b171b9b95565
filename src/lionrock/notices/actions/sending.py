"""Handing mail to the server: each once it has taken it, none while another process has it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions.packing import pack_mail
from lionrock.notices.domain import next_try
from lionrock.notices.models import Mail
from lionrock.notices.writing import written

_log = structlog.get_logger(__name__)
_FOR_GOOD = range(500, 600)
"""Answers of a mail server that will be the same tomorrow."""
_ERROR_LENGTH = 300


def send_mail(now: datetime) -> int:
    """Pack what is due and hand it to the mail server; return how many mails it took.

    Each mail is a transaction of its own: it is marked once the server has taken it, so that a
    process killed at any moment sends none a second time but the one that it was handing over, whose
    `Message-ID` stays the same. Without a mail server nothing is packed or sent. Raises `Unavailable`
    when the server cannot be reached or lets us not in; everything then waits.
    """
    if not settings.LIONROCK_MAIL:
        return 0
    pack_mail(now)
    sent = 0
    with _server() as server:
        while (took := _send_next(server, now)) is not None:
            sent += took
    return sent


def retry_mail(*, numbers: Sequence[int] | None, now: datetime) -> int:
    """Have given-up mails of these numbers (None: all of them) wait anew; return how many there were."""
    given_up = Mail.objects.filter(given_up_at__isnull=False)
    chosen = given_up if numbers is None else given_up.filter(pk__in=numbers)
    return chosen.update(given_up_at=None, next_try=now, tries=0)


@contextmanager
def _server() -> Iterator[EmailBackend]:
    server = EmailBackend()
    try:
        yield server
    finally:
        _hang_up(server)


def _hang_up(server: EmailBackend) -> None:
    """Close the connection; a server that has gone away does not mind."""
    with suppress(OSError, smtplib.SMTPException):
        server.close()
    server.connection = None


@transaction.atomic
def _send_next(server: EmailBackend, now: datetime) -> bool | None:
    """Send the mail that has waited longest; return whether the server took it, None when none is left."""
    waiting = Mail.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, next_try__lte=now)
    mail = waiting.select_for_update(skip_locked=True).order_by("next_try", "pk").first()
    if mail is None:
        return None
    _connect(server)
    try:
        server.send_messages([written(mail)])
    except (smtplib.SMTPException, OSError, ValueError, ObjectDoesNotExist) as failed:
        _hang_up(server)
        _note_failure(mail, failed, now)
        return False
    mail.sent_at, mail.last_error = now, ""
    mail.save(update_fields=["sent_at", "last_error"])
    return True


def _connect(server: EmailBackend) -> None:
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as failed:
        raise Unavailable(
            "notices.mail.server",
            message(
                gettext_noop(
                    "The mail server {host}:{port} cannot be used: {reason} Mail waits and goes out when it can; "
                    "see LIONROCK_MAIL_URL."
                ),
                host=settings.EMAIL_HOST,
                port=settings.EMAIL_PORT,
                reason=_reason(failed),
            ),
        ) from failed


def _note_failure(mail: Mail, failed: Exception, now: datetime) -> None:
    mail.tries += 1
    mail.last_error = _reason(failed)
    again = None if _for_good(failed) else next_try(mail.tries, now)
    if again is None:
        mail.given_up_at = now
    else:
        mail.next_try = again
    mail.save(update_fields=["tries", "last_error", "given_up_at", "next_try"])
    _log.warning("notices.mail.failed", mail=mail.pk, tries=mail.tries, given_up=again is None, reason=mail.last_error)


def _for_good(failed: Exception) -> bool:
    """Tell whether trying again is of no use: the server refuses the address, or it cannot be written at all."""
    if isinstance(failed, smtplib.SMTPRecipientsRefused):
        return all(code in _FOR_GOOD for code, _ in failed.recipients.values())
    if isinstance(failed, smtplib.SMTPResponseException):
        return failed.smtp_code in _FOR_GOOD
    return isinstance(failed, ValueError | ObjectDoesNotExist)


def _reason(failed: Exception) -> str:
    """Return what the server said, in one line that ends like a sentence."""
    said = " ".join(str(failed).split()) or type(failed).__name__
    return f"{said[: _ERROR_LENGTH - 1].rstrip('.')}."
