"""The office's desk: calls, applications taken, judged, returned, accepted or rejected; authors, letters, the board."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from django.db.models import QuerySet

from lionrock.api.calls import Call, Nothing
from lionrock.api.declared.answers import Shape, facts, printed, shape
from lionrock.api.declared.things import Thing, figures, handed_out, listed, make, sent_file
from lionrock.api.domain.tokens import Scope
from lionrock.api.operations.programmes import CallShown
from lionrock.api.registry import Effect
from lionrock.applications import actions as applying
from lionrock.applications.exports import exported, exported_with_files
from lionrock.applications.letters import letters_of
from lionrock.applications.models import Application, Letter
from lionrock.applications.queries import application_by_code
from lionrock.calls import actions as calling
from lionrock.calls.commands import call_data
from lionrock.calls.queries import call_by_code
from lionrock.intake import actions
from lionrock.intake.board import Desk, Wanted, require_programme, selected
from lionrock.intake.exports import rows_of
from lionrock.intake.models import Check
from lionrock.intake.queries import checks_of
from lionrock.intake.report import service_json, service_report
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file

_CALL = Thing(
    path="calls/{code}",
    scope=Scope.OFFICE,
    shape=Shape(CallShown, whole=call_data),
    find=call_by_code,
    names={"code": "call"},
    reader="read_call",
)
_CALL.make(calling.create_call, pages=("calls:new",), commands=("call create",))
_CALL.do(calling.open_call, "open", pages=("calls:open",), commands=("call open",))
_CALL.do(calling.close_call, "close", pages=("calls:close",), commands=("call close",))

_CHECK = shape("CheckShown", Check, "application=application.code round kind by at reason findings judgements due")
_STANDING = shape(
    "ApplicationOnTheDesk", Application, "code state organisation=organisation.code call=call.code round submitted_at"
)
_APPLICATION = Thing(
    path="applications/{code}",
    scope=Scope.OFFICE,
    shape=_STANDING,
    find=application_by_code,
    names={"code": "application"},
    reader="read_application",
)
_APPLICATION.do(
    actions.take_application, "take", answers=_CHECK, pages=("intake:take",), commands=("application take",)
)
_APPLICATION.do(
    actions.judge_findings, "judge", answers=_CHECK, pages=("intake:check",), commands=("application judge",)
)
for _action, _verb, _command in (
    (actions.return_application, "return", "application return"),
    (actions.accept_application, "accept", "application accept"),
    (actions.reject_application, "reject", "application reject"),
):
    _APPLICATION.do(_action, _verb, pages=("intake:check",), commands=(_command,))


def _checks(viewer: Actor, code: str) -> QuerySet[Check]:
    found = application_by_code(viewer, code)
    require_programme(viewer, found.call.programme)
    return checks_of(found)


listed(
    "applications/{code}/checks",
    "list_checks",
    "List what the office did with an application, the newest first.",
    _checks,
    _CHECK,
    pages=("intake:check",),
)


def _board(
    viewer: Actor, programme: str, now: datetime, call: str = "", category: str = "", column: str = ""
) -> list[dict[str, Any]]:
    require_programme(viewer, programme)
    desk = Desk(viewer, programme_on_file(programme), now)
    wanted = Wanted(programme, call=call, category=category, column=column)
    return [dict(row) for row in rows_of(selected(viewer, wanted, desk), {programme: desk})]


def _service(viewer: Actor, programme: str, now: datetime, until: Month | None = None) -> list[dict[str, Any]]:
    last = until or Month.of(now, programme_on_file(programme).zone)
    return service_json(service_report(viewer, programme, last))


figures(
    _board,
    "programmes/{programme}/desk",
    name="read_desk",
    said="Tell of each application on the desk where it is, since when, and by when an answer is promised.",
    tell=printed,
    rows=True,
    pages=("intake:board", "intake:file", "intake:list"),
)
figures(
    _service,
    "programmes/{programme}/service",
    name="read_service",
    said="Tell month by month how the promises of the office were kept.",
    tell=printed,
    rows=True,
    pages=("intake:service", "intake:service_file"),
    commands=("application service",),
)

_LETTER = shape(
    "LetterShown", Letter, "number=pk application=application.code kind author from_applicant text written_at"
)
make(
    applying.write_letter,
    "applications/{code}/letters",
    Scope.APPLICATIONS,
    _LETTER,
    given={"code": "application"},
    pages=("applications:letters",),
    commands=("application write",),
)


def _letters(viewer: Actor, code: str) -> QuerySet[Letter]:
    return letters_of(viewer, application_by_code(viewer, code))


listed(
    "applications/{code}/letters",
    "list_letters",
    "List what the office and the applicant wrote to each other, the newest first.",
    _letters,
    _LETTER,
    pages=("applications:letters",),
    commands=("application letters",),
)

_WRITES = Thing(
    path="applications/{code}",
    scope=Scope.APPLICATIONS,
    shape=_STANDING,
    find=application_by_code,
    names={"code": "application"},
)
_WRITES.do(applying.invite_author, "invite", pages=("applications:authors",), commands=("application invite",))
_WRITES.do(applying.remove_author, "uninvite", pages=("applications:authors",), commands=("application uninvite",))


def _exported(call: Call[Nothing, Nothing], code: str) -> bytes:
    return exported(call.actor, code, call.now)


def _archive(call: Call[Nothing, Nothing], code: str) -> bytes:
    return exported_with_files(call.actor, code, call.now)


for _name, _content, _kind in (("export", _exported, "application/json"), ("archive", _archive, "application/zip")):
    handed_out(
        f"{_name}_application",
        "Hand out an application with all that stands in it"
        + (", and its files." if _name == "archive" else ": its authors as it stands, others as it was handed in."),
        f"applications/{{code}}/{_name}",
        _content,
        _kind,
        pages=("applications:file",),
        commands=("application export",),
    )


def import_application(*, actor: Actor, application: str, file: bytes, name: str, now: datetime) -> dict[str, object]:
    """Fill an application from JSON, YAML, or an archive of one of them with its documents; faults are told."""
    done = applying.import_application(actor=actor, application=application, file=BytesIO(file), name=name, now=now)
    return {"attached": done.attached, "faults": [str(fault) for fault in done.faults]}


sent_file(
    import_application,
    "applications/{code}/import",
    Scope.APPLICATIONS,
    facts("ApplicationImported", attached=int, faults=list[str]),
    content="file",
    takes=("application/json", "application/yaml", "application/zip", "application/octet-stream"),
    given={"code": "application"},
    effect=Effect.APART,
    pages=("applications:import",),
    commands=("application import",),
)
