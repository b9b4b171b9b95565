"""Applications: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Literal, NotRequired, TypeAlias, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items
from lionrock_client.operations.shared import AssessmentShown, Decision, DossierShown, Printed


class AcceptApplicationAsked(TypedDict):
    """AcceptApplicationAsked."""

    reason: NotRequired[str]

    judgements: NotRequired[list[IntakeJudgementAsked]]

    round_seen: NotRequired[int | None]


class AnswerShown(TypedDict):
    """What stands in one box of the form, in which version."""

    key: str

    value: str | list[str]

    version: int


class ApplicationAssessed(TypedDict):
    """What one organisation asks of one call: devices of one kind, for months, for a purpose."""

    code: str

    state: str

    organisation: str

    call: str


class ApplicationImported(TypedDict):
    """ApplicationImported."""

    attached: int

    faults: list[str]


class ApplicationOnTheDesk(TypedDict):
    """What one organisation asks of one call: devices of one kind, for months, for a purpose."""

    code: str

    state: str

    organisation: str

    call: str

    round: int

    submitted_at: str | None


class ApplicationShown(TypedDict):
    """An application; `answers` are for its authors alone."""

    code: str

    call: str

    organisation: str

    category: str

    title: str

    state: str

    submitted_at: str | None

    applicant: str

    title_zh_hant: str

    title_zh_hans: str

    purpose: str

    item: str

    count: int | None

    months: int | None

    hours: int | None

    starts: str | None

    declarations: list[str]

    other_subsidy: bool | None

    round: int

    decided_at: str | None

    decided_by: str

    decision_reason: str

    findings: list[dict[str, Any]]

    answers: list[AnswerShown]


class ApplicationStanding(TypedDict):
    """What one organisation asks of one call: devices of one kind, for months, for a purpose."""

    code: str

    state: str

    organisation: str

    call: str

    decided_at: str | None

    decided_by: str

    decision_reason: str

    award: str


class AssignAssessorAsked(TypedDict):
    """AssignAssessorAsked."""

    assessor: str

    due: NotRequired[str | None]


class Begun(TypedDict):
    """A new application, with as much or as little as is known of it."""

    call: str

    organisation: str

    category: NotRequired[str]

    title: NotRequired[str]

    title_zh_hant: NotRequired[str]

    title_zh_hans: NotRequired[str]

    purpose: NotRequired[str]

    declarations: NotRequired[list[str]]

    other_subsidy: NotRequired[bool | None]

    request: NotRequired[ApplicationsAsked | None]


class Brief(TypedDict):
    """An application in a list."""

    code: str

    call: str

    organisation: str

    category: str

    title: str

    state: str

    submitted_at: str | None


class Changes(TypedDict):
    """What is to be changed in the form."""

    changes: list[OneChange]


class CheckShown(TypedDict):
    """One thing that the programme's office did with an application in a round: it took it in hand, judged, decided."""

    application: str

    round: int

    kind: str

    by: str

    at: str

    reason: str

    findings: Any

    judgements: Any

    due: str | None


class Checked(TypedDict):
    """What is missing, and what the rules of today say; nothing is changed."""

    required: int

    filled: int

    gaps: list[Gap]

    findings: list[dict[str, Any]]


class DecideApplicationAsked(TypedDict):
    """DecideApplicationAsked."""

    decision: Decision

    decided_by: str

    reason: NotRequired[str]

    share: NotRequired[str | None]

    cap: NotRequired[str | None]

    count: NotRequired[int | None]

    months: NotRequired[int | None]

    starts: NotRequired[str | None]

    hours: NotRequired[int | None]

    conditions: NotRequired[str]


class EntryShown(TypedDict):
    """An entry of a part that repeats; its boxes are named part.number.box."""

    part: str

    number: int

    removed_at: str | None


class FileShown(TypedDict):
    """A file of an application."""

    number: int

    document: str
    """The document that it is, of those that the programme asks for."""

    name: str

    media_type: str

    size: int

    pages: int | None

    sha256: str

    added_by: str

    added_at: str

    removed_at: str | None


class Gap(TypedDict):
    """What is missing from an application, or wrong in it."""

    key: str

    text: str

    answered: bool


class IntakeJudgementAsked(TypedDict):
    """IntakeJudgementAsked."""

    key: str

    outcome: Outcome

    reason: str


class InviteAuthorAsked(TypedDict):
    """InviteAuthorAsked."""

    email: str


class JudgeFindingsAsked(TypedDict):
    """JudgeFindingsAsked."""

    judgements: list[IntakeJudgementAsked]

    round_seen: NotRequired[int | None]


class LetterShown(TypedDict):
    """One message of the correspondence between the applicants and the programme's office."""

    number: int

    application: str

    kind: str

    author: str

    from_applicant: bool

    text: str

    written_at: str


class ListedBrief(TypedDict):
    """ListedBrief."""

    items: list[Brief]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedCheckShown(TypedDict):
    """ListedCheckShown."""

    items: list[CheckShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedFileShown(TypedDict):
    """ListedFileShown."""

    items: list[FileShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedLetterShown(TypedDict):
    """ListedLetterShown."""

    items: list[LetterShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ModerateScoresAsked(TypedDict):
    """ModerateScoresAsked."""

    reason: str

    agreed: NotRequired[dict[str, str] | None]


class OneChange(TypedDict):
    """What is to stand in one box, and the version that was read there; 0 for nothing."""

    key: str

    value: str | list[str]

    version: int


Outcome: TypeAlias = "Literal['met', 'not_met', 'unknown']"
"""The answer of one check. `UNKNOWN` is an answer, and never turns into `MET`."""


class PartAsked(TypedDict):
    """A part of the form that repeats."""

    part: str

    after: NotRequired[int | None]
    """The highest number that was read there."""


class ProblemFault(TypedDict):
    """One thing wrong in what was sent."""

    code: str

    detail: str

    field: NotRequired[str | None]
    """Its place in what was sent, such as request.count."""

    value: NotRequired[str | None]
    """What stood there."""

    file: NotRequired[str | None]

    line: NotRequired[int | None]
    """Of a file; counted from 1."""


class RejectApplicationAsked(TypedDict):
    """RejectApplicationAsked."""

    reason: NotRequired[str]

    judgements: NotRequired[list[IntakeJudgementAsked]]

    round_seen: NotRequired[int | None]


class RemoveAuthorAsked(TypedDict):
    """RemoveAuthorAsked."""

    email: str


class ReopenAssessmentAsked(TypedDict):
    """ReopenAssessmentAsked."""

    reason: str


class ReturnApplicationAsked(TypedDict):
    """ReturnApplicationAsked."""

    question: str

    judgements: NotRequired[list[IntakeJudgementAsked]]

    round_seen: NotRequired[int | None]


class SavedShown(TypedDict):
    """What became of each change; `whole` says that all of it stands there now."""

    whole: bool

    answers: list[Told]


class Told(TypedDict):
    """What became of one change: kept, unchanged, stale (somebody else wrote there since), or not kept."""

    key: str

    fate: str

    value: str | list[str]

    version: int

    fault: ProblemFault | None


class WriteLetterAsked(TypedDict):
    """WriteLetterAsked."""

    text: str


class ApplicationsAsked(TypedDict):
    """What is asked for."""

    item: str

    count: int

    months: int

    starts: str

    hours: NotRequired[int | None]


class ApplicationsPart(Part):
    """The operations below /api/v1/applications."""

    def list_applications(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        programme: str | None = None,
        call: str | None = None,
        state: str | None = None,
    ) -> Items[Brief]:
        """List the applications that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            "applications",
            query={"limit": limit, "cursor": cursor, "programme": programme, "call": call, "state": state},
        )
        return self._items(asked)

    def draft_application(self, body: Begun, *, key: str | None = None) -> ApplicationShown:
        """Begin an application of an organisation to a call; nothing is checked by the rules yet.

        Scope: `applications`.
        """
        asked = Asked("POST", "applications", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("ApplicationShown", self._connection.document(asked))

    def read_application(self, code: str) -> ApplicationShown:
        """Show one application; its authors see what stands in each box of the form.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}", code=code))
        return cast("ApplicationShown", self._connection.document(asked))

    def accept_application(
        self,
        code: str,
        body: AcceptApplicationAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ApplicationOnTheDesk:
        """Find an application complete and eligible: it goes on to the assessors.

        Takes the role office. Raises `Refused` with the findings that are not met: none of them can be
        waived. What is unknown and was not judged stays unknown, and stops nobody.

        Scope: `office`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/accept", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ApplicationOnTheDesk", self._connection.document(asked))

    def save_answers(
        self, code: str, body: Changes, *, read: Mapping[str, Any] | str, key: str | None = None
    ) -> SavedShown:
        """Write into boxes of the form, right or wrong; what is wrong is told, and keeps it from being submitted.

        Scope: `applications`.
        """
        asked = Asked(
            "PATCH",
            path_of("applications/{code}/answers", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("SavedShown", self._connection.document(asked))

    def archive_application(self, code: str) -> Download:
        """Hand out an application with all that stands in it, and its files.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}/archive", code=code))
        return self._connection.file(asked)

    def read_assessment_of(self, code: str) -> Printed:
        """Show what the assessors of an application gave; who they are only to those who may know.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}/assessment", code=code))
        return cast("Printed", self._connection.document(asked))

    def assign_assessor(self, code: str, body: AssignAssessorAsked, *, key: str | None = None) -> AssessmentShown:
        """Ask an assessor of the programme to score an application; who is asked is told.

        Takes the role office. Without `due` the programme's pledge says until when. Raises `Conflict`
        when the application is not with the assessors or the person is assigned already, `Invalid` for
        somebody who is no assessor of the programme, `Refused` for somebody who is barred, or while the
        programme lacks a value without which nothing can be scored.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/assessors", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AssessmentShown", self._connection.document(asked))

    def check_application(self, code: str) -> Checked:
        """Tell what is missing from an application and what the rules say of it today.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}/check", code=code))
        return cast("Checked", self._connection.document(asked))

    def list_checks(self, code: str, *, limit: int | None = None, cursor: str | None = None) -> Items[CheckShown]:
        """List what the office did with an application, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}/checks", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def conclude_assessment(self, code: str, *, key: str | None = None) -> ApplicationAssessed:
        """Pass an application on to the committee once every score is in and no difference is open.

        Takes the role office. The committee is told, but for those who are shut out. Raises `Refused`
        with every finding when a rule says no, `Conflict` when it is not with the assessors.

        Scope: `review`.
        """
        asked = Asked("POST", path_of("applications/{code}/conclude", code=code), headers=keyed(key))
        return cast("ApplicationAssessed", self._connection.document(asked))

    def decide_application(
        self, code: str, body: DecideApplicationAsked, *, key: str | None = None
    ) -> ApplicationStanding:
        """Record what the deciding body decided; approval offers an award and commits its money.

        Takes the role committee or chair. `share` None is the programme's general one; `count`,
        `months`, `starts` and `hours` None are as asked for; `conditions` are one a line. Returns the
        award, offered until `accept_by`, or None when declined. Nothing at all is changed when this
        raises: `Invalid` for an incomplete ruling, `Refused` when a rule or the fund (or the call's
        budget) says no or the responsible-AI gate holds it, `Conflict` when the application is not there to be decided.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/decide", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ApplicationStanding", self._connection.document(asked))

    def begin_dossier(self, code: str, *, key: str | None = None) -> DossierShown:
        """Begin the self-assessment of an application; twice begins one. Its authors may.

        It is asked by the editions of today for as long as it lives: those of the profiles that the programme
        chose, or of the core alone where it chose none, and then nothing is held by it.

        Scope: `applications`.
        """
        asked = Asked("POST", path_of("applications/{code}/dossier", code=code), headers=keyed(key))
        return cast("DossierShown", self._connection.document(asked))

    def add_entry(self, code: str, body: PartAsked, *, key: str | None = None) -> EntryShown:
        """Add an entry to a part of the form that repeats, such as a project.

        Scope: `applications`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/entries", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("EntryShown", self._connection.document(asked))

    def remove_entry(self, code: str, part: str, number: int, *, key: str | None = None) -> EntryShown:
        """Take an entry out; its answers stay on file.

        Scope: `applications`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/entries/{part}/{number}/remove", code=code, part=part, number=number),
            headers=keyed(key),
        )
        return cast("EntryShown", self._connection.document(asked))

    def export_application(self, code: str) -> Download:
        """Hand out an application with all that stands in it: its authors as it stands, others as it was handed in.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}/export", code=code))
        return self._connection.file(asked)

    def list_files(self, code: str, *, limit: int | None = None, cursor: str | None = None) -> Items[FileShown]:
        """List the files of an application that one may see; removed ones are among them.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}/files", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def attach_file(
        self,
        code: str,
        file: Path | bytes | IO[bytes],
        *,
        kind: Literal["application/octet-stream", "application/pdf", "image/png", "image/jpeg", "text/csv"],
        document: str,
        name: str,
        key: str | None = None,
    ) -> FileShown:
        """Send a file for one of the documents that the programme asks for; what it is, its content says.

        Scope: `applications`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/files", code=code),
            query={"document": document, "name": name},
            headers=typed(kind) | keyed(key),
            content=file,
        )
        return cast("FileShown", self._connection.document(asked))

    def read_file(self, code: str, file_: int) -> Download:
        """Hand out a file, as bytes.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("applications/{code}/files/{file_}", code=code, file_=file_))
        return self._connection.file(asked)

    def remove_file(self, code: str, file_: int, *, key: str | None = None) -> FileShown:
        """Take a file out of an application; it stays on file for the rounds that hold it.

        Scope: `applications`.
        """
        asked = Asked(
            "POST", path_of("applications/{code}/files/{file_}/remove", code=code, file_=file_), headers=keyed(key)
        )
        return cast("FileShown", self._connection.document(asked))

    def import_application(
        self,
        code: str,
        file: Path | bytes | IO[bytes],
        *,
        kind: Literal["application/json", "application/yaml", "application/zip", "application/octet-stream"],
        name: str,
        key: str | None = None,
    ) -> ApplicationImported:
        """Fill an application from JSON, YAML, or an archive of one of them with its documents; faults are told.

        Scope: `applications`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/import", code=code),
            query={"name": name},
            headers=typed(kind) | keyed(key),
            content=file,
        )
        return cast("ApplicationImported", self._connection.document(asked))

    def invite_author(self, code: str, body: InviteAuthorAsked, *, key: str | None = None) -> ApplicationOnTheDesk:
        """Let somebody on file write in one application; None when they may as members of its organisation.

        Twice is as good as once. The actor must be a member of the organisation. Raises `Invalid` for an
        address that nobody active has, `Conflict` for somebody who assesses the application or is in conflict
        with it, or when it is not with its authors.

        Scope: `applications`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/invite", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ApplicationOnTheDesk", self._connection.document(asked))

    def judge_findings(
        self,
        code: str,
        body: JudgeFindingsAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> CheckShown:
        """Hold open findings of an application met or not met, each with a reason; nothing else changes.

        Takes the role office. Raises `Invalid` with a fault for each judgement that cannot be: of a finding
        on which the rule itself has answered, or without a reason; `Conflict` when it is not with the office,
        or when `round_seen` is not its round.

        Scope: `office`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/judge", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CheckShown", self._connection.document(asked))

    def write_letter(self, code: str, body: WriteLetterAsked, *, key: str | None = None) -> LetterShown:
        """Write to the other side of an application, from its first submission on; the other side is told.

        Its authors write, and the programme's office, of which nobody writes to their own organisation.
        The same words sent again right after are the same letter. Raises `Invalid` for no text or more
        than `LONGEST_LETTER` characters, `NotAllowed` for anybody else who sees the application,
        `Conflict` before it was ever submitted: the office does not see drafts.

        Scope: `applications`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/letters", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("LetterShown", self._connection.document(asked))

    def list_letters(self, code: str, *, limit: int | None = None, cursor: str | None = None) -> Items[LetterShown]:
        """List what the office and the applicant wrote to each other, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("applications/{code}/letters", code=code), query={"limit": limit, "cursor": cursor}
        )
        return self._items(asked)

    def moderate_scores(self, code: str, body: ModerateScoresAsked, *, key: str | None = None) -> ApplicationAssessed:
        """Settle a difference that is larger than the programme allows: agreed marks, or None to keep them apart.

        Takes the role office or chair. It settles the sheets that are in now; a sheet that is handed in
        anew opens the question again. Raises `Invalid` without a reason or with a mark missing or wrong,
        `Conflict` when there is nothing to settle.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/moderate", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ApplicationAssessed", self._connection.document(asked))

    def reject_application(
        self,
        code: str,
        body: RejectApplicationAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ApplicationOnTheDesk:
        """Find an application ineligible, for the findings that are not met; its applicants read them with their sources.

        Takes the role office. Raises `Refused` when no finding is not met: there would be nothing to tell them.

        Scope: `office`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/reject", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ApplicationOnTheDesk", self._connection.document(asked))

    def reopen_assessment(
        self, code: str, body: ReopenAssessmentAsked, *, key: str | None = None
    ) -> ApplicationAssessed:
        """Take an application back from the committee to the assessors, with the reason for it.

        Takes the role office or chair. Raises `Conflict` when it is not with the committee, `Invalid`
        without a reason.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/reopen-assessment", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ApplicationAssessed", self._connection.document(asked))

    def return_application(
        self,
        code: str,
        body: ReturnApplicationAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ApplicationOnTheDesk:
        """Ask the applicants for clarification: a letter to them, and the form is open to them again.

        Takes the role office. They have `pledges.clarification_days` working days, where the programme
        sets them. Raises `Invalid` for an empty question, `Conflict` when it is not with the office.

        Scope: `office`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/return", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ApplicationOnTheDesk", self._connection.document(asked))

    def submit_application(
        self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> ApplicationShown:
        """Hand an application in: it is complete by its form, and no rule says no.

        Scope: `applications`.
        """
        asked = Asked("POST", path_of("applications/{code}/submit", code=code), headers=keyed(key) | unchanged(read))
        return cast("ApplicationShown", self._connection.document(asked))

    def take_application(
        self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> CheckShown:
        """Take an application in hand, so that the rest of the office sees who has it; twice is as good as once.

        Takes the role office, of somebody who is no party to it. Raises `Conflict` when it is not with the office.

        Scope: `office`.
        """
        asked = Asked("POST", path_of("applications/{code}/take", code=code), headers=keyed(key) | unchanged(read))
        return cast("CheckShown", self._connection.document(asked))

    def remove_author(self, code: str, body: RemoveAuthorAsked, *, key: str | None = None) -> ApplicationOnTheDesk:
        """Let somebody who was invited write in an application no longer; what they wrote stays.

        The actor must be a member of the organisation. Who was not invited, or no longer is, changes nothing.

        Scope: `applications`.
        """
        asked = Asked(
            "POST",
            path_of("applications/{code}/uninvite", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ApplicationOnTheDesk", self._connection.document(asked))

    def withdraw_application(
        self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> ApplicationShown:
        """Take an application back.

        Scope: `applications`.
        """
        asked = Asked("POST", path_of("applications/{code}/withdraw", code=code), headers=keyed(key) | unchanged(read))
        return cast("ApplicationShown", self._connection.document(asked))
