"""Types that several parts share. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class AdjustmentShown(TypedDict):
    """An amount charged to an account by decision, or, below zero, credited; in minor units."""

    programme: str

    cause: str

    account: str

    award: str | None

    site: str

    amount: int

    reason: str

    month: str

    decided_by: str

    decided_at: str


class AmountIn(TypedDict):
    """An amount, and in which currency."""

    amount: str
    """In the currency of the programme."""

    currency: str


class AssessmentShown(TypedDict):
    """One assessor with one application. `round` counts how often the scores were handed in."""

    number: int

    application: str

    state: str

    state_since: str

    assigned_at: str

    due: str | None

    round: int

    reopened_because: str


class AuthorisationShown(TypedDict):
    """A licence, or an exception that somebody was notified of, for so many chips of a kind."""

    programme: str

    number: str

    kind: str

    chip: str

    quantity: int

    conditions: str

    needs_statement: bool

    state: str

    applied_on: str

    decided_on: str | None

    expires_on: str | None


class ConditionShown(TypedDict):
    """What has to be met, by whom (`owner`, an e-mail address), by when, shown by which proof, before which point."""

    application: str | None

    number: int

    item: str

    owner: str

    due: str

    proof: str

    binds: str

    milestone: str

    laid_at: str

    handed_in_at: str | None

    handed_in: str

    met_on: str | None


class DataSetShown(TypedDict):
    """Data of an award: whose they are, in which zone, and until when at the latest they are kept."""

    code: str

    award: str

    name: str

    about: str

    owner: str

    zone: str

    personal: bool

    keep_until: str

    registered_at: str

    deleted_at: str | None


Decision: TypeAlias = "Literal['approve', 'decline']"
"""What a decision can be; also the verb of the application."""


class DeliveryShown(TypedDict):
    """One thing that one webhook is told; `id` is what the receiver knows it by."""

    number: int

    id: str

    webhook: int

    topic: Topic

    data: dict[str, Any]

    created_at: str

    tries: int

    next_try: str | None
    """Null once it is taken or given up."""

    taken_at: str | None

    given_up_at: str | None

    last_status: int | None

    last_error: str


class DeputyShown(TypedDict):
    """Somebody does a duty of somebody else for a programme, from an instant until another, or until it was ended."""

    number: int

    holder: str

    deputy: str

    role: str

    programme: str

    named_by: str

    named_at: str

    ended_at: str | None

    ended_by: str

    first: str

    last: str


class Done(TypedDict):
    """Done."""

    done: bool


class DossierShown(TypedDict):
    """The gate's file on one application, and on its award afterwards."""

    application: str | None

    programme: str

    profiles: Any

    asked_on: str

    state: str

    state_since: str

    tier: str

    oversight: str

    round: int

    begun_at: str


class EquipmentShown(TypedDict):
    """Chips that run at a site from a day on: out of a shipment, or there before orders were kept here."""

    number: int

    site: str

    chip: str

    chips: int

    since: str

    note: str

    recorded_at: str


class FeeShown(TypedDict):
    """An amount in minor units that accounts, or sites, share by weight."""

    programme: str

    cause: str

    weights: Any

    site: str

    amount: int

    reason: str

    month: str

    decided_by: str

    decided_at: str


class ListedAssessmentShown(TypedDict):
    """ListedAssessmentShown."""

    items: list[AssessmentShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class MailDomainShown(TypedDict):
    """A mail domain that an organisation says is its own; a record in the domain's DNS proves it, again and again."""

    number: int

    organisation: str

    name: str

    standing: str

    lets_in: bool

    claimed_at: str

    looked_at: str | None

    seen_at: str | None

    failing_since: str | None

    record_at: str

    record: str


class OrderShown(TypedDict):
    """An order and its journey; what holds it are its `holds`."""

    code: str

    programme: str

    supplier: str | None

    reference: str

    destination: str

    exporting_from: str

    headquarters: str

    uses: Any

    ordered_on: str

    state: str

    state_since: str


class OutcomeShown(TypedDict):
    """A result of an award, known by an identifier; a removed one stays on file with who removed it."""

    number: int

    award: str

    kind: str

    title: str

    year: int

    scheme: str

    identifier: str

    orcid: str

    added_at: str

    removed_at: str | None


Printed: TypeAlias = "dict[str, Any]"
"""Plain values by name, as the command of the same name prints them with --json."""


class ProblemFinding(TypedDict):
    """What one rule found."""

    rule: str

    outcome: str

    detail: str

    remedy: NotRequired[str | None]


Role: TypeAlias = "Literal['member', 'organisation_admin', 'office', 'assessor', 'committee', 'chair', 'finance', 'cluster_admin', 'compliance', 'auditor', 'programme_owner']"
"""A duty. Each is held for one programme or one organisation, never for everything at once."""


class Rows(TypedDict):
    """All rows of a table that is reckoned as a whole, and so does not come in pieces."""

    items: list[dict[str, Any]]


class ShipmentShown(TypedDict):
    """So many units of a line, sent at once; `ended_on` is when they came, or were given up."""

    number: int

    order: str

    line: int

    reference: str

    units: int

    sent_on: str

    expected_on: str

    ended_on: str | None

    state: str


Topic: TypeAlias = "Literal['award.made', 'award.varied', 'award.ended', 'month.closed', 'statement.issued', 'application.submitted', 'application.returned', 'application.withdrawn', 'application.decided', 'award.suspended', 'award.resumed', 'allocation.granted', 'allocation.replaced', 'allocation.closed', 'job.queued', 'job.running', 'job.ended', 'job.cancelled', 'usage.held', 'payment.received', 'payment.matched', 'payment.reversed', 'ping']"
"""What a webhook can be told of."""


class WriteOffShown(TypedDict):
    """That finance asks to write off an amount (minor units) of an invoice, and what that takes."""

    number: int

    programme: str

    document: str

    currency: str

    amount: int

    reason: str

    authority: str

    asked_at: str

    asked_by: str

    agreed: bool | None

    answered_by: str | None

    answered_at: str | None
