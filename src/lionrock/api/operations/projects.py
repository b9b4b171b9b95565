"""What projects owe and do: reports, results, sets of data, concerns about them, material changes."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet

from lionrock.api.calls import Call, Nothing
from lionrock.api.declared.answers import plain, printed, shape
from lionrock.api.declared.things import Thing, figures, handed_out, listed, make
from lionrock.api.domain.tokens import Scope
from lionrock.api.shapes import InLanguage
from lionrock.awards.queries import award_by_code
from lionrock.concerns import actions as concerning
from lionrock.concerns.models import Concern, ConcernNote, ConcernPerson, MaterialChange
from lionrock.concerns.queries import concern_by_code, concerns, deadlines_of
from lionrock.custody import actions as keeping
from lionrock.custody.certificates import certificate_of, certificate_pdf_of
from lionrock.custody.models import CustodyEvent, DataSet, DataTransfer, Filing, Place
from lionrock.custody.queries.placing import places_seen
from lionrock.custody.queries.sets import data_set_by_code, data_sets, transfers_of
from lionrock.outcomes import actions as reporting
from lionrock.outcomes.cards import card_for
from lionrock.outcomes.domain.cards import card_data
from lionrock.outcomes.models import Outcome, Report
from lionrock.outcomes.queries import outcomes, standing_of, standings
from lionrock.people.domain import Actor

_REPORT = shape(
    "ReportShown",
    Report,
    "award=award.code which covers_from covers_to due done differs next use state submitted_at decided_at remark",
)
for _action, _verb, _command in (
    (reporting.save_report, "save", "report write"),
    (reporting.submit_report, "submit", "report write"),
    (reporting.accept_report, "accept", "report accept"),
    (reporting.return_report, "return", "report return"),
):
    make(
        _action,
        f"awards/{{code}}/reports/{{which}}/{_verb}",
        Scope.PROJECTS,
        _REPORT,
        given={"code": "award", "which": "which"},
        status=HTTPStatus.OK,
        pages=("outcomes:show",),
        commands=(_command,),
    )


def _standing(each: Any) -> dict[str, Any]:
    written = _REPORT.show(each.report).model_dump(mode="json") if each.report else None
    return {
        "which": each.owed.which,
        "due": each.owed.due,
        "state": each.state.value,
        "written": written,
    }


def _reports(viewer: Actor, code: str) -> list[dict[str, Any]]:
    return [_standing(each) for each in standings(award_by_code(viewer, code))]


def _report(viewer: Actor, code: str, which: str) -> dict[str, Any]:
    return _standing(standing_of(award_by_code(viewer, code), which))


figures(
    _report,
    "awards/{code}/reports/{which}",
    name="read_report",
    said="Show a report that an award owes: when it is due, how it stands, and what is written of it.",
    tell=printed,
    pages=("outcomes:show",),
    commands=("report list",),
)
figures(
    _reports,
    "awards/{code}/reports",
    name="list_reports",
    said="List the reports that an award owes.",
    tell=printed,
    rows=True,
    pages=("awards:show", "outcomes:list"),
    commands=("report list",),
)

_OUTCOME = shape(
    "OutcomeShown", Outcome, "number=pk award=award.code kind title year scheme identifier orcid added_at removed_at"
)
make(
    reporting.add_outcome,
    "awards/{code}/results",
    Scope.PROJECTS,
    _OUTCOME,
    given={"code": "award"},
    pages=("outcomes:results",),
    commands=("outcome add",),
)
make(
    reporting.remove_outcome,
    "awards/{code}/results/{number}/remove",
    Scope.PROJECTS,
    _OUTCOME,
    given={"code": "award", "number": "outcome"},
    status=HTTPStatus.OK,
    pages=("outcomes:results",),
    commands=("outcome remove",),
)
listed(
    "results",
    "list_results",
    "List the results of projects that one may see, the newest first.",
    outcomes,
    _OUTCOME,
    by={"award": "award__code", "kind": "kind"},
    pages=("outcomes:export",),
    commands=("outcome list",),
)

_SET = Thing(
    path="data-sets/{code}",
    scope=Scope.PROJECTS,
    shape=shape(
        "DataSetShown",
        DataSet,
        "code award=award.code name about owner zone personal keep_until registered_at deleted_at",
    ),
    find=data_set_by_code,
    names={"code": "data_set"},
    reader="read_data_set",
)
_EVENT = shape(
    "CustodyEventShown",
    CustodyEvent,
    "data_set=data_set.code number kind at by place source medium checksum witness zone note digest recorded_at",
)
_TRANSFER = shape(
    "TransferShown",
    DataTransfer,
    "number=pk data_set=data_set.code source=source.code target=target.code instrument effective prepared_on findings "
    "agreed_at agreed_by",
)
_SET.listed(
    "list_data_sets",
    "List the sets of data that one may see, the newest first.",
    data_sets,
    pages=("custody:list",),
    commands=("custody list",),
)
_SET.read("read_data_set", "Show a set of data.", pages=("custody:show",), commands=("custody show",))
make(
    keeping.register_data_set,
    "awards/{code}/data-sets",
    Scope.PROJECTS,
    _SET.shape,
    given={"code": "award"},
    pages=("custody:new",),
    commands=("custody register",),
)
_SET.do(keeping.record_event, "events", answers=_EVENT, pages=("custody:record",), commands=("custody record",))
_SET.do(keeping.change_zone, "zone", answers=_EVENT, pages=("custody:zone",), commands=("custody zone",))
_SET.do(
    keeping.agree_transfer, "transfers", answers=_TRANSFER, pages=("custody:transfer",), commands=("custody transfer",)
)


def _events(viewer: Actor, code: str) -> QuerySet[CustodyEvent]:
    return CustodyEvent.objects.filter(data_set=data_set_by_code(viewer, code))


def _transfers(viewer: Actor, code: str) -> QuerySet[DataTransfer]:
    return transfers_of(data_set_by_code(viewer, code))


listed(
    "data-sets/{code}/events",
    "list_custody_events",
    "List what happened to a set of data, the latest first; each seals the one before.",
    _events,
    _EVENT,
    pages=("custody:show",),
    commands=("custody show",),
)
listed(
    "data-sets/{code}/transfers",
    "list_transfers",
    "List the transfers of a set of data that were agreed.",
    _transfers,
    _TRANSFER,
    pages=("custody:show",),
)
make(
    keeping.record_filing,
    "filings/{number}/record",
    Scope.COMPLIANCE,
    shape("FilingShown", Filing, "number=pk transfer=transfer.pk duty due done_on reference done_by"),
    given={"number": "filing"},
    status=HTTPStatus.OK,
    pages=("custody:file",),
    commands=("custody file",),
)
_PLACE = shape("PlaceShown", Place, "code name programme site=site.code created_at")
make(
    keeping.set_place,
    "places",
    Scope.COMPLIANCE,
    _PLACE,
    status=HTTPStatus.OK,
    pages=("custody_places:list",),
    commands=("custody place",),
)
listed(
    "places",
    "list_places",
    "List the places where data lie, of programmes that one works for.",
    places_seen,
    _PLACE,
    pages=("custody_places:list",),
    commands=("custody places",),
)

_CONCERN = Thing(
    path="concerns/{code}",
    scope=Scope.PROJECTS,
    shape=shape(
        "ConcernShown",
        Concern,
        "code programme award=award.code kind severity title said received_at state owner taken_up_at told_at "
        "closed_at measures",
        deadlines=(list[dict[str, Any]], lambda row: printed(deadlines_of(row))),
    ),
    find=lambda viewer, code, **_lock: concern_by_code(viewer, code),
    names={"code": "concern"},
    reader="read_concern",
)
_CONCERN.listed(
    "list_concerns",
    "List the concerns that one may see, the newest first; who raised them is named nowhere.",
    concerns,
    by={"programme": "programme", "state": "state"},
    pages=("concerns:list",),
    commands=("concern list",),
)
_CONCERN.read(
    "read_concern", "Show a concern with its deadlines.", pages=("concerns:show",), commands=("concern show",)
)
for _step, _verb, _command in (
    (concerning.take_up_concern, "take-up", "concern take-up"),
    (concerning.tell_of_concern, "tell", "concern tell"),
    (concerning.close_concern, "close", "concern close"),
    (concerning.set_aside_concern, "set-aside", "concern set-aside"),
    (concerning.reopen_concern, "reopen", "concern reopen"),
):
    _CONCERN.do(_step, _verb, pages=("concerns:act",), commands=(_command,))
_PERSON = shape("ConcernPersonShown", ConcernPerson, "concern=concern.code email part at")
_CONCERN.do(concerning.assign_concern, "assign", answers=_PERSON, pages=("concerns:act",), commands=("concern assign",))
_CONCERN.do(
    concerning.name_concerned, "concerned", answers=_PERSON, pages=("concerns:act",), commands=("concern about",)
)
_CONCERN.do(
    concerning.note_concern,
    "notes",
    answers=shape("ConcernNoteShown", ConcernNote, "concern=concern.code author said shown at"),
    pages=("concerns:act",),
    commands=("concern note",),
)
make(
    concerning.report_change,
    "awards/{code}/changes",
    Scope.PROJECTS,
    shape("MaterialChangeShown", MaterialChange, "award=award.code kinds said items reported_by reported_at"),
    given={"code": "award"},
    pages=("concerns:change",),
    commands=("concern change",),
)


def _card(viewer: Actor, code: str, number: int, now: datetime) -> dict[str, Any]:
    return card_data(card_for(viewer, code, number, now))


def _certificate(viewer: Actor, code: str) -> dict[str, Any]:
    return dict(plain(certificate_of(data_set_by_code(viewer, code))))


def _certificate_pdf(call: Call[InLanguage, Nothing], code: str) -> bytes:
    return certificate_pdf_of(certificate_of(data_set_by_code(call.actor, code)), call.query.language)


figures(
    _card,
    "awards/{code}/results/{number}/card",
    name="read_card",
    said="Show the card of a model or a set of data, made of what is known; what is missing says so.",
    tell=printed,
    pages=("outcomes:card",),
    commands=("outcome card",),
)
figures(
    _certificate,
    "data-sets/{code}/certificate",
    name="read_certificate",
    said="Show the certificate of deletion; there is none while a copy lies anywhere.",
    tell=printed,
    pages=("custody:certificate",),
    commands=("custody certificate",),
)
handed_out(
    "read_certificate_pdf",
    "Hand out the certificate of deletion as PDF.",
    "data-sets/{code}/certificate/pdf",
    _certificate_pdf,
    "application/pdf",
    query=InLanguage,
    pages=("custody:certificate_pdf",),
    commands=("custody certificate",),
)
