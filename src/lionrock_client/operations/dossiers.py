"""Dossiers: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Literal, NotRequired, TypeAlias, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import ConditionShown, DossierShown, Printed


class AgreeToLowerAsked(TypedDict):
    """AgreeToLowerAsked."""

    agree: bool

    reason: str


class AnswerProofAsked(TypedDict):
    """AnswerProofAsked."""

    accept: bool

    reason: str


class AnswerReviewerAsked(TypedDict):
    """AnswerReviewerAsked."""

    asked: int

    text: str


class ApplicationsChangeAsked(TypedDict):
    """ApplicationsChangeAsked."""

    key: str

    value: str | list[str]

    version: int


class AskApplicantsAsked(TypedDict):
    """AskApplicantsAsked."""

    text: str

    item: NotRequired[str]


class AskReviewerAsked(TypedDict):
    """AskReviewerAsked."""

    person: str

    expertise: Expertise


Binding: TypeAlias = "Literal['before_award', 'before_first_job', 'before_milestone', 'before_release']"
"""The point at which an item or a condition binds, in the order in which a project meets them."""


class ConcludeAsked(TypedDict):
    """ConcludeAsked."""

    conclusion: Conclusion

    reason: str


Conclusion: TypeAlias = "Literal['pass', 'pass_with_conditions', 'refer', 'refuse']"
"""How a review ends; the values are the verbs of the table of states."""


class DossierQuestion(TypedDict):
    """A question of a reviewer to the applicants, on one item or on the whole, and their answer."""

    number: int

    item: str

    text: str

    at: str

    answer: str

    answered_at: str | None


class DossierSaved(TypedDict):
    """DossierSaved."""

    whole: bool


class EvidenceShown(TypedDict):
    """A file put on file for an item, or as proof of a condition on it; the bytes lie with those of applications."""

    number: int

    item: str

    name: str

    media_type: str

    size: int

    pages: int | None

    added_by: str

    added_at: str

    removed_at: str | None


Expertise: TypeAlias = "Literal['governance', 'data', 'model', 'security', 'finance']"
"""What a reviewer looks at; every item of review belongs to one."""


class GiveOpinionAsked(TypedDict):
    """GiveOpinionAsked."""

    item: str

    judgement: Judgement

    text: str


class HandInProofAsked(TypedDict):
    """HandInProofAsked."""

    text: str


Judgement: TypeAlias = "Literal['enough', 'not_enough']"
"""What a reviewer finds on an item."""


class LayConditionAsked(TypedDict):
    """LayConditionAsked."""

    item: str

    owner: str

    due: str

    proof: str

    binds: Binding

    milestone: NotRequired[str]


class ListedDossierShown(TypedDict):
    """ListedDossierShown."""

    items: list[DossierShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class OpinionShown(TypedDict):
    """What a reviewer found on one item in one round; the last on an item stands."""

    item: str

    judgement: str

    text: str

    round: int

    at: str


class PassPointAsked(TypedDict):
    """PassPointAsked."""

    point: Binding

    milestone: NotRequired[str]


class ReopenDossierAsked(TypedDict):
    """ReopenDossierAsked."""

    reason: str


class ReviewerShown(TypedDict):
    """Somebody asked to review the items of one expertise, and what they declared of their interests."""

    number: int

    application: str | None

    person: str

    expertise: str

    state: str


class SaveWrittenAsked(TypedDict):
    """SaveWrittenAsked."""

    changes: list[ApplicationsChangeAsked]


class SetTierAsked(TypedDict):
    """SetTierAsked."""

    tier: str

    reason: str


class TierRulingShown(TypedDict):
    """A tier that the review set in the place of that of the answers; lowering takes a second person."""

    by_answers: str

    to: str

    lowers: bool

    reason: str

    asked_at: str

    agreed_at: str | None

    ended_at: str | None


class DossiersPart(Part):
    """The operations below /api/v1/dossiers."""

    def list_dossiers(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        programme: str | None = None,
        state: str | None = None,
    ) -> Items[DossierShown]:
        """List the dossiers of applications that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET", "dossiers", query={"limit": limit, "cursor": cursor, "programme": programme, "state": state}
        )
        return self._items(asked)

    def read_dossier(self, application: str) -> DossierShown:
        """Show the dossier of an application.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("dossiers/{application}", application=application))
        return cast("DossierShown", self._connection.document(asked))

    def answer_reviewer(
        self,
        application: str,
        body: AnswerReviewerAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> DossierShown:
        """Answer what a reviewer asked; what was answered stays. Its authors may, while it is with them.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/answer", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("DossierShown", self._connection.document(asked))

    def save_written(
        self,
        application: str,
        body: SaveWrittenAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> DossierSaved:
        """Keep what an author chose or typed, right or wrong; the same again changes nothing.

        What somebody else changed since it was read is not overwritten: the result holds both. Contradictions
        are kept and told. Answers to questions change only while the dossier is with the applicants; what is
        written on items also later, for items that bind later, and counts when a reviewer finds it enough.
        Raises `Conflict` when the dossier is not open for it, `NotAllowed` for who is no author.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/answers", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("DossierSaved", self._connection.document(asked))

    def read_assessment_of_dossier(self, application: str) -> Printed:
        """Tell the tier by the answers, what it is owed to, and how each item stands.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("dossiers/{application}/assessment", application=application))
        return cast("Printed", self._connection.document(asked))

    def conclude(
        self,
        application: str,
        body: ConcludeAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> DossierShown:
        """Conclude a review: pass, pass with conditions, refer to a specialist, refuse. Takes the role compliance.

        Not for who has a tie to the application. What stood in the dossier, and the editions of the rules, are kept with
        it. Raises `Invalid` without a reason, `Refused` while something that binds before the award is open, or a lower
        tier waits for its second person; `Conflict` when it is not under review.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/conclude", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("DossierShown", self._connection.document(asked))

    def lay_condition(
        self,
        application: str,
        body: LayConditionAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ConditionShown:
        """Lay a condition down: it carries its item to the point before which it has to be met. Takes compliance.

        Owner and applicants are told. Raises `Invalid` with every fault: no owner, or one who is not on file; no proof;
        a day that has passed; a milestone where none is meant.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/conditions", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConditionShown", self._connection.document(asked))

    def read_condition(self, application: str, number: int) -> ConditionShown:
        """Show a condition, its proof and whether it is met.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("dossiers/{application}/conditions/{number}", application=application, number=number)
        )
        return cast("ConditionShown", self._connection.document(asked))

    def answer_proof(
        self, application: str, number: int, body: AnswerProofAsked, *, key: str | None = None
    ) -> ConditionShown:
        """Accept the proof of a condition, which is met from then on, or send it back with the reason.

        Reviewers may, and who concludes the review; not the condition's owner. Raises `Conflict` when no proof waits.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/conditions/{number}/judge", application=application, number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ConditionShown", self._connection.document(asked))

    def hand_in_proof(
        self, application: str, number: int, body: HandInProofAsked, *, key: str | None = None
    ) -> ConditionShown:
        """Say that a condition is met, and by what; files go on the item. Authors of the application may, and its owner.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/conditions/{number}/proof", application=application, number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ConditionShown", self._connection.document(asked))

    def put_on_file(
        self,
        application: str,
        file: Path | bytes | IO[bytes],
        *,
        kind: Literal["application/octet-stream", "application/pdf", "image/png", "image/jpeg", "text/csv"],
        item: str,
        name: str,
        key: str | None = None,
    ) -> EvidenceShown:
        """Put a file on file for an item of a dossier: a PDF, a picture or a table; what it is, its content says.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/files", application=application),
            query={"item": item, "name": name},
            headers=typed(kind) | keyed(key),
            content=file,
        )
        return cast("EvidenceShown", self._connection.document(asked))

    def take_off_file(self, application: str, number: int, *, key: str | None = None) -> EvidenceShown:
        """Take a file out; it stays on file for the rounds that hold it. Twice is as good as once.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/files/{number}/remove", application=application, number=number),
            headers=keyed(key),
        )
        return cast("EvidenceShown", self._connection.document(asked))

    def hand_in(
        self, application: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> DossierShown:
        """Hand a dossier in. Its authors may.

        In the lowest tier, with nothing open that binds before the award, it passes at once; any other goes to the
        reviewers. Raises `Invalid` with a fault for each contradiction, open question and question of a reviewer
        without an answer; what was written stays.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/hand-in", application=application),
            headers=keyed(key) | unchanged(read),
        )
        return cast("DossierShown", self._connection.document(asked))

    def give_opinion(
        self,
        application: str,
        body: GiveOpinionAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> OpinionShown:
        """Say of one item whether what is on file is enough; reviewers of its expertise may, interests declared.

        At any time from its handing in: items that bind later are put on file later. "Not enough" needs words, which
        the applicants read. Raises `Invalid` without them, `Conflict` while it is with the applicants for the first time.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/opinions", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("OpinionShown", self._connection.document(asked))

    def pass_point(
        self,
        application: str,
        body: PassPointAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> DossierShown:
        """Say that a project passes a milestone or releases its results, which is kept; authors of the application may.

        Raises `Refused` with all that has to be met first, and what lifts each.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/pass", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("DossierShown", self._connection.document(asked))

    def ask_applicants(
        self,
        application: str,
        body: AskApplicantsAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> DossierQuestion:
        """Ask the applicants something, on one item or on the whole: the dossier is with them until they answer.

        Reviewers may, and who concludes the review. Raises `Invalid` without a question, `Conflict` when it is not
        under review.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/questions", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("DossierQuestion", self._connection.document(asked))

    def reopen_dossier(
        self,
        application: str,
        body: ReopenDossierAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> DossierShown:
        """Open a concluded review again, with the reason: the project changed, or the review erred. Takes compliance.

        The applicants answer anew, by the same editions; until it is concluded again it holds the project.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/reopen", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("DossierShown", self._connection.document(asked))

    def ask_reviewer(
        self,
        application: str,
        body: AskReviewerAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ReviewerShown:
        """Ask somebody to review the items of one expertise; who concludes the review may. Who is asked is told.

        Takes a person with the role assessor or compliance of the programme. Raises `Invalid` for anybody else,
        `Refused` for who belongs to the applicants or was shut out of the application. Twice asks once.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/reviewers", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ReviewerShown", self._connection.document(asked))

    def set_tier(
        self,
        application: str,
        body: SetTierAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> TierRulingShown:
        """Set another tier than that of the answers, with a reason; takes compliance. Lowering waits for a second person.

        A ruling before it ends. Raises `Invalid` for no other tier, `Refused` for a use that is not supported.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/tier", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("TierRulingShown", self._connection.document(asked))

    def agree_to_lower(
        self,
        application: str,
        body: AgreeToLowerAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> TierRulingShown:
        """Agree to a lower tier as the second person, or refuse it, with the reason; takes compliance.

        Raises `Refused` for the person who asked, `Conflict` when nothing waits.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("dossiers/{application}/tier-answer", application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("TierRulingShown", self._connection.document(asked))
