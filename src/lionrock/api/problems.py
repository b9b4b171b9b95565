"""Errors as problem documents (RFC 9457): the one place that knows how an error of the API looks."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.utils.translation import gettext
from pydantic import BaseModel, Field, ValidationError

from lionrock.kernel.errors import Broken, Fault, Invalid, LionrockError, NotAllowed, Unavailable
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.terminal.output import to_json_line
from lionrock.web.errors import title_of
from lionrock.web.sentences import translate

CONTENT_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 1000
UPGRADED_WITHIN_SECONDS: Final = 60
_LONGEST_VALUE: Final = 200


class Unidentified(NotAllowed):
    """Nobody is known by what was sent to sign in with."""

    status: ClassVar[int] = HTTPStatus.UNAUTHORIZED


class NoSuchMethod(Invalid):
    """The address is there, and takes other methods."""

    status: ClassVar[int] = HTTPStatus.METHOD_NOT_ALLOWED


class TooLarge(Invalid):
    """More was sent than is taken."""

    status: ClassVar[int] = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class OtherType(Invalid):
    """What was sent is of a type that is not taken there."""

    status: ClassVar[int] = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Unconditional(Invalid):
    """A change that does not say what it is a change of."""

    status: ClassVar[int] = HTTPStatus.PRECONDITION_REQUIRED


class Outdated(Invalid):
    """A change of what is not as it was read any more."""

    status: ClassVar[int] = HTTPStatus.PRECONDITION_FAILED


class TooOften(Unavailable):
    """More requests than one token may make."""

    status: ClassVar[int] = HTTPStatus.TOO_MANY_REQUESTS


class Upgrading(Unavailable):
    """The tables are those of another version, which is being put in place."""


class ProblemFault(BaseModel):
    """One thing wrong in what was sent."""

    code: str
    detail: str
    field: str | None = Field(None, description="Its place in what was sent, such as request.count.")
    value: str | None = Field(None, description="What stood there.")
    file: str | None = None
    line: int | None = Field(None, description="Of a file; counted from 1.")


class ProblemFinding(BaseModel):
    """What one rule found."""

    rule: str
    outcome: str
    detail: str
    remedy: str | None = None


class Problem(BaseModel):
    """What went wrong, why, and what to do next (RFC 9457)."""

    type: str = Field(description="urn:lionrock:error: and the code.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The address that was asked.")
    code: str = Field(description="Never changes; docs/reference/errors.md has all.")
    kind: str = Field(description="Invalid, Refused, NotAllowed, NotFound, Conflict, Unavailable or Broken.")
    faults: list[ProblemFault] = []
    findings: list[ProblemFinding] = []


def problem_of(error: LionrockError, instance: str) -> Problem:
    """Return the problem document of an error, in the language of the request."""
    return Problem(
        type=f"urn:lionrock:error:{error.code}",
        title=gettext(title_of(error)),
        status=error.status,
        detail=translate(error.message),
        instance=instance,
        code=error.code,
        kind=_kind(error),
        faults=[fault_shown(each) for each in error.faults[:MOST_FAULTS]],
        findings=[finding_shown(each) for each in error.findings],
    )


def _kind(error: LionrockError) -> str:
    """Return which kind of the kernel's errors it is; HTTP has one status for some, and some of its own."""
    return next(each.__name__ for each in type(error).__mro__ if each.__module__ == LionrockError.__module__)


def fault_shown(each: Fault) -> ProblemFault:
    """Return a fault as it is told, in the language of the request."""
    value = None if each.value is None else str(each.value)[:_LONGEST_VALUE]
    return ProblemFault(
        code=each.code, detail=translate(each.message), field=each.field, value=value, file=each.file, line=each.line
    )


def finding_shown(each: Finding) -> ProblemFinding:
    """Return a finding as it is told, in the language of the request."""
    remedy = translate(each.remedy) if each.remedy else None
    return ProblemFinding(rule=each.rule, outcome=each.outcome.value, detail=translate(each.message), remedy=remedy)


def problem_response(error: LionrockError, instance: str) -> HttpResponse:
    """Return the answer to a request that ended with an error."""
    document = problem_of(error, instance)
    response = HttpResponse(
        to_json_line(document.model_dump()), content_type=f"{CONTENT_TYPE}; charset=utf-8", status=document.status
    )
    for name, value in _headers(error).items():
        response[name] = value
    return response


def _headers(error: LionrockError) -> Mapping[str, str]:
    if isinstance(error, Unidentified):
        return {"WWW-Authenticate": 'Bearer realm="lionrock", error="invalid_token"'}
    if isinstance(error, TooOften):
        return {"Retry-After": "60"}
    if isinstance(error, Upgrading):
        return {"Retry-After": str(UPGRADED_WITHIN_SECONDS)}
    return {"Retry-After": "5"} if isinstance(error, Unavailable) else {}


def invalid(code: str, said: Message, field: str, value: object = "") -> Invalid:
    """Return the error of one fault."""
    return Invalid(code, said, faults=[Fault(code, said, field=field, value=str(value)[:_LONGEST_VALUE])])


def not_as_described(wrong: ValidationError, where: str = "") -> Invalid:
    """Return what a model says of an input that is not as it is described, a fault for each place."""
    faults = [_place_fault(each, where) for each in wrong.errors(include_url=False)]
    said = message(
        gettext_noop("What was sent is not as the API describes it ({count} faults); nothing was done."),
        count=len(faults),
    )
    return Invalid("api.request.invalid", said, faults=faults)


def _place_fault(each: Any, where: str) -> Fault:
    place = ".".join([part for part in (where, *map(str, each["loc"])) if part])
    found = "" if each["type"] == "missing" or isinstance(each["input"], dict | list) else str(each["input"])
    said = message(
        gettext_noop("{field} is not as described: {reason}."),
        field=place or "content",
        reason=each["msg"].removeprefix("Value error, ").rstrip("."),
    )
    return Fault("api.request.invalid", said, field=place, value=found[:_LONGEST_VALUE])


def being_upgraded() -> Upgrading:
    """Return what is said by a process of one version while the tables are those of another."""
    return Upgrading(
        "api.database.upgrading",
        message(
            gettext_noop(
                "The portal is being upgraded. Nothing that was saved is lost. Wait a minute, and send the same "
                "request again, with the same Idempotency-Key where it has one."
            )
        ),
    )


def own_defect() -> Broken:
    """Return what is said of an error that nobody foresaw; the log has what it was."""
    return Broken(
        "api.defect",
        message(
            gettext_noop(
                "This is a defect in Lionrock, not in what you sent. Nothing was changed. Tell the people who run "
                "this site when it happened."
            )
        ),
    )
