"""Applications: list, read, begin, fill in, check, submit, withdraw."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPMethod, HTTPStatus

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, Given, Nothing
from lionrock.api.cursors import Listed, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.problems import ProblemFault, fault_shown
from lionrock.api.registry import Effect, Guard, operation
from lionrock.api.shapes import Code, Day, Line, OfProgramme, Plain
from lionrock.applications.actions import (
    Change,
    SavedAnswer,
    draft_application,
    save_answers,
    submit_application,
    withdraw_application,
)
from lionrock.applications.commands.showing import data_of, findings_of
from lionrock.applications.domain import Request
from lionrock.applications.models import Application
from lionrock.applications.queries import (
    KEPT_LONG,
    answers_of,
    application_by_code,
    applications,
    completeness_of,
    may_write,
)
from lionrock.people.domain import Actor

MOST_CHANGES = 500
_PATH = "applications/{code}"


class Brief(BaseModel):
    """An application in a list."""

    code: str
    call: str
    organisation: str
    category: str
    title: str
    state: str
    submitted_at: datetime | None


class AnswerShown(BaseModel):
    """What stands in one box of the form, in which version."""

    key: str
    value: str | list[str]
    version: int


class ApplicationShown(Brief):
    """An application; `answers` are for its authors alone."""

    applicant: str
    title_zh_hant: str
    title_zh_hans: str
    purpose: str
    item: str
    count: int | None
    months: int | None
    hours: int | None
    starts: date | None
    declarations: list[str]
    other_subsidy: bool | None
    round: int
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    findings: list[Plain]
    answers: list[AnswerShown]


class Asked(Given):
    """What is asked for."""

    item: Code
    count: int = Field(ge=1, le=1_000_000)
    months: int = Field(ge=1, le=1200)
    starts: Day
    hours: int | None = Field(None, ge=1, le=1_000_000)


class Begun(Given):
    """A new application, with as much or as little as is known of it."""

    call: Code
    organisation: Code
    category: Line = ""
    title: Line = ""
    title_zh_hant: Line = ""
    title_zh_hans: Line = ""
    purpose: str = Field("", max_length=20_000)
    declarations: list[Line] = Field([], max_length=50)
    other_subsidy: bool | None = None
    request: Asked | None = None


class OneChange(Given):
    """What is to stand in one box, and the version that was read there; 0 for nothing."""

    key: Code
    value: str | list[Line] = Field(max_length=100_000)
    version: int = Field(ge=0, le=2**31 - 1)


class Changes(Given):
    """What is to be changed in the form."""

    changes: list[OneChange] = Field(min_length=1, max_length=MOST_CHANGES)


class Told(BaseModel):
    """What became of one change: kept, unchanged, stale (somebody else wrote there since), or not kept."""

    key: str
    fate: str
    value: str | list[str]
    version: int
    fault: ProblemFault | None


class SavedShown(BaseModel):
    """What became of each change; `whole` says that all of it stands there now."""

    whole: bool
    answers: list[Told]


class Gap(BaseModel):
    """What is missing from an application, or wrong in it."""

    key: str
    text: str
    answered: bool


class Checked(BaseModel):
    """What is missing, and what the rules of today say; nothing is changed."""

    required: int
    filled: int
    gaps: list[Gap]
    findings: list[Plain]


class OfCall(OfProgramme):
    """A list of applications, narrowed."""

    call: str = Field("", max_length=32, description="Only of this call.")
    state: str = Field("", max_length=20, description="Only in this state.")


def _locked(actor: Actor, code: str) -> Application:
    return application_by_code(actor, code, lock=True)


_GUARD = Guard("read_application", _locked)


@operation(HTTPMethod.GET, "applications", Scope.READ, pages=("applications:list",), commands=("application list",))
def list_applications(call: Call[OfCall, Nothing]) -> Listed[Brief]:
    """List the applications that one may see, the newest first."""
    found, asked = applications(call.actor).select_related("call", "organisation").defer(*KEPT_LONG), call.query
    for lookup, value in (("call__programme", asked.programme), ("call__code", asked.call), ("state", asked.state)):
        found = found.filter(**{lookup: value}) if value else found
    return piece_of(found, asked, lambda each: Brief.model_validate(_brief(each)))


def _brief(each: Application) -> dict[str, object]:
    plain = {name: getattr(each, name) for name in ("code", "category", "title", "state", "submitted_at")}
    return {**plain, "call": each.call.code, "organisation": each.organisation.code}


def _shown(actor: Actor, found: Application) -> ApplicationShown:
    answers = answers_of(found) if may_write(actor, found) else {}
    boxes = [AnswerShown(key=key, value=each.value, version=each.version) for key, each in sorted(answers.items())]
    return ApplicationShown.model_validate({**data_of(found), "answers": boxes})


@operation(
    HTTPMethod.GET,
    _PATH,
    Scope.READ,
    pages=("applications:show", "applications:answers", "applications:begin", "applications:part"),
    commands=("application show",),
)
def read_application(call: Call[Nothing, Nothing], code: str) -> ApplicationShown:
    """Show one application; its authors see what stands in each box of the form."""
    return _shown(call.actor, application_by_code(call.actor, code))


@operation(
    HTTPMethod.POST,
    "applications",
    Scope.APPLICATIONS,
    effect=Effect.TOGETHER,
    status=HTTPStatus.CREATED,
    pages=("applications:new",),
    commands=("application draft",),
)
def draft_application_(call: Call[Nothing, Begun]) -> ApplicationShown:
    """Begin an application of an organisation to a call; nothing is checked by the rules yet."""
    given = dict(call.body)
    asked: Asked | None = given.pop("request")
    request = Request(asked.item, asked.count, asked.months, asked.starts, asked.hours) if asked else None
    made = draft_application(actor=call.actor, now=call.now, request=request, **given)
    return _shown(call.actor, application_by_code(call.actor, made.code))


@operation(
    HTTPMethod.PATCH,
    f"{_PATH}/answers",
    Scope.APPLICATIONS,
    effect=Effect.TOGETHER,
    guard=_GUARD,
    pages=("applications:part", "applications:entry", "applications:answers"),
    commands=("application fill",),
)
def save_answers_(call: Call[Nothing, Changes], code: str) -> SavedShown:
    """Write into boxes of the form, right or wrong; what is wrong is told, and keeps it from being submitted."""
    changes = [Change(each.key, each.value, each.version) for each in call.body.changes]
    saved = save_answers(actor=call.actor, application=code, changes=changes, now=call.now)
    return SavedShown(whole=saved.whole, answers=[_told(each) for each in saved.answers])


def _told(each: SavedAnswer) -> Told:
    fault = fault_shown(each.fault) if each.fault else None
    return Told(key=each.key, fate=each.fate.value, value=each.value, version=each.version, fault=fault)


@operation(
    HTTPMethod.GET,
    f"{_PATH}/check",
    Scope.READ,
    pages=("applications:show", "applications:submit"),
    commands=("application check",),
)
def check_application(call: Call[Nothing, Nothing], code: str) -> Checked:
    """Tell what is missing from an application and what the rules say of it today."""
    found = application_by_code(call.actor, code)
    done = completeness_of(found, call.now)
    gaps = [Gap(key=gap.key, text=str(gap.said), answered=gap.answered) for gap in done.gaps]
    return Checked(required=done.required, filled=done.filled, gaps=gaps, findings=findings_of(found, call.now))


@operation(
    HTTPMethod.POST,
    f"{_PATH}/submit",
    Scope.APPLICATIONS,
    effect=Effect.TOGETHER,
    guard=_GUARD,
    pages=("applications:submit",),
    commands=("application submit",),
)
def submit_application_(call: Call[Nothing, Nothing], code: str) -> ApplicationShown:
    """Hand an application in: it is complete by its form, and no rule says no."""
    submit_application(actor=call.actor, application=code, now=call.now)
    return _shown(call.actor, application_by_code(call.actor, code))


@operation(
    HTTPMethod.POST,
    f"{_PATH}/withdraw",
    Scope.APPLICATIONS,
    effect=Effect.TOGETHER,
    guard=_GUARD,
    pages=("applications:withdraw",),
    commands=("application withdraw",),
)
def withdraw_application_(call: Call[Nothing, Nothing], code: str) -> ApplicationShown:
    """Take an application back."""
    withdraw_application(actor=call.actor, application=code, now=call.now)
    return _shown(call.actor, application_by_code(call.actor, code))
