"""Programmes: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, Literal, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items
from lionrock_client.operations.shared import (
    AdjustmentShown,
    AuthorisationShown,
    DeputyShown,
    FeeShown,
    Printed,
    ProblemFinding,
    Role,
    Rows,
    WriteOffShown,
)


class AccountShown(TypedDict):
    """An account with its sums, in the smallest parts of its unit."""

    account: str

    unit: str

    debit: int

    credit: int

    balance: int


class Accounts(TypedDict):
    """Accounts in the order of their names."""

    items: list[AccountShown]


class AdjustAsked(TypedDict):
    """AdjustAsked."""

    account: str

    amount: str
    """In the currency of the programme."""

    month: str
    """Such as 2026-03."""

    reason: str

    cause: str

    award: NotRequired[str | None]

    site: NotRequired[str | None]


class AppropriateAsked(TypedDict):
    """AppropriateAsked."""

    amount: str
    """In the currency of the programme."""

    reason: str

    cause: str


class AssessorOnRoster(TypedDict):
    """Somebody who signs in. `address_proven_at`: when a link or a provider last proved that the address is theirs."""

    email: str

    name: str

    most: int | None

    away_until: str | None


class BankFileShown(TypedDict):
    """One bank statement that was taken in, known by the digest of its content; `tally` counts its rows."""

    number: int

    programme: str

    name: str

    digest: str

    tally: Any

    taken_at: str

    taken_by: str


class ChargeShown(TypedDict):
    """A line of a month that is not closed."""

    kind: str

    account: str

    site: str

    item: str

    corrects: str | None

    device_seconds: int | None

    gross: int

    subsidy: int

    user: int

    subsidy_by_award: dict[str, int]


class CloseMonthAsked(TypedDict):
    """CloseMonthAsked."""

    month: str
    """Such as 2026-03."""


class DecideAuthorisationAsked(TypedDict):
    """DecideAuthorisationAsked."""

    verb: str

    on: str

    expires_on: NotRequired[str | None]

    conditions: NotRequired[str]


class ErasureShown(TypedDict):
    """That something is erased, or is proposed to be; when it is done, this is its certificate."""

    number: int

    subject: str

    rule: Any

    proposed_by: str

    proposed_at: str

    erased_by: str

    erased_at: str | None

    counts: Any

    certificate: str | None


class FundMonth(TypedDict):
    """How it stood at the end of a month."""

    appropriated: int

    committed: int

    spent: int

    free: int

    month: str


class FundShown(TypedDict):
    """A fund, now and at the end of each month."""

    appropriated: int

    committed: int

    spent: int

    free: int

    programme: str

    currency: str

    months: list[FundMonth]


class HeldPayment(TypedDict):
    """A row of a bank statement that could not be taken, with its first fault; a better file, or a hand, removes it."""

    number: int

    programme: str

    file: str

    line: int

    raw: str

    faults: Any


class HeldRowSettled(TypedDict):
    """A row that could not be taken in: where it stands, why, and its text. A better import removes it."""

    file: str

    line: int

    code: str

    raw: str


class HeldRowShown(TypedDict):
    """A row that could not be taken in: where it stands, why, and its text. A better import removes it."""

    number: int

    file: str

    line: int

    code: str

    raw: str

    reason: str


class JournalShown(TypedDict):
    """One event of the books. `at` is when it holds, `recorded_at` when the database learned it."""

    number: int

    programme: str

    cause: str

    unit: str

    memo: str

    at: str

    recorded_at: str

    actor: str

    details: Any

    postings: list[dict[str, Any]]


class LegalHoldShown(TypedDict):
    """That nothing about somebody or something is erased: up to a day, that day included, or until it is released."""

    number: int

    kind: str

    code: str

    reason: str

    until: str | None

    placed_by: str

    placed_at: str

    released_by: str

    released_at: str | None

    released_why: str


class ListedAssessorOnRoster(TypedDict):
    """ListedAssessorOnRoster."""

    items: list[AssessorOnRoster]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedBankFileShown(TypedDict):
    """ListedBankFileShown."""

    items: list[BankFileShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedErasureShown(TypedDict):
    """ListedErasureShown."""

    items: list[ErasureShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedHeldPayment(TypedDict):
    """ListedHeldPayment."""

    items: list[HeldPayment]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedHeldRowShown(TypedDict):
    """ListedHeldRowShown."""

    items: list[HeldRowShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedJournalShown(TypedDict):
    """ListedJournalShown."""

    items: list[JournalShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedLegalHoldShown(TypedDict):
    """ListedLegalHoldShown."""

    items: list[LegalHoldShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedMonthCloseShown(TypedDict):
    """ListedMonthCloseShown."""

    items: list[MonthCloseShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedPeriodLockShown(TypedDict):
    """ListedPeriodLockShown."""

    items: list[PeriodLockShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedRecordShown(TypedDict):
    """ListedRecordShown."""

    items: list[RecordShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedWriteOffShown(TypedDict):
    """ListedWriteOffShown."""

    items: list[WriteOffShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class LockPeriodAsked(TypedDict):
    """LockPeriodAsked."""

    month: str
    """Such as 2026-03."""

    reason: str


class MendRowAsked(TypedDict):
    """MendRowAsked."""

    line: str


class MonthCloseShown(TypedDict):
    """One closed month of a programme; it never changes."""

    programme: str

    month: str

    closed_at: str

    closed_by: str

    held: Any

    gross: int

    subsidy: int

    user: int

    currency: str


class MonthEstimated(TypedDict):
    """What one calendar month comes to, in minor units."""

    month: str

    list_price: int

    scheme: int

    user: int


class NameDeputyAsked(TypedDict):
    """NameDeputyAsked."""

    holder: str

    deputy: str

    role: Role

    first: str

    last: str


class PeriodLockShown(TypedDict):
    """That nothing may be posted before an instant any more, or (`before` None) that all is open again."""

    programme: str

    before: str | None

    reason: str

    locked_at: str

    locked_by: str


class PlaceHoldAsked(TypedDict):
    """PlaceHoldAsked."""

    kind: str

    code: str

    reason: str

    until: NotRequired[str | None]


class Previewed(TypedDict):
    """What a month comes to so far, in minor units of `currency`."""

    programme: str

    month: str

    currency: str

    gross: int

    subsidy: int

    user: int

    lines: list[ChargeShown]

    held: dict[str, Any]


class ProgrammeShown(TypedDict):
    """A programme on file."""

    id: str

    name: str

    currency: str

    time_zone: str

    opens: str


class Programmes(TypedDict):
    """All programmes."""

    items: list[ProgrammeShown]


class ProposeErasureAsked(TypedDict):
    """ProposeErasureAsked."""

    subject: str


class RecordShown(TypedDict):
    """One thing that was done."""

    record: int

    action: str

    subject: str

    actor: str

    on_behalf_of: str
    """Whom the actor stood in for."""

    reason: str

    organisation: str

    at: str

    recorded_at: str

    details: dict[str, Any]


class ReleaseHoldAsked(TypedDict):
    """ReleaseHoldAsked."""

    reason: str


class ReopenPeriodAsked(TypedDict):
    """ReopenPeriodAsked."""

    month: str | None

    reason: str


class RequestAsked(TypedDict):
    """What would be asked for."""

    category: str
    """Of applicant, such as university."""

    item: str
    """Such as h800-node."""

    count: int

    months: int

    starts: str

    hours: NotRequired[int | None]
    """A device and month, where use is metered."""

    other_subsidy: NotRequired[bool | None]
    """Whether the same scope has another public subsidy."""


class RequestEstimated(TypedDict):
    """What it would cost at the prices of today and who would pay, in minor units, and what the rules say of it."""

    currency: str

    mode: str

    rate: str
    """The share that the scheme pays, as a fraction such as 7/10."""

    list_price: int

    scheme: int

    user: int

    months: list[MonthEstimated]
    """As billed; empty while nobody has said how a part of one counts."""

    findings: list[ProblemFinding]


class RowsTried(TypedDict):
    """RowsTried."""

    taken: int

    held: int


class SealedShown(TypedDict):
    """One thing that was done, with its seal; without one while it waits for it."""

    record: int

    action: str

    subject: str

    actor: str

    on_behalf_of: str
    """Whom the actor stood in for."""

    reason: str

    organisation: str

    at: str

    recorded_at: str

    details: dict[str, Any]

    seal: NotRequired[int | None]

    digest: NotRequired[str | None]

    chain: NotRequired[str | None]


class SetGoalAsked(TypedDict):
    """SetGoalAsked."""

    petaflops: int

    by: str

    source: str


class SetRowAsideAsked(TypedDict):
    """SetRowAsideAsked."""

    reason: str


class ShareFeeAsked(TypedDict):
    """ShareFeeAsked."""

    amount: str
    """In the currency of the programme."""

    weights: dict[str, int]

    month: str
    """Such as 2026-03."""

    reason: str

    cause: str

    site: NotRequired[str | None]


class SupplyGoalShown(TypedDict):
    """So many petaflops that a programme wants by a day, and who says so; the latest one holds."""

    programme: str

    petaflops: int

    by: str

    source: str

    set_at: str


class Terms(TypedDict):
    """The terms of a programme on a day, each value with its source, as `lionrock programme show --json` has them."""

    terms: dict[str, Any]


class TryRowsAgainAsked(TypedDict):
    """TryRowsAgainAsked."""

    account: NotRequired[str]

    instead: NotRequired[str]


class ProgrammesPart(Part):
    """The operations below /api/v1/programmes."""

    def list_programmes(self) -> Programmes:
        """List the programmes on file.

        Scope: `read`.
        """
        asked = Asked("GET", "programmes")
        return cast("Programmes", self._connection.document(asked))

    def read_programme(self, programme: str, *, on: str | None = None) -> Terms:
        """Show the terms of a programme on a day, each with its source and grade.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}", programme=programme), query={"on": on})
        return cast("Terms", self._connection.document(asked))

    def list_accounts(self, programme: str, *, prefix: str | None = None) -> Accounts:
        """Show debits, credits and balance of accounts.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/accounts", programme=programme), query={"prefix": prefix})
        return cast("Accounts", self._connection.document(asked))

    def adjust(self, programme: str, body: AdjustAsked, *, key: str | None = None) -> AdjustmentShown:
        """Charge an amount to an account by decision, or, below zero, credit it; takes the role finance.

        It becomes a line of the next close from its `month` on, split by the awards that run in that month (or by
        the one that is named). `cause` is the reference of the decision: deciding it twice changes nothing.
        `site` is where it is earned: by default the programme's first. Raises `Invalid` with every fault, and
        `Conflict` when the cause was used for something else.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/adjustments", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AdjustmentShown", self._connection.document(asked))

    def read_ageing(self, programme: str, *, on: str | None = None) -> Printed:
        """Show what every organisation owes on a day, by how late it is, and that the books agree.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/ageing", programme=programme), query={"on": on})
        return cast("Printed", self._connection.document(asked))

    def appropriate(self, programme: str, body: AppropriateAsked, *, key: str | None = None) -> JournalShown:
        """Put money into a programme's fund; a negative amount takes out what is free.

        `cause` is the reference of the decision (a vote, a letter): booking it twice changes nothing.
        Takes the role finance. Raises `Invalid` for a zero, oversized or foreign amount or empty text,
        `Refused` when more is taken out than is free, `Conflict` when the cause was booked otherwise.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/appropriations", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("JournalShown", self._connection.document(asked))

    def list_assessors(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[AssessorOnRoster]:
        """List the assessors of a programme.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/assessors", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def export_records(
        self,
        programme: str,
        *,
        who: str | None = None,
        action: str | None = None,
        subject: str | None = None,
        organisation: str | None = None,
        text: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        form: Literal["ndjson", "csv"] | None = None,
    ) -> Download:
        """Hand records out: as CSV to read, or as NDJSON with all that it takes to verify them without us.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/audit-export", programme=programme),
            query={
                "who": who,
                "action": action,
                "subject": subject,
                "organisation": organisation,
                "text": text,
                "from": from_,
                "to": to,
                "form": form,
            },
        )
        return self._connection.file(asked)

    def list_records(
        self,
        programme: str,
        *,
        who: str | None = None,
        action: str | None = None,
        subject: str | None = None,
        organisation: str | None = None,
        text: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Items[RecordShown]:
        """List what was done in a programme, the latest first; takes the role auditor or compliance.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/audit-records", programme=programme),
            query={
                "who": who,
                "action": action,
                "subject": subject,
                "organisation": organisation,
                "text": text,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
        )
        return self._items(asked)

    def read_record(self, programme: str, number: int) -> SealedShown:
        """Show one record with its seal.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("programmes/{programme}/audit-records/{number}", programme=programme, number=number)
        )
        return cast("SealedShown", self._connection.document(asked))

    def decide_authorisation(
        self, programme: str, paper: str, body: DecideAuthorisationAsked, *, key: str | None = None
    ) -> AuthorisationShown:
        """Record what became of an application (`verb`: grant, deny, withdraw); its orders are looked at again.

        Conditions replace those on file where some are given. Takes the role office or compliance. Raises
        `Conflict` when that was decided before, `Invalid` for an expiry before the day of the decision.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/authorisations/{paper}/decide", programme=programme, paper=paper),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AuthorisationShown", self._connection.document(asked))

    def list_bank_files(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[BankFileShown]:
        """List the bank statements that were taken in, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/bank-files", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def import_bank_file(
        self, programme: str, file: Path | bytes | IO[bytes], *, name: str, key: str | None = None
    ) -> BankFileShown:
        """Take in a bank statement (CSV); return it with the tally of its rows: new, repeated, held.

        Takes the role finance. Each payment is its own transaction: killed half-way, the file is sent
        again, and what was recorded is known by its reference. The same file again tries the rows that
        were held. Raises `Invalid` when it is no table at all.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/bank-files", programme=programme),
            query={"name": name},
            headers=typed("text/csv") | keyed(key),
            content=file,
        )
        return cast("BankFileShown", self._connection.document(asked))

    def export_books_beancount(self, programme: str) -> Download:
        """Hand out all that was booked, as beancount.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/books/beancount", programme=programme))
        return self._connection.file(asked)

    def export_books_csv(self, programme: str) -> Download:
        """Hand out all that was booked, as csv.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/books/csv", programme=programme))
        return self._connection.file(asked)

    def export_books_hledger(self, programme: str) -> Download:
        """Hand out all that was booked, as hledger.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/books/hledger", programme=programme))
        return self._connection.file(asked)

    def read_capacity(self, programme: str) -> Printed:
        """Tell the capacity of a programme over time against its goal, in petaflops.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/capacity", programme=programme))
        return cast("Printed", self._connection.document(asked))

    def set_goal(self, programme: str, body: SetGoalAsked, *, key: str | None = None) -> SupplyGoalShown:
        """Say how many petaflops a programme wants by a day, and who says so; what was aimed at before stays on file.

        Takes the role office. Raises `Invalid`.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/capacity-goal", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("SupplyGoalShown", self._connection.document(asked))

    def list_caps(self, programme: str) -> Rows:
        """Tell which awards are close to what they may spend, the closest first.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/caps", programme=programme))
        return cast("Rows", self._connection.document(asked))

    def close_month(self, programme: str, body: CloseMonthAsked, *, key: str | None = None) -> MonthCloseShown:
        """Close a month: its use is charged, and its statements are issued; takes the role finance.

        A month that is rated in parts is refused here, for it takes longer than a request: ask for its close. The same
        month closed again is answered as it was closed.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/closes", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("MonthCloseShown", self._connection.document(asked))

    def list_closes(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[MonthCloseShown]:
        """List the months that are closed, the latest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/closes", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def read_closing(self, programme: str) -> Printed:
        """Tell which month is to be closed next, and what is in the way of it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/closing", programme=programme))
        return cast("Printed", self._connection.document(asked))

    def name_deputy(self, programme: str, body: NameDeputyAsked, *, key: str | None = None) -> DeputyShown:
        """Let somebody do a role of somebody else for a programme, from the first day to the last, both included.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/deputies", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("DeputyShown", self._connection.document(asked))

    def read_desk(
        self, programme: str, *, call: str | None = None, category: str | None = None, column: str | None = None
    ) -> Rows:
        """Tell of each application on the desk where it is, since when, and by when an answer is promised.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/desk", programme=programme),
            query={"call": call, "category": category, "column": column},
        )
        return cast("Rows", self._connection.document(asked))

    def list_due_erasures(self, programme: str) -> Rows:
        """List what a programme keeps no longer, and what holds it all the same.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/due-erasures", programme=programme))
        return cast("Rows", self._connection.document(asked))

    def propose_erasure(self, programme: str, body: ProposeErasureAsked, *, key: str | None = None) -> ErasureShown:
        """Propose to erase an application that is kept no longer; takes the role office or compliance.

        Raises `NotFound` for what is not due, `Refused` for what is held, `Conflict` for what is proposed already.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/erasures", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ErasureShown", self._connection.document(asked))

    def list_erasures(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[ErasureShown]:
        """List what was erased, under which rule and by whom, and what is proposed to be.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/erasures", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def estimate_request(self, programme: str, body: RequestAsked) -> RequestEstimated:
        """Tell what a request would cost by month, and whether it would be eligible; nothing is written.

        Scope: `read`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/estimate", programme=programme),
            headers=typed(JSON),
            content=json_of(body),
        )
        return cast("RequestEstimated", self._connection.document(asked))

    def share_fee(self, programme: str, body: ShareFeeAsked, *, key: str | None = None) -> FeeShown:
        """Have accounts, or sites, share an amount by weight; takes the role finance.

        Between accounts it becomes a line of each in the next close from its `month` on, which no award pays; between
        sites that close moves their shares of what they have earned to `site`, which has laid it out (by default the
        programme's first). Repeats and refusals are as for `adjust`.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/fees", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("FeeShown", self._connection.document(asked))

    def read_focus(
        self,
        programme: str,
        *,
        dataset: Literal["cost-and-usage", "invoice-detail", "contract-commitment", "billing-period"] | None = None,
        first: str | None = None,
        last: str | None = None,
    ) -> Download:
        """Hand out statements as one of the datasets of FOCUS 1.4 (CSV), for tools that read it.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/focus", programme=programme),
            query={"dataset": dataset, "first": first, "last": last},
        )
        return self._connection.file(asked)

    def read_fund(self, programme: str) -> FundShown:
        """Show how a fund stands, and stood at the end of each month.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/fund", programme=programme))
        return cast("FundShown", self._connection.document(asked))

    def read_fund_statement(self, programme: str, *, first: str | None = None, last: str | None = None) -> Printed:
        """Show what was free in the fund, put in, given to awards and given back, over months (`first` to `last`).

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/fund-statement", programme=programme),
            query={"first": first, "last": last},
        )
        return cast("Printed", self._connection.document(asked))

    def list_held_payments(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[HeldPayment]:
        """List the rows of bank statements that could not be taken, with every fault.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/held-payments", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def list_held_rows(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[HeldRowShown]:
        """List the rows of a programme's files of use that could not be taken in.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/held-rows", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def try_rows_again(self, programme: str, body: TryRowsAgainAsked, *, key: str | None = None) -> RowsTried:
        """Take in the held rows that can be charged by now; takes the role finance or cluster_admin.

        With `account` only the rows of that account are tried, as rows of the account `instead`. Only rows
        that could be read are tried. Rows that are held still keep their place; an interruption loses at
        most the batch that it falls in, and the next try takes it again.

        Scope: `usage`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/held-rows/again", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("RowsTried", self._connection.document(asked))

    def list_held_faults(self, programme: str) -> Rows:
        """Tell what is wrong with held rows, and how many have the same fault.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/held-rows/faults", programme=programme))
        return cast("Rows", self._connection.document(asked))

    def read_held_row(self, programme: str, number: int) -> HeldRowShown:
        """Show one of them.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/held-rows/{number}", programme=programme, number=number))
        return cast("HeldRowShown", self._connection.document(asked))

    def mend_row(self, programme: str, number: int, body: MendRowAsked, *, key: str | None = None) -> HeldRowSettled:
        """Take in a held row as it is written by hand, in our normal form; it is held no more then.

        Scope: `usage`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/held-rows/{number}/mend", programme=programme, number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("HeldRowSettled", self._connection.document(asked))

    def set_row_aside(
        self, programme: str, number: int, body: SetRowAsideAsked, *, key: str | None = None
    ) -> HeldRowSettled:
        """Let a held row go without charging it, and say why.

        Scope: `usage`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/held-rows/{number}/set-aside", programme=programme, number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("HeldRowSettled", self._connection.document(asked))

    def list_journals(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[JournalShown]:
        """List what was booked, with its postings in minor units of its unit, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/journals", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def place_hold(self, programme: str, body: PlaceHoldAsked, *, key: str | None = None) -> LegalHoldShown:
        """Let nothing of a programme be erased that is about a person, an organisation, an application, or all of it.

        Takes the role compliance, and a reason. What is held need not be on file yet. Raises `Invalid`.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/legal-holds", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("LegalHoldShown", self._connection.document(asked))

    def list_legal_holds(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[LegalHoldShown]:
        """List what is held back from erasure or was, the latest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/legal-holds", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def release_hold(
        self, programme: str, number: int, body: ReleaseHoldAsked, *, key: str | None = None
    ) -> LegalHoldShown:
        """Let go what was held; takes the role compliance, and a reason.

        Raises `NotFound` for a hold that the programme has not, `Conflict` for one that was released.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/legal-holds/{number}/release", programme=programme, number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("LegalHoldShown", self._connection.document(asked))

    def lock_period(self, programme: str, body: LockPeriodAsked, *, key: str | None = None) -> PeriodLockShown:
        """Let nothing be posted any more that is dated in this month or before it; takes the role finance.

        Waits for postings that are under way. Raises `Invalid` without a reason, `Refused` for a month that
        has not ended, `Conflict` when the books are locked further already.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/locks", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("PeriodLockShown", self._connection.document(asked))

    def list_locks(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[PeriodLockShown]:
        """List the locks of the books and what opened them again; the newest holds.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/locks", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)

    def reopen_period(self, programme: str, body: ReopenPeriodAsked, *, key: str | None = None) -> PeriodLockShown:
        """Open locked months again: from `month` on, or all of them (None); takes the role finance, and a reason.

        Raises `Conflict` when that month is not locked.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/locks/reopen", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("PeriodLockShown", self._connection.document(asked))

    def preview_month(self, programme: str, *, month: str) -> Previewed:
        """Tell what a month that is not closed comes to so far; nothing is written.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("programmes/{programme}/month-so-far", programme=programme), query={"month": month}
        )
        return cast("Previewed", self._connection.document(asked))

    def list_open_documents(self, programme: str, *, organisation: str | None = None, on: str | None = None) -> Rows:
        """Tell of which documents something is open, the oldest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/open-documents", programme=programme),
            query={"organisation": organisation, "on": on},
        )
        return cast("Rows", self._connection.document(asked))

    def bring_in_balances(
        self, programme: str, file: Path | bytes | IO[bytes], *, name: str, on: str, key: str | None = None
    ) -> JournalShown:
        """Begin the books of a programme with the balances of a table, dated the start of a day.

        Takes the role finance. One journal a unit; the same table again changes nothing. Raises `Invalid`
        with every fault of the table, `Conflict` when the books have begun before that day otherwise.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("programmes/{programme}/opening-balances", programme=programme),
            query={"name": name, "on": on},
            headers=typed("text/csv") | keyed(key),
            content=file,
        )
        return cast("JournalShown", self._connection.document(asked))

    def list_holders(self, programme: str) -> Rows:
        """Tell who holds which role for a programme.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/people", programme=programme))
        return cast("Rows", self._connection.document(asked))

    def read_register(self, programme: str) -> Rows:
        """Show the projects of a programme as the public sees them.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/register", programme=programme))
        return cast("Rows", self._connection.document(asked))

    def read_project(self, programme: str, code: str) -> Printed:
        """Show one project as the public sees it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/register/{code}", programme=programme, code=code))
        return cast("Printed", self._connection.document(asked))

    def read_results(self, programme: str, *, year: str | None = None) -> Printed:
        """Show the yearly report of a programme: every figure with its unit, and where it comes from.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/results", programme=programme), query={"year": year})
        return cast("Printed", self._connection.document(asked))

    def read_service(self, programme: str, *, until: str | None = None) -> Rows:
        """Tell month by month how the promises of the office were kept.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/service", programme=programme), query={"until": until})
        return cast("Rows", self._connection.document(asked))

    def read_spending(
        self, programme: str, *, by: Literal["category", "site", "item", "organisation"] | None = None
    ) -> Printed:
        """Tell what was spent in each closed month, and how long the fund lasts.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("programmes/{programme}/spending", programme=programme), query={"by": by})
        return cast("Printed", self._connection.document(asked))

    def read_trial_balance(self, programme: str, *, first: str | None = None, last: str | None = None) -> Printed:
        """Show what each account held, its debits, its credits and what it holds, over months (`first` to `last`).

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/trial-balance", programme=programme),
            query={"first": first, "last": last},
        )
        return cast("Printed", self._connection.document(asked))

    def read_what_if(
        self, programme: str, *, month: str, until: str | None = None, share: str | None = None, cap: int | None = None
    ) -> Printed:
        """Compare what months come to with what they would at another share or cap; nothing is written.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/what-if", programme=programme),
            query={"month": month, "until": until, "share": share, "cap": cap},
        )
        return cast("Printed", self._connection.document(asked))

    def list_write_offs(
        self, programme: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[WriteOffShown]:
        """List what was asked to be written off, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            path_of("programmes/{programme}/write-offs", programme=programme),
            query={"limit": limit, "cursor": cursor},
        )
        return self._items(asked)
