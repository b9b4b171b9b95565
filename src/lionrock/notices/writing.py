"""What an e-mail says, written when it is sent, in the language of its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import check_for_language, gettext, ngettext, override

from lionrock.identity.models import Reset
from lionrock.identity.resetting import token_of as reset_token
from lionrock.notices.domain import told
from lionrock.notices.models import Mail, Notice
from lionrock.people.domain import LINK_COUNTS_FOR
from lionrock.people.joining import asked_by_link, token_of
from lionrock.people.models import Joining
from lionrock.web.context import tag
from lionrock.web.sentences import translate

_BY_WISH: Final = frozenset({Mail.Kind.NOTICES.value, Mail.Kind.DIGEST.value})
"""Kinds that one can stop; a link that somebody has asked for comes in any case."""
SUBJECT_LENGTH = 150
"""Characters; a longer subject is cut, since many programs show no more."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A mail before it is laid out: its subject, its template and what that shows."""

    subject: str
    template: str
    content: Mapping[str, object]


def written(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail, ready to be sent; sent twice, it has the same `Message-ID`."""
    language = mail.language if check_for_language(mail.language) else settings.LANGUAGE_CODE
    with override(language):
        paper = _WRITERS[mail.kind](mail)
        content = {**paper.content, "settings_address": link("notices:settings"), "subject": paper.subject}
        text = render_to_string(f"notices/mail/{paper.template}.txt", content)
        html = render_to_string(f"notices/mail/{paper.template}.html", content)
    made = EmailMultiAlternatives(
        subject=one_line(paper.subject), body=text, to=[one_line(mail.address)], headers=_headers(mail, language)
    )
    made.attach_alternative(html, "text/html")
    return made


def _headers(mail: Mail, language: str) -> dict[str, str]:
    host = urlsplit(settings.LIONROCK_PORTAL_URL).hostname or "localhost"
    stays = {"List-Unsubscribe": f"<{link('notices:settings')}>"} if mail.kind in _BY_WISH else {}
    return {
        "Message-ID": f"<mail-{mail.pk}-{mail.made_at:%Y%m%d%H%M%S}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": tag(language),
        **stays,
    }


def one_line(text: str) -> str:
    """Return a text as one line of bounded length, so that it cannot become a header of its own."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def link(page: str, *arguments: object) -> str:
    """Return the full address of a page, for who reads it elsewhere."""
    return f"{settings.LIONROCK_PORTAL_URL}{reverse(page, args=arguments)}"


def _lines(mail: Mail) -> list[dict[str, str]]:
    rows: list[Notice] = list(mail.notices.order_by("at", "pk"))
    return [{"said": translate(told(notice.said)), "address": link("notices:open", notice.pk)} for notice in rows]


def _notices(mail: Mail) -> Paper:
    lines = _lines(mail)
    many = ngettext("Lionrock has {count} notice for you", "Lionrock has {count} notices for you", len(lines))
    subject = lines[0]["said"] if len(lines) == 1 else many.format(count=len(lines))
    return Paper(subject, "notices", {"lines": lines})


def _digest(mail: Mail) -> Paper:
    lines = _lines(mail)
    subject = ngettext("Your day at Lionrock: {count} notice", "Your day at Lionrock: {count} notices", len(lines))
    return Paper(subject.format(count=len(lines)), "digest", {"lines": lines})


def _joining(mail: Mail) -> Paper:
    joining = Joining.objects.select_related("organisation").get(pk=mail.code)
    content = {
        "joining": joining,
        "address": link("people:joining", token_of(joining)),
        "sign_in": link("people:sign_in"),
        "hours": LINK_COUNTS_FOR // timedelta(hours=1),
    }
    asked = asked_by_link(joining)
    return Paper(gettext(asked.subject), asked.template, content)


def _reset(mail: Mail) -> Paper:
    asked = Reset.objects.get(pk=mail.code)
    content = {"address": link("identity:reset_by_link", reset_token(asked)), "sign_up": link("people:join")}
    known = gettext("Choose another password for Lionrock")
    unknown = gettext("You have no account at Lionrock with this address")
    return Paper(known, "reset", content) if asked.person_id else Paper(unknown, "unknown", content)


_WRITERS: Final[Mapping[str, Callable[[Mail], Paper]]] = MappingProxyType(
    {
        Mail.Kind.NOTICES.value: _notices,
        Mail.Kind.DIGEST.value: _digest,
        Mail.Kind.JOINING.value: _joining,
        Mail.Kind.RESET.value: _reset,
    }
)
