"""The terms of a programme on one day: every value that is read from them is recorded.

An answer keeps `terms.reads`; with the same rulebook and the same day it can be replayed, and
each value in it leads to its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from lionrock.kernel.errors import Broken, Fault, Invalid, Refused
from lionrock.kernel.findings import Citation, Finding, Outcome, ParameterRead
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_midnight
from lionrock.rules.forms import ApplicationForm
from lionrock.rules.items import ListPrice, Mode
from lionrock.rules.parameters import (
    FORM,
    FORM_LABEL,
    KNOWN,
    Anonymity,
    Majority,
    Media,
    Requirement,
    known_parameter,
    member,
)
from lionrock.rules.proration import Proration
from lionrock.rules.shape import Names
from lionrock.rules.units import Value

if TYPE_CHECKING:
    from lionrock.rules.programme import Programme
    from lionrock.rules.values import Parameter

Kept = TypeVar("Kept", Fraction, Decimal, Money, int, str, date, Names, tuple[str, ...])
Label = Names | Message


@dataclass(frozen=True, slots=True)
class Category:
    """A category of applicant; `open` None: the owner has not said whether it may apply."""

    id: str
    label: Label
    open: bool | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of assessment, its weight of 100 (None: not set), and what it looks at.

    `minimum` are the marks of 100 that it needs by itself; None: none are required.
    """

    id: str
    label: Label
    weight: int | None
    points: tuple[Names, ...]
    minimum: Decimal | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an application.

    `required` is as the programme words it ("required", "if_applicable"); `categories` empty
    means that every category owes it, `media` empty that no kind of file is prescribed.
    """

    id: str
    label: Label
    required: str | None
    categories: tuple[str, ...]
    pages_max: int | None
    accepts: tuple[Names, ...]
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A sentence that the applicant signs; `asked` None: not known."""

    id: str
    label: Label
    asked: bool | None


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The smallest and largest request; each limit None where the owner has not set it.

    Counts are of `unit` ("node", "card"), periods in calendar months.
    """

    unit: str | None
    min_count: int | None
    max_count: int | None
    min_months: int | None
    max_months: int | None


@dataclass(frozen=True, slots=True)
class Unset:
    """A value that a call needs and the owner has not set; the note tells what is known about it."""

    path: str
    label: Label
    note: str | None
    citation: Citation | None


class Terms:
    """Reads the parameters of a programme as they stand on one day, and records each read."""

    def __init__(self, programme: Programme, on: date) -> None:
        self.programme = programme
        self.on = on
        self._reads: dict[str, ParameterRead] = {}

    @property
    def starts(self) -> datetime:
        """The instant at which the day begins in the programme's zone."""
        return local_midnight(self.on, self.programme.zone)

    @property
    def reads(self) -> tuple[ParameterRead, ...]:
        """What has been read so far, each path once, in the order of the first read."""
        return tuple(self._reads.values())

    def record(self, path: str) -> ParameterRead:
        """Return the record of a parameter that was read before, for use in a finding."""
        return self._reads[path]

    def value(self, path: str) -> Value | None:
        """Read any parameter; None when it is absent, not yet in force, or not set by the owner.

        Raises `Broken` for a path that no programme could have.
        """
        if known_parameter(path) is None:
            raise Broken("rules.terms.path", message(gettext_noop("There is no parameter “{path}”."), path=path))
        parameter = self.programme.parameters.get(path)
        if parameter is None:
            self._reads.setdefault(path, ParameterRead(path, None, None, None))
            return None
        self._reads.setdefault(path, parameter.read(self.on))
        version = parameter.on(self.on)
        return version.value if version else None

    def price(self, item: str, site: str | None = None) -> ListPrice | None:
        """Read the version of an item's price that is in force at 00:00 of the day in the programme's zone.

        With a site, the price there, where it has prices of its own.
        """
        found = self.programme.item(item).at_site(site)
        self._reads.setdefault(found.price_path, found.read_at(self.starts))
        return found.listed_at(self.starts)

    def _read(self, path: str, kind: type[Kept]) -> Kept | None:
        value = self.value(path)
        if value is None or isinstance(value, kind):
            return value
        raise Broken(
            "rules.terms.kind",
            message(gettext_noop("{path} is not of the kind {kind}."), path=path, kind=kind.__name__),
        )

    def _texts(self, path: str) -> tuple[str, ...]:
        value = self.value(path)
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, tuple) else ()

    def _phrases(self, path: str) -> tuple[Names, ...]:
        value = self.value(path)
        return tuple(each for each in value if isinstance(each, Names)) if isinstance(value, tuple) else ()

    def _set(self, path: str, kind: type[Kept]) -> Kept:
        value = self._read(path, kind)
        if value is None:
            raise self.not_set(path)
        return value

    def not_set(self, path: str) -> Refused:
        """Return the refusal that names a parameter, read before, that the owner has not set."""
        said = message(
            gettext_noop("{programme} has not set “{label}” ({path}) for {on}. Its owner must set it first."),
            programme=self.programme.id,
            label=self._label(path),
            path=path,
            on=self.on,
        )
        finding = Finding("rules.terms.not_set", Outcome.UNKNOWN, said, parameters=(self.record(path),))
        return Refused("rules.terms.not_set", said, findings=[finding])

    def _label(self, path: str) -> Label:
        parameter = self.programme.parameters.get(path)
        known = known_parameter(path)
        return parameter.label if parameter else message(known.label if known else path)

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories of applicant, in the order of the programme's files."""
        return tuple(self._category(parameter) for parameter in self.programme.family("categories"))

    def _category(self, parameter: Parameter) -> Category:
        open_ = self.value(parameter.path)
        evidence = self._texts(f"{parameter.path}.evidence")
        return Category(member(parameter.path), parameter.label, _flag(open_), evidence)

    def category(self, category: str) -> Category:
        """Return one category; raises `Invalid` naming those that the programme knows."""
        known = {member(parameter.path): parameter for parameter in self.programme.family("categories")}
        if category in known:
            return self._category(known[category])
        said = message(
            gettext_noop("“{value}” is not a category of {programme}. Write one of: {known}."),
            value=category,
            programme=self.programme.id,
            known=", ".join(known),
        )
        fault = Fault("rules.category.unknown", said, field="category", value=category)
        raise Invalid("rules.category.unknown", said, faults=[fault])

    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria of assessment, in the order of the programme's files."""
        return tuple(
            Criterion(
                member(parameter.path),
                parameter.label,
                self._read(parameter.path, int),
                self._phrases(f"criteria.{member(parameter.path)}.points"),
                self._read(f"criteria.{member(parameter.path)}.minimum", Decimal),
            )
            for parameter in self.programme.family("criteria", ".weight")
        )

    def documents(self) -> tuple[Document, ...]:
        """The documents of an application, in the order of the programme's files."""
        return tuple(
            Document(
                member(parameter.path),
                parameter.label,
                self._read(parameter.path, str),
                self._texts(f"{parameter.path}.categories"),
                self._read(f"{parameter.path}.pages_max", int),
                self._phrases(f"{parameter.path}.accepts"),
                tuple(Media(each) for each in self._texts(f"{parameter.path}.media")),
            )
            for parameter in self.programme.family("documents")
        )

    def declarations(self) -> tuple[Declaration, ...]:
        """The declarations that the applicant signs, in the order of the programme's files."""
        return tuple(
            Declaration(member(parameter.path), parameter.label, _flag(self.value(parameter.path)))
            for parameter in self.programme.family("declarations")
        )

    def application_form(self) -> ApplicationForm | None:
        """The application form; None while none is known."""
        version = self.programme.dated_form(self.on)
        if version is None:
            self._reads.setdefault(FORM, ParameterRead(FORM, None, None, None))
            return None
        since = version.since.isoformat() if version.form else None
        self._reads.setdefault(FORM, ParameterRead(FORM, since, version.since, version.citation))
        return version.form

    def form(self) -> tuple[tuple[str, Label, Value | None], ...]:
        """Facts about the application form and limits of it: id, label, value."""
        return tuple(
            (member(parameter.path), parameter.label, self.value(parameter.path))
            for parameter in self.programme.family("form")
        )

    def general_share(self) -> Fraction:
        """The scheme's share of the list price at the general level; `Refused` while not set."""
        return self._set("subsidy.general_rate", Fraction)

    def exceptional_share_max(self) -> Fraction:
        """The largest share in exceptional cases; `Refused` while not set."""
        return self._set("subsidy.exceptional_rate_max", Fraction)

    def exception_requires(self) -> tuple[Requirement, ...]:
        """What must come with an exceptional rate; everything, while the owner has not said."""
        if self.value("subsidy.exceptional_requires") is None:
            return tuple(Requirement)
        return tuple(Requirement(each) for each in self._texts("subsidy.exceptional_requires"))

    def deciding_body(self) -> Names | None:
        """The body that decides applications; None while not set."""
        return self._read("bodies.decides", Names)

    def award_cap(self) -> Money | None:
        """The largest subsidy of one award; None: no cap is known."""
        return self._read("subsidy.award_cap", Money)

    def exclusive_of_other_subsidy(self) -> bool | None:
        """Whether another subsidy for the same scope excludes the applicant; None: not known."""
        return _flag(self.value("eligibility.exclusive_of_other_subsidy"))

    def live_applications_max(self) -> int | None:
        """How many live applications one applicant may have; None: not known."""
        return self._read("eligibility.live_applications_max", int)

    def request_limits(self) -> RequestLimits:
        """The limits of a request on that day."""
        return RequestLimits(
            self._read("request.unit", str),
            self._read("request.min_count", int),
            self._read("request.max_count", int),
            self._read("request.min_months", int),
            self._read("request.max_months", int),
        )

    def fund_total(self) -> Money:
        """The whole fund; `Refused` while not set."""
        return self._set("budget.fund_total", Money)

    def closes(self) -> date | None:
        """The last day for applications; None: none is stated."""
        return self._read("calls.closes", date)

    def pass_mark(self) -> Decimal:
        """The mark of 100 from which an application passes; `Refused` while not set."""
        return self._set("assessment.pass_mark", Decimal)

    def assessors(self) -> int | None:
        """How many assessors an application has; None: not set."""
        return self._read("assessment.assessors", int)

    def scale_max(self) -> int | None:
        """The highest score that can be given to a point, from 0 on; None: not set."""
        return self._read("assessment.scale_max", int)

    def moderation_spread(self) -> Decimal | None:
        """Marks of 100 between assessors above which they are brought together; None: never."""
        return self._read("assessment.moderation_spread", Decimal)

    def anonymity(self) -> Anonymity | None:
        """Who is not named to whom; None: not set."""
        chosen = self._read("assessment.anonymity", str)
        return Anonymity(chosen) if chosen else None

    def quorum(self) -> int | None:
        """Members who must be present for a decision; None: not set."""
        return self._read("committee.quorum", int)

    def majority(self) -> Majority | None:
        """The majority that carries a decision; None: not set."""
        chosen = self._read("committee.majority", str)
        return Majority(chosen) if chosen else None

    def completeness_days(self) -> int | None:
        """Working days in which the office checks that everything is there; None: no pledge."""
        return self._read("pledges.completeness_days", int)

    def assessment_days(self) -> int | None:
        """Working days in which an eligible application is assessed; None: no pledge."""
        return self._read("pledges.assessment_days", int)

    def decision_days(self) -> int | None:
        """Working days from submission to decision; None: no pledge."""
        return self._read("pledges.decision_days", int)

    def clarification_days(self) -> int | None:
        """Working days that an applicant has to answer a question; None: no limit is set."""
        return self._read("pledges.clarification_days", int)

    def calendar(self) -> str | None:
        """The calendar of public holidays, for `rules.calendar`; None: only weekends are left out."""
        return self._read("calendar.holidays", str)

    def capacity(self, item: str) -> int | None:
        """How many of an item the centre has; None: not known. Raises `Invalid` for an unknown item."""
        return self._read(f"capacity.{self.programme.item(item).id}", int)

    def files_megabytes_max(self) -> int | None:
        """Megabytes of all files of an application together; None: no limit is known."""
        return self._read("form.files_megabytes_max", int)

    def progress_interval_months(self) -> int | None:
        """Months between progress reports; None: not set."""
        return self._read("reports.progress_interval_months", int)

    def final_due_days(self) -> int | None:
        """Days after the end of use in which the final report is due; None: not set."""
        return self._read("reports.final_due_days", int)

    def report_year_begins(self) -> int | None:
        """Month (1 to 12) in which the year of the annual report begins; None: the calendar year."""
        return self._read("reports.year_begins", int)

    def results_licence(self) -> str | None:
        """Under which licence published results may be used; None: not set."""
        return self._read("reports.licence", str)

    def phrases(self, path: str) -> tuple[Names, ...]:
        """Return the phrases of a parameter, each in its languages; none where it is not set."""
        return self._phrases(path)

    def days_to_sign(self) -> int | None:
        """Days in which an offer must be accepted; None: not set."""
        return self._read("agreement.days_to_sign", int)

    def charging_modes(self) -> tuple[Mode, ...] | None:
        """How use is charged; None while not set."""
        if self.value("charging.modes") is None:
            return None
        return tuple(Mode(mode) for mode in self._texts("charging.modes"))

    def proration(self) -> Proration:
        """The rule for a part of a leased month; `Refused` while not set."""
        return Proration(self._set("charging.proration", str))

    def hours_per_month(self) -> Decimal:
        """The hours that count as a month where hours and months are compared; `Refused` while not set."""
        return self._set("charging.hours_per_month", Decimal)

    def payment_days(self) -> int:
        """Days from a statement to its payment; `Refused` while not set."""
        return self._set("payment.days", int)

    def needed_to_open(self) -> tuple[Unset, ...]:
        """The values that a call needs and the owner has not set; a call opens when there are none."""
        needed = [known for known in KNOWN if known.needed]
        paths = [known.path for known in needed if not known.is_family]
        paths += [parameter.path for parameter in self.programme.family("criteria", ".weight")]
        unset = [self._unset(path) for path in paths if self.value(path) is None]
        return tuple(unset if self.application_form() else [*unset, self._no_form()])

    def _no_form(self) -> Unset:
        version = self.programme.dated_form(self.on)
        note, citation = (version.note, version.citation) if version else (None, None)
        return Unset(FORM, message(FORM_LABEL), note, citation)

    def _unset(self, path: str) -> Unset:
        parameter = self.programme.parameters.get(path)
        version = parameter.on(self.on) if parameter else None
        note, citation = (version.note, version.citation) if version else (None, None)
        return Unset(path, self._label(path), note, citation)


def _flag(value: Value | None) -> bool | None:
    return value if isinstance(value, bool) else None
