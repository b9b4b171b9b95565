"""Awards: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items
from lionrock_client.operations.shared import AmountIn, DataSetShown, Decision, OutcomeShown, Printed, Rows


class AcceptOfferAsked(TypedDict):
    """AcceptOfferAsked."""

    signatory: str

    title: str


class AddOutcomeAsked(TypedDict):
    """AddOutcomeAsked."""

    kind: str

    title: str

    year: int

    scheme: str

    identifier: str

    orcid: NotRequired[str]


class AwardShown(TypedDict):
    """An award, as it was decided and as it stands."""

    code: str

    application: str

    programme: str

    organisation: str

    item: str

    mode: str
    """lease or metered."""

    count: int

    hours: int | None

    share: str
    """The scheme's share of the list price."""

    exceptional: bool

    list_price: str

    cap: str

    valid_from: str

    valid_to: str
    """Its first day on which it is no longer valid."""

    conditions: str

    accept_by: str

    signatory: str

    in_force_from: str | None

    decided_by: str

    reason: str

    state: str

    ended_at: str | None

    end_reason: str


class AwardsChangeAsked(TypedDict):
    """AwardsChangeAsked."""

    since: NotRequired[str | None]

    count: NotRequired[int | None]

    hours: NotRequired[int | None]

    valid_to: NotRequired[str | None]

    cap: NotRequired[AmountIn | None]

    contact: NotRequired[str]

    scope: NotRequired[str]


class DecideVariationAsked(TypedDict):
    """DecideVariationAsked."""

    decision: Decision

    decided_by: str

    reason: NotRequired[str]


class DeclineOfferAsked(TypedDict):
    """DeclineOfferAsked."""

    reason: str


class EndAwardAsked(TypedDict):
    """EndAwardAsked."""

    reason: NotRequired[str]


class EndProjectMemberAsked(TypedDict):
    """EndProjectMemberAsked."""

    email: str


class HandOverProjectAsked(TypedDict):
    """HandOverProjectAsked."""

    email: str

    reason: str


class LeasePauseShown(TypedDict):
    """Time [starts, ends) in which the lease of an award is not billed, by decision; it stands for ever."""

    programme: str

    cause: str

    award: str

    starts: str

    ends: str

    reason: str

    decided_by: str

    decided_at: str


class LendingShown(TypedDict):
    """The consent of a lease's holder that others use its nodes while they are idle, and until when it held."""

    award: str

    given_at: str

    given_by: str

    revoked_at: str | None

    revoked_by: str


class ListedAwardShown(TypedDict):
    """ListedAwardShown."""

    items: list[AwardShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedVariationShown(TypedDict):
    """ListedVariationShown."""

    items: list[VariationShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class MaterialChangeShown(TypedDict):
    """What a team said has changed in its project, and which items of its assessment that opened again."""

    award: str

    kinds: Any

    said: str

    items: Any

    reported_by: str

    reported_at: str


class NameProjectMemberAsked(TypedDict):
    """NameProjectMemberAsked."""

    email: str

    first: str

    last: NotRequired[str | None]


class OutcomesWrittenAsked(TypedDict):
    """OutcomesWrittenAsked."""

    done: NotRequired[str]

    differs: NotRequired[str]

    next: NotRequired[str]


class PauseLeaseAsked(TypedDict):
    """PauseLeaseAsked."""

    starts: str

    ends: str

    reason: str

    cause: str


class ProjectMemberShown(TypedDict):
    """Somebody who works on an award, from an instant until another, or until it was ended; nobody twice at once."""

    award: str

    person: str

    begins_at: str

    ends_at: str | None

    named_by: str

    named_at: str


class ProjectStanding(TypedDict):
    """Who answers for the work under an award, once that was said; without a row it is who applied for it."""

    award: str | None

    investigator: str

    since: str

    limited_at: str | None


class QuotaShown(TypedDict):
    """What is left of an award's quota now, in device-seconds, and how long it lasts at the present pace."""

    award: str

    item: str

    granted: int

    left: int
    """Without what running jobs hold."""

    held: int

    used_lately: int
    """In the last 14 days."""

    lasts_days: int | None

    ends: str


class RegisterDataSetAsked(TypedDict):
    """RegisterDataSetAsked."""

    name: str

    owner: str

    zone: str

    personal: bool

    keep_until: str

    about: NotRequired[str]


class ReportChangeAsked(TypedDict):
    """ReportChangeAsked."""

    kinds: list[str]

    said: str


class RequestVariationAsked(TypedDict):
    """RequestVariationAsked."""

    change: AwardsChangeAsked

    reason: str


class ResumeAwardAsked(TypedDict):
    """ResumeAwardAsked."""

    reason: str


class ReturnReportAsked(TypedDict):
    """ReturnReportAsked."""

    remark: str


class SaveReportAsked(TypedDict):
    """SaveReportAsked."""

    written: OutcomesWrittenAsked


class SubmitReportAsked(TypedDict):
    """SubmitReportAsked."""

    written: OutcomesWrittenAsked


class SuspendAwardAsked(TypedDict):
    """SuspendAwardAsked."""

    reason: str


class VariationShown(TypedDict):
    """A change of an award that somebody asked for, and what was decided about it."""

    award: str

    number: int

    reason: str

    since: str | None

    count: int | None

    hours: int | None

    valid_to: str | None

    cap_minor: int | None

    contact: str

    scope: str

    requested_by: str

    requested_at: str

    state: str

    decided_at: str | None

    decided_by: str

    decision_reason: str


class WithholdProjectAsked(TypedDict):
    """WithholdProjectAsked."""

    ground: str

    why: str


class WithholdingShown(TypedDict):
    """That the title and organisation of a project are kept out of the register until `ended_at`."""

    award: str

    ground: str

    why: str

    said_at: str

    said_by: str

    ended_at: str | None

    ended_by: str


class AnswersReportShown(TypedDict):
    """One report of an award: what was done, what is next, what differs from the plan."""

    award: str

    which: str

    covers_from: str

    covers_to: str

    due: str

    done: str

    differs: str

    next: str

    use: Any

    state: str

    submitted_at: str | None

    decided_at: str | None

    remark: str


class AwardsPart(Part):
    """The operations below /api/v1/awards."""

    def list_awards(
        self, *, limit: int | None = None, cursor: str | None = None, programme: str | None = None
    ) -> Items[AwardShown]:
        """List the awards that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "awards", query={"limit": limit, "cursor": cursor, "programme": programme})
        return self._items(asked)

    def read_award(self, code: str) -> AwardShown:
        """Show one award.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}", code=code))
        return cast("AwardShown", self._connection.document(asked))

    def accept_offer(
        self, code: str, body: AcceptOfferAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> AwardShown:
        """Accept an offer for its organisation, in the name of the authorised signatory with that title.

        Takes a member of the organisation. From then on the award is in force: its allocation is granted
        and its lease begins, on its first day or on the day of the acceptance where that is later.
        Raises `Invalid` without a signatory, `Refused` (awards.offer.late) after the last day, `Conflict`
        when it is no offer any more. Accepted twice by the same signatory, it stays accepted. Where somebody
        who takes it up may be on a list, the acceptance is kept and the award stays an offer that does not
        lapse; it takes effect when two persons have cleared that (`take_up_held`).

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/accept", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AwardShown", self._connection.document(asked))

    def report_change(self, code: str, body: ReportChangeAsked, *, key: str | None = None) -> MaterialChangeShown:
        """Say what has changed in a project since its award; for a member of its organisation, the office, compliance.

        The items of review that the rulebook names for these changes, and that apply, are open again, and the review with
        them: it holds the project as it did before. Where no assessment was made, they are named alone. Raises `Invalid`.

        Scope: `projects`.
        """
        asked = Asked(
            "POST", path_of("awards/{code}/changes", code=code), headers=typed(JSON) | keyed(key), content=json_of(body)
        )
        return cast("MaterialChangeShown", self._connection.document(asked))

    def register_data_set(self, code: str, body: RegisterDataSetAsked, *, key: str | None = None) -> DataSetShown:
        """Put a data set of an award on file; for its organisation, the office, compliance, and who runs sites.

        From then on its zone binds: jobs of the award run only where such data may lie. `keep_until` is the last day on
        which a copy may lie anywhere. Raises `Invalid` with every fault.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/data-sets", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("DataSetShown", self._connection.document(asked))

    def end_award(
        self, code: str, body: EndAwardAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> AwardShown:
        """End an award that has run out, or withdraw it (or an offer) before with a reason.

        Takes the role office, committee or chair. The money of an award in force stays committed until
        the last month of its use is charged; `release_award` then gives back what is left. An offer gives
        all of it back at once. Raises `Conflict` when the award is over already, or would end early
        without a reason.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/end", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AwardShown", self._connection.document(asked))

    def lend_idle_nodes(self, code: str, *, key: str | None = None) -> LendingShown:
        """Consent that others use a lease's nodes while they are idle; takes who answers for it.

        Their jobs make room as soon as the lease's own jobs need the nodes, and their use is theirs. What
        the lease costs stays the same. Raises `Conflict` where there is nothing to lend, or it is lent.

        Scope: `awards`.
        """
        asked = Asked("POST", path_of("awards/{code}/lend", code=code), headers=keyed(key))
        return cast("LendingShown", self._connection.document(asked))

    def read_paper(
        self, code: str, kind_: str, *, language: Literal["en", "zh-hant", "zh-hans"] | None = None
    ) -> Download:
        """Hand out the letter of an offer, or an agreement, as PDF.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("awards/{code}/papers/{kind_}", code=code, kind_=kind_), query={"language": language}
        )
        return self._connection.file(asked)

    def pause_lease(self, code: str, body: PauseLeaseAsked, *, key: str | None = None) -> LeasePauseShown:
        """Leave a span of time of a lease unbilled, because what was leased was not there; takes the role finance.

        What of it lies in closed months is given back by the next close. `cause` is the reference of the decision:
        deciding it twice changes nothing. Raises `NotFound` for an award that is not there for the actor, `Invalid` with
        every fault, `Conflict` when the cause was used for something else.

        Scope: `money`.
        """
        asked = Asked(
            "POST", path_of("awards/{code}/pauses", code=code), headers=typed(JSON) | keyed(key), content=json_of(body)
        )
        return cast("LeasePauseShown", self._connection.document(asked))

    def read_project_people(self, code: str) -> Printed:
        """Show who answers for an award and who works on it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}/people", code=code))
        return cast("Printed", self._connection.document(asked))

    def end_project_member(
        self,
        code: str,
        body: EndProjectMemberAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> AwardShown:
        """Let somebody who was named work on an award no longer; their jobs go on, and what they did stays.

        Only those named still work on it, were it nobody but the investigator. The investigator, an administrator or
        the programme's office may. Raises `NotFound` for somebody who is not named.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/people/end", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AwardShown", self._connection.document(asked))

    def hand_over_project(
        self,
        code: str,
        body: HandOverProjectAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ProjectStanding:
        """Make another member of the organisation the principal investigator of an award, and say why.

        The investigator, an administrator or the programme's office may. Raises `Invalid` for somebody who is no
        member or without a reason; the same person again changes nothing.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/people/hand-over", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ProjectStanding", self._connection.document(asked))

    def name_project_member(
        self,
        code: str,
        body: NameProjectMemberAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ProjectMemberShown:
        """Let a member of the organisation work on an award, from the first day to the last, both included.

        From the first one on, only those named work on it and see it, beside its principal investigator and the
        administrators. The investigator, an administrator or the programme's office may; days are those of the
        programme's zone. Raises `Invalid` for days that do not fit or somebody who is no member, `Conflict` for
        somebody who is named already.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/people/name", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ProjectMemberShown", self._connection.document(asked))

    def open_project(
        self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> AwardShown:
        """Let every member of the organisation work on an award again; who was named is so no longer.

        The investigator, an administrator or the programme's office may. An award that is open stays so.

        Scope: `awards`.
        """
        asked = Asked("POST", path_of("awards/{code}/people/open", code=code), headers=keyed(key) | unchanged(read))
        return cast("AwardShown", self._connection.document(asked))

    def read_quota(self, code: str) -> QuotaShown:
        """Tell what is left of an award's quota, with what running jobs hold taken off.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}/quota", code=code))
        return cast("QuotaShown", self._connection.document(asked))

    def decline_offer(
        self, code: str, body: DeclineOfferAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> AwardShown:
        """Refuse an offer for its organisation, and say why; all its money is free again at once.

        Takes a member of the organisation. Raises `Invalid` without a reason, `Conflict` when it is no
        offer any more.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/refuse", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AwardShown", self._connection.document(asked))

    def list_reports(self, code: str) -> Rows:
        """List the reports that an award owes.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}/reports", code=code))
        return cast("Rows", self._connection.document(asked))

    def read_report(self, code: str, which: str) -> Printed:
        """Show a report that an award owes: when it is due, how it stands, and what is written of it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}/reports/{which}", code=code, which=which))
        return cast("Printed", self._connection.document(asked))

    def accept_report(self, code: str, which: str, *, key: str | None = None) -> AnswersReportShown:
        """Accept a report that was handed in; takes the role office. Raises `Conflict` for any other.

        Scope: `projects`.
        """
        asked = Asked(
            "POST", path_of("awards/{code}/reports/{which}/accept", code=code, which=which), headers=keyed(key)
        )
        return cast("AnswersReportShown", self._connection.document(asked))

    def return_report(
        self, code: str, which: str, body: ReturnReportAsked, *, key: str | None = None
    ) -> AnswersReportShown:
        """Give a report back with a question; takes the role office. Raises `Invalid` without one, `Conflict`.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/reports/{which}/return", code=code, which=which),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AnswersReportShown", self._connection.document(asked))

    def save_report(
        self, code: str, which: str, body: SaveReportAsked, *, key: str | None = None
    ) -> AnswersReportShown:
        """Keep what is written of a report so far; takes a member of the award's organisation.

        Raises `NotFound` for a report that the award does not owe, `Invalid` for a text that cannot be
        kept, `Conflict` while the report is with the office, or is accepted.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/reports/{which}/save", code=code, which=which),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AnswersReportShown", self._connection.document(asked))

    def submit_report(
        self, code: str, which: str, body: SubmitReportAsked, *, key: str | None = None
    ) -> AnswersReportShown:
        """Hand a report in, with the use that the books show now; takes a member of the award's organisation.

        Raises `Invalid` while it does not say what was done, otherwise as `save_report`.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/reports/{which}/submit", code=code, which=which),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AnswersReportShown", self._connection.document(asked))

    def add_outcome(self, code: str, body: AddOutcomeAsked, *, key: str | None = None) -> OutcomeShown:
        """Put a result on file; takes a member of the award's organisation.

        Raises `Invalid` with every fault, `Conflict` when the award has this result already.

        Scope: `projects`.
        """
        asked = Asked(
            "POST", path_of("awards/{code}/results", code=code), headers=typed(JSON) | keyed(key), content=json_of(body)
        )
        return cast("OutcomeShown", self._connection.document(asked))

    def read_card(self, code: str, number: int) -> Printed:
        """Show the card of a model or a set of data, made of what is known; what is missing says so.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}/results/{number}/card", code=code, number=number))
        return cast("Printed", self._connection.document(asked))

    def remove_outcome(self, code: str, number: int, *, key: str | None = None) -> OutcomeShown:
        """Take a result off the list; it stays on file. Takes a member of the award's organisation.

        Raises `NotFound` when the award has no such result, or it was removed before.

        Scope: `projects`.
        """
        asked = Asked(
            "POST", path_of("awards/{code}/results/{number}/remove", code=code, number=number), headers=keyed(key)
        )
        return cast("OutcomeShown", self._connection.document(asked))

    def resume_award(
        self, code: str, body: ResumeAwardAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> AwardShown:
        """Let a suspended award be used again, and say why; takes the role office, committee or chair.

        Raises `Invalid` without a reason, `Conflict` when the award is not suspended.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/resume", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AwardShown", self._connection.document(asked))

    def show_again(self, code: str, *, key: str | None = None) -> WithholdingShown:
        """Show title and organisation in the register again; takes the role office or compliance.

        Raises `Conflict` when nothing of it is kept out.

        Scope: `office`.
        """
        asked = Asked("POST", path_of("awards/{code}/show-again", code=code), headers=keyed(key))
        return cast("WithholdingShown", self._connection.document(asked))

    def stop_lending(self, code: str, *, key: str | None = None) -> LendingShown:
        """Take the consent back; takes who answers for it. Jobs of others lose the nodes at the next push.

        Raises `Conflict` when nothing is lent.

        Scope: `awards`.
        """
        asked = Asked("POST", path_of("awards/{code}/stop-lending", code=code), headers=keyed(key))
        return cast("LendingShown", self._connection.document(asked))

    def suspend_award(
        self, code: str, body: SuspendAwardAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> AwardShown:
        """Stop new use of an award for the time being, and say why.

        Takes the role office, committee or chair. No job can be submitted under it; what runs already
        runs on and is charged, and a lease is billed as before, for the programme states nothing else.
        Raises `Invalid` without a reason, `Conflict` when the award is not active.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/suspend", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AwardShown", self._connection.document(asked))

    def list_variations(
        self, code: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[VariationShown]:
        """List the changes of an award that were asked for, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}/variations", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def request_variation(self, code: str, body: RequestVariationAsked, *, key: str | None = None) -> VariationShown:
        """Ask for a change of an award in force; nothing changes before it is decided.

        Takes a member of the organisation, or the role office. Raises `Invalid` and `Refused` for what
        cannot be decided anyhow (see `effect_of`), `Conflict` while the award is not active, or another
        request of it waits.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/variations", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("VariationShown", self._connection.document(asked))

    def read_variation(self, code: str, number: int) -> VariationShown:
        """Show a change that was asked for.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("awards/{code}/variations/{number}", code=code, number=number))
        return cast("VariationShown", self._connection.document(asked))

    def decide_variation(
        self,
        code: str,
        number: int,
        body: DecideVariationAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> VariationShown:
        """Decide a change that was asked for; approval moves the money and makes the new terms.

        Takes the role committee or chair; the office may decline, and approve where neither money nor
        quota rises and the scope stays. What it comes to is worked out at the list price of now, and
        kept. Nothing at all is changed when this raises: `Refused` when the fund, the call's budget, a
        limit or what is spent says no; `Conflict` when it is decided already, or the award not active.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/variations/{number}/decide", code=code, number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("VariationShown", self._connection.document(asked))

    def withdraw_variation(
        self, code: str, number: int, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> VariationShown:
        """Take back a request for a change; takes a member of the organisation, or the role office.

        Scope: `awards`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/variations/{number}/withdraw", code=code, number=number),
            headers=keyed(key) | unchanged(read),
        )
        return cast("VariationShown", self._connection.document(asked))

    def withhold_project(self, code: str, body: WithholdProjectAsked, *, key: str | None = None) -> WithholdingShown:
        """Keep title and organisation out of the register from now on; takes the role office or compliance.

        `ground` is one of the rulebook's; `why` stays with us. Raises `Invalid`, `Conflict` when they are kept out already.

        Scope: `office`.
        """
        asked = Asked(
            "POST",
            path_of("awards/{code}/withhold", code=code),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("WithholdingShown", self._connection.document(asked))
