"""The parameters that a programme can set: path, kind, meaning, and whether a call needs it.

A path with a star is a family: the star stands for an id that the programme chooses. Those that
are `named` get their label from the programme's file, all others here, once for all programmes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial

from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop
from lionrock.rules.calendar import check_calendar
from lionrock.rules.items import Mode
from lionrock.rules.proration import Proration
from lionrock.rules.units import Kind


class Requirement(StrEnum):
    """What must come with an exceptional rate."""

    WRITTEN_REASON = "written_reason"
    DECIDING_BODY = "deciding_body"


class Anonymity(StrEnum):
    """Who is not named to whom while an application is assessed."""

    NONE = "none"
    ASSESSORS_UNNAMED = "assessors_unnamed"
    """Applicants are not told who assessed them."""
    BOTH_UNNAMED = "both_unnamed"
    """Nor are assessors told who applies."""


class Majority(StrEnum):
    """The share of the votes cast, for and against, that carries a decision."""

    SIMPLE = "simple"
    """More for than against."""
    TWO_THIRDS = "two_thirds"
    """At least two thirds for."""
    UNANIMOUS = "unanimous"
    """None against."""


class Media(StrEnum):
    """Kinds of file that can be told by their content."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True)
class Known:
    """A parameter that the engine knows.

    `needed` ones must stand in every programme, if only as null, and a call refuses to open while
    they are null. `kind` None takes values of any kind. `options` are the only choices that the
    engine can act on; without them any choice of the unit will do. `least` and `most` bound numbers;
    `check` raises `Invalid` for a text that does not name what it should.
    """

    path: str
    kind: Kind | None
    label: str
    needed: bool = False
    named: bool = False
    options: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    check: Callable[[str], str] | None = None

    @property
    def is_family(self) -> bool:
        """Whether the path holds an id that the programme chooses."""
        return "*" in self.path


FULL = 100
"""Marks are of so many."""
FORM = "questions"
"""How the application form is named among the parameters; it is read from questions.yaml."""
FORM_LABEL = gettext_noop("The application form")

KNOWN: tuple[Known, ...] = (
    Known("budget.fund_total", Kind.MONEY, gettext_noop("The whole fund"), needed=True),
    Known("budget.years", Kind.WHOLE, gettext_noop("Years that the fund is meant for")),
    Known("budget.covers", Kind.PHRASES, gettext_noop("What the fund pays for")),
    Known("budget.set_aside", Kind.MONEY, gettext_noop("Part of the fund set aside from compute")),
    Known("bodies.owner", Kind.NAMES, gettext_noop("Owner of the programme")),
    Known("bodies.operator", Kind.NAMES, gettext_noop("Operator of the centre")),
    Known("bodies.secretariat", Kind.NAMES, gettext_noop("Secretariat")),
    Known("bodies.decides", Kind.NAMES, gettext_noop("Body that decides applications")),
    Known("bodies.decides_on", Kind.PHRASES, gettext_noop("What that body sets for each award")),
    Known("calls.intake", Kind.CHOICE, gettext_noop("How applications are taken in")),
    Known("calls.closes", Kind.DAY, gettext_noop("Last day for applications")),
    Known("calls.enquiries", Kind.TEXT, gettext_noop("Where to ask")),
    Known("calls.submissions", Kind.TEXT, gettext_noop("Where to apply")),
    Known("categories.*", Kind.FLAG, gettext_noop("Category of applicant, and whether it may apply"), named=True),
    Known("categories.*.evidence", Kind.LIST, gettext_noop("Documents that prove the category")),
    Known("eligibility.exclusive_of_other_subsidy", Kind.FLAG, gettext_noop("No other subsidy for the same scope")),
    Known("eligibility.live_applications_max", Kind.WHOLE, gettext_noop("Live applications of one applicant, at most")),
    Known("subsidy.basis", Kind.CHOICE, gettext_noop("What the subsidy is a share of")),
    Known("subsidy.general_rate", Kind.SHARE, gettext_noop("General level of subsidy"), needed=True),
    Known("subsidy.exceptional_rate_max", Kind.SHARE, gettext_noop("Exceptional level of subsidy, at most")),
    Known(
        "subsidy.exceptional_requires",
        Kind.CHOICES,
        gettext_noop("What the exceptional level requires"),
        options=tuple(Requirement),
    ),
    Known("subsidy.exceptional_grounds", Kind.PHRASES, gettext_noop("Grounds for the exceptional level")),
    Known("subsidy.award_cap", Kind.MONEY, gettext_noop("Subsidy of one award, at most")),
    Known("request.unit", Kind.CHOICE, gettext_noop("What a request is counted in"), needed=True),
    Known("request.min_count", Kind.WHOLE, gettext_noop("Smallest count of a request"), needed=True),
    Known("request.max_count", Kind.WHOLE, gettext_noop("Largest count of a request"), needed=True),
    Known("request.min_months", Kind.WHOLE, gettext_noop("Shortest period of a request, in months"), needed=True),
    Known("request.max_months", Kind.WHOLE, gettext_noop("Longest period of a request, in months"), needed=True),
    Known("charging.modes", Kind.CHOICES, gettext_noop("How use is charged"), needed=True, options=tuple(Mode)),
    Known(
        "charging.proration",
        Kind.CHOICE,
        gettext_noop("Rule for a part of a leased month"),
        needed=True,
        options=tuple(Proration),
    ),
    Known("charging.hours_per_month", Kind.DECIMAL, gettext_noop("Hours that count as a month"), needed=True),
    Known("payment.mode", Kind.CHOICE, gettext_noop("Who pays what first"), needed=True),
    Known("payment.days", Kind.WHOLE, gettext_noop("Days to pay a statement"), needed=True),
    Known("payment.deposit", Kind.MONEY, gettext_noop("Deposit"), needed=True),
    Known(
        "arrears.*.days", Kind.WHOLE, gettext_noop("Reminder, and how many days after the day due"), named=True, least=1
    ),
    Known("arrears.*.suspends", Kind.FLAG, gettext_noop("The reminder suspends the debtor's awards")),
    Known("arrears.interest_rate", Kind.SHARE, gettext_noop("Interest a year on what is paid late")),
    Known("write_off.alone_max", Kind.MONEY, gettext_noop("What finance may write off alone, at most")),
    Known("write_off.finance_max", Kind.MONEY, gettext_noop("What two persons of finance may write off, at most")),
    Known("write_off.chair_max", Kind.MONEY, gettext_noop("What finance and the chair may write off, at most")),
    Known("assessment.pass_mark", Kind.DECIMAL, gettext_noop("Pass mark, of 100"), needed=True, most=FULL),
    Known("assessment.assessors", Kind.WHOLE, gettext_noop("Assessors per application"), least=1),
    Known(
        "assessment.scale_max",
        Kind.WHOLE,
        gettext_noop("Highest score of a point, the lowest being 0"),
        needed=True,
        least=1,
        most=FULL,
    ),
    Known(
        "assessment.moderation_spread",
        Kind.DECIMAL,
        gettext_noop("Marks of 100 between assessors, above which they are brought together"),
        most=FULL,
    ),
    Known(
        "assessment.anonymity",
        Kind.CHOICE,
        gettext_noop("Who is not named to whom"),
        options=tuple(Anonymity),
    ),
    Known("criteria.*.weight", Kind.WHOLE, gettext_noop("Criterion, and its weight of 100"), needed=True, named=True),
    Known("criteria.*.points", Kind.PHRASES, gettext_noop("Points that a criterion looks at")),
    Known("criteria.*.minimum", Kind.DECIMAL, gettext_noop("Marks of 100 that a criterion needs"), most=FULL),
    Known("committee.quorum", Kind.WHOLE, gettext_noop("Members who must be present to decide"), least=1),
    Known("committee.majority", Kind.CHOICE, gettext_noop("Majority that carries a decision"), options=tuple(Majority)),
    Known("committee.casting_vote", Kind.FLAG, gettext_noop("The chair decides where votes are equal")),
    Known("pledges.completeness_days", Kind.WHOLE, gettext_noop("Working days to check that all is there")),
    Known("pledges.assessment_days", Kind.WHOLE, gettext_noop("Working days to assess")),
    Known("pledges.decision_days", Kind.WHOLE, gettext_noop("Working days from submission to decision")),
    Known("pledges.clarification_days", Kind.WHOLE, gettext_noop("Working days of the applicant to answer a question")),
    Known(
        "calendar.holidays",
        Kind.TEXT,
        gettext_noop("Calendar of public holidays"),
        check=partial(check_calendar, field="calendar.holidays"),
    ),
    Known("capacity.*", Kind.WHOLE, gettext_noop("How many of an item the centre has")),
    Known("documents.*", Kind.CHOICE, gettext_noop("Document, and when it is required"), named=True),
    Known("documents.*.categories", Kind.LIST, gettext_noop("Categories of applicant that owe a document")),
    Known("documents.*.pages_max", Kind.WHOLE, gettext_noop("Pages or slides of a document, at most")),
    Known("documents.*.accepts", Kind.PHRASES, gettext_noop("What counts as the document")),
    Known("documents.*.media", Kind.CHOICES, gettext_noop("Kinds of file of a document"), options=tuple(Media)),
    Known("declarations.*", Kind.FLAG, gettext_noop("Declaration that the applicant signs"), named=True),
    Known("reports.progress_interval_months", Kind.WHOLE, gettext_noop("Months between progress reports"), needed=True),
    Known("reports.final_due_days", Kind.WHOLE, gettext_noop("Days to hand in the final report"), needed=True),
    Known(
        "reports.year_begins",
        Kind.WHOLE,
        gettext_noop("Month in which the year of the annual report begins"),
        least=1,
        most=12,
    ),
    Known("reports.licence", Kind.TEXT, gettext_noop("Licence of the published results")),
    Known("agreement.days_to_sign", Kind.WHOLE, gettext_noop("Days to sign the agreement"), needed=True),
    Known(
        "form.files_megabytes_max",
        Kind.WHOLE,
        gettext_noop("All files of an application together, at most"),
        named=True,
        least=1,
    ),
    Known("form.*", None, gettext_noop("Fact about the application form"), named=True),
    Known("facts.*", None, gettext_noop("Fact about the programme that no rule reads"), named=True),
)


@lru_cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\*", r"[a-z0-9_-]+"))


@lru_cache(maxsize=4096)
def known_parameter(path: str) -> Known | None:
    """Return what the engine knows about a path, or None."""
    exact = [known for known in KNOWN if known.path == path]
    family = [known for known in KNOWN if known.is_family and _pattern(known.path).fullmatch(path)]
    return next(iter(exact + family), None)


def needed_paths() -> tuple[str, ...]:
    """Return the paths, without families, that every programme must state."""
    return tuple(known.path for known in KNOWN if known.needed and not known.is_family)


def member(path: str) -> str:
    """Return the id in a family's path: "criteria.alignment.weight" → "alignment"."""
    return path.split(".")[1]


def check_programme_id(text: str) -> str:
    """Return the id when it can name a folder and stand in an address; raises `Invalid`."""
    return check_slug(text, field="id")
