"""The boxes of the room's forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from lionrock.awards.domain import Decision
from lionrock.committee.actions.recusing import REASON_LENGTH
from lionrock.committee.queries import Member
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_instant
from lionrock.kernel.texts import PARAGRAPH_LENGTH
from lionrock.web.filling import Box
from lionrock.web.words import word


def plan_boxes() -> list[Box]:
    """Return the boxes to plan a meeting."""
    return [
        Box("title", gettext("Title")),
        Box("title_zh_hant", gettext("Title in Traditional Chinese"), lang="zh-Hant", required=False),
        Box("title_zh_hans", gettext("Title in Simplified Chinese"), lang="zh-Hans", required=False),
        Box("when", gettext("When it begins"), "datetime-local", help=gettext("In the programme's own time.")),
        Box("place", gettext("Place"), required=False),
    ]


def read_when(text: str, zone: ZoneInfo) -> datetime:
    """Read a local date and time as an instant; raises `Invalid`."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        said = message(gettext_noop("“{value}” is not a date with a time. Write it as 2026-04-01T10:00."), value=text)
        raise Invalid("committee.when", said, faults=[Fault("committee.when", said, field="when", value=text)])
    return local_instant(local, zone)


def proposal_boxes() -> list[Box]:
    """Return the boxes of a proposal."""
    return [
        Box("decision", gettext("Decision"), "choice", choices=[(each.value, word(each.value)) for each in Decision]),
        Box("rate", gettext("Scheme's share, in per cent"), longest=12, required=False),
        Box("count", gettext("Count"), longest=9, required=False),
        Box("months", gettext("Months"), longest=9, required=False),
        Box("starts", gettext("First day"), "date", longest=10, required=False),
        Box(
            "conditions",
            gettext("Conditions"),
            "area",
            help=gettext("What the award is tied to, one a line."),
            longest=PARAGRAPH_LENGTH,
            required=False,
        ),
        Box(
            "reason",
            gettext("Reason"),
            "area",
            help=gettext("The applicant is told it. Needed to decline, and for another rate than the general one."),
            longest=PARAGRAPH_LENGTH,
            required=False,
        ),
    ]


def reason_box(name: str, label: str) -> Box:
    """Return one box for a reason of a line."""
    return Box(name, label, longest=REASON_LENGTH)


def person_box(members: Sequence[Member]) -> Box:
    """Return the choice of a member."""
    return Box("person", gettext("Member"), "select", choices=[(member.email, member.name) for member in members])
