"""The minutes as one viewer reads them: a draft until the meeting is closed, and fixed from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lionrock.committee.domain import without
from lionrock.committee.minutes_content import minutes_content, money_of
from lionrock.committee.models import AgendaItem, Meeting, Minutes
from lionrock.committee.queries import hidden_from
from lionrock.kernel.messages import Message
from lionrock.kernel.money import Money
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.rules.shape import Names
from lionrock.web.pdf import render_pdf


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the minutes, as people read it."""

    kept: Mapping[str, Any]
    item: Names

    @property
    def title(self) -> Names:
        """The title of the application."""
        return names_of(self.kept["title"])

    @property
    def organisation(self) -> Names:
        """Who applied."""
        return names_of(self.kept["organisation"])

    @property
    def asked_starts(self) -> date:
        """The first day that was asked for."""
        return date.fromisoformat(self.kept["asked"]["starts"])

    @property
    def starts(self) -> date:
        """The first day that was given."""
        given = (self.kept["proposal"] or {}).get("starts")
        return date.fromisoformat(given) if given else self.asked_starts

    @property
    def count(self) -> int:
        """How many were given."""
        return int((self.kept["proposal"] or {}).get("count") or self.kept["asked"]["count"])

    @property
    def months(self) -> int:
        """For how many months."""
        return int((self.kept["proposal"] or {}).get("months") or self.kept["asked"]["months"])

    @property
    def rate(self) -> Decimal | None:
        """Another rate than the general one."""
        given = (self.kept["proposal"] or {}).get("rate")
        return Decimal(given) if given else None

    @property
    def committed(self) -> Money | None:
        """What was committed."""
        return money_of(self.kept["resolution"])

    @property
    def recused(self) -> list[tuple[str, Message]]:
        """Who took no part, and why."""
        return [
            (each["name"], Message(each["reason"]["template"], dict(each["reason"]["fields"])))
            for each in self.kept["recused"]
        ]


@dataclass(frozen=True, slots=True)
class Protocol:
    """The minutes as one viewer reads them; `sha256` is empty while they are a draft."""

    kept: Mapping[str, Any]
    meeting: Meeting
    zone: ZoneInfo
    entries: tuple[Entry, ...]
    sha256: str

    @property
    def programme(self) -> Names:
        """The programme's name."""
        return names_of(self.kept["programme_name"])

    @property
    def title(self) -> Names:
        """The title of the meeting."""
        return names_of(self.kept["title"])

    @property
    def opened_at(self) -> datetime | None:
        """When it began."""
        return _instant(self.kept["opened_at"])

    @property
    def closed_at(self) -> datetime | None:
        """When it ended."""
        return _instant(self.kept["closed_at"])


def names_of(kept: Mapping[str, str]) -> Names:
    """Return a name that minutes keep in three languages."""
    return Names(kept["en"], kept["zh_hant"] or None, kept["zh_hans"] or None)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def protocol_of(viewer: Actor, meeting: Meeting) -> Protocol:
    """Return the minutes, without the items that are hidden from the viewer: those fixed, else a draft."""
    fixed = Minutes.objects.filter(meeting=meeting).first()
    whole = fixed.content if fixed else minutes_content(meeting)
    hidden = AgendaItem.objects.filter(hidden_from(viewer), meeting=meeting)
    kept = without(whole, set(hidden.values_list("application__code", flat=True)))
    programme = programme_on_file(meeting.programme)
    entries = tuple(Entry(each, programme.item(each["asked"]["item"]).names) for each in kept["items"])
    return Protocol(kept, meeting, programme.zone, entries, fixed.sha256 if fixed else "")


def protocol_pdf(protocol: Protocol, language: str) -> bytes:
    """Return the minutes as a PDF in that language."""
    return render_pdf("committee/minutes_document.html", {"protocol": protocol}, language)
