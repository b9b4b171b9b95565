"""Statements: list, read, as files; a line explained; the month so far."""

from __future__ import annotations

from datetime import datetime
from http import HTTPMethod

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, File, Given, Nothing
from lionrock.api.cursors import Listed, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import operation
from lionrock.api.shapes import MonthText, OfProgramme, Plain
from lionrock.charging.commands.charge import preview_data
from lionrock.charging.queries import preview
from lionrock.kernel.periods import Month
from lionrock.people.programmes import programme_on_file
from lionrock.statements.commands import document_data, settlement_data
from lionrock.statements.explaining import explain_line
from lionrock.statements.exports import explanation_to_json, to_json
from lionrock.statements.pages import FORMATS
from lionrock.statements.queries import document_by_number, documents, paper_of, settlement_by_number, settlements
from lionrock.statements.settlement_pages import SETTLEMENT_FORMATS
from lionrock.statements.settlements import settlement_json, settlement_paper

_PATH = "statements/{number}"


class DocumentShown(BaseModel):
    """An invoice or a credit note; amounts are minor units of `currency`."""

    number: str
    kind: str
    programme: str
    organisation: str
    month: str
    currency: str
    gross: int
    subsidy: int
    user: int


class LineShown(BaseModel):
    """A line of a statement."""

    kind: str
    what: str
    site: str
    quantity: str | None
    unit: str
    unit_price: str | None
    price_from: str | None
    corrects: str | None
    reason: str
    gross: int
    subsidy: int
    user: int
    subsidy_by_award: dict[str, int]


class AwardPaid(BaseModel):
    """What an award paid, and what was left of it then."""

    award: str
    subsidy: int
    left: int | None


class StatementShown(DocumentShown):
    """A statement with its lines."""

    organisation_name: str
    issued_at: datetime
    lines: list[LineShown]
    awards: list[AwardPaid]


class SettlementShown(BaseModel):
    """A claim on the scheme, or what a site is owed; `amount` is minor units of `currency`."""

    number: str
    kind: str
    programme: str
    site: str
    month: str
    currency: str
    amount: int


class SettlementRead(BaseModel):
    """A claim or a remittance with its lines."""

    number: str
    kind: str
    programme: str
    to: str
    month: str
    issued_at: datetime
    currency: str
    amount: int
    lines: list[Plain]


class Explained(BaseModel):
    """A line, down to the runs, the price, the share and what limited it."""

    number: str
    line: int
    organisation: str
    month: str
    what: Plain
    steps: list[Plain]
    agrees: bool = Field(description="That reckoning anew comes to what was billed.")
    runs: list[Plain]
    billed_before: list[Plain]


class ChargeShown(BaseModel):
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


class Previewed(BaseModel):
    """What a month comes to so far, in minor units of `currency`."""

    programme: str
    month: str
    currency: str
    gross: int
    subsidy: int
    user: int
    lines: list[ChargeShown]
    held: Plain


class OfMonth(OfProgramme):
    """A list of statements, narrowed."""

    month: MonthText = ""
    organisation: str = Field("", max_length=64, description="Only of this one.")


class MonthAsked(Given):
    """Which month."""

    month: MonthText


@operation(HTTPMethod.GET, "statements", Scope.READ, pages=("statements:list",), commands=("statement list",))
def list_statements(call: Call[OfMonth, Nothing]) -> Listed[DocumentShown]:
    """List the statements that one may see, the newest first."""
    found, asked = documents(call.actor), call.query
    found = found.filter(programme=asked.programme) if asked.programme else found
    found = found.filter(organisation__code=asked.organisation) if asked.organisation else found
    found = found.filter(month=Month.parse(asked.month).first_day) if asked.month else found
    return piece_of(found, asked, lambda each: DocumentShown.model_validate(document_data(each)))


@operation(HTTPMethod.GET, _PATH, Scope.READ, pages=("statements:show",), commands=("statement show",))
def read_statement(call: Call[Nothing, Nothing], number: str) -> StatementShown:
    """Show one statement with its lines."""
    return StatementShown.model_validate(to_json(paper_of(document_by_number(call.actor, number))))


def _file(call: Call[Nothing, Nothing], number: str, ending: str) -> File:
    kind = FORMATS[ending]
    content = kind.write(paper_of(document_by_number(call.actor, number)))
    return File(content, kind.content_type, f"{number}.{ending}")


@operation(
    HTTPMethod.GET,
    f"{_PATH}/csv",
    Scope.READ,
    produces=("text/csv",),
    pages=("statements:file",),
    commands=("statement write",),
)
def read_statement_csv(call: Call[Nothing, Nothing], number: str) -> File:
    """Hand out the lines of a statement as CSV."""
    return _file(call, number, "csv")


@operation(
    HTTPMethod.GET,
    f"{_PATH}/pdf",
    Scope.READ,
    produces=("application/pdf",),
    pages=("statements:file",),
    commands=("statement write",),
)
def read_statement_pdf(call: Call[Nothing, Nothing], number: str) -> File:
    """Hand out a statement as PDF, in the language of Accept-Language."""
    return _file(call, number, "pdf")


@operation(
    HTTPMethod.GET,
    f"{_PATH}/lines/{{position}}",
    Scope.READ,
    pages=("statements:line", "statements:line_file"),
    commands=("charge explain",),
)
def explain_line_(call: Call[Nothing, Nothing], number: str, position: int) -> Explained:
    """Explain a line of a statement, down to the runs, the price, the share and what limited it."""
    return Explained.model_validate(explanation_to_json(explain_line(document_by_number(call.actor, number), position)))


@operation(HTTPMethod.GET, "settlements", Scope.READ, pages=("settlements:list",), commands=("settlement list",))
def list_settlements(call: Call[OfProgramme, Nothing]) -> Listed[SettlementShown]:
    """List the claims and remittances that one may see, the newest first."""
    found = settlements(call.actor)
    found = found.filter(programme=call.query.programme) if call.query.programme else found
    return piece_of(found, call.query, lambda each: SettlementShown.model_validate(settlement_data(each)))


@operation(
    HTTPMethod.GET,
    "settlements/{number}",
    Scope.READ,
    pages=("settlements:show", "settlements:file"),
    commands=("settlement show",),
)
def read_settlement(call: Call[Nothing, Nothing], number: str) -> SettlementRead:
    """Show one claim or remittance with its lines."""
    found = settlement_by_number(call.actor, number)
    return SettlementRead.model_validate(settlement_json(settlement_paper(found)))


def _settlement_file(call: Call[Nothing, Nothing], number: str, ending: str) -> File:
    kind = SETTLEMENT_FORMATS[ending]
    content = kind.write(settlement_paper(settlement_by_number(call.actor, number)))
    return File(content, kind.content_type, f"{number}.{ending}")


@operation(
    HTTPMethod.GET,
    "settlements/{number}/csv",
    Scope.READ,
    produces=("text/csv",),
    pages=("settlements:file",),
    commands=("settlement write",),
)
def read_settlement_csv(call: Call[Nothing, Nothing], number: str) -> File:
    """Hand out the lines of a claim or remittance as CSV."""
    return _settlement_file(call, number, "csv")


@operation(
    HTTPMethod.GET,
    "settlements/{number}/pdf",
    Scope.READ,
    produces=("application/pdf",),
    pages=("settlements:file",),
    commands=("settlement write",),
)
def read_settlement_pdf(call: Call[Nothing, Nothing], number: str) -> File:
    """Hand out a claim or remittance as PDF, in the language of Accept-Language."""
    return _settlement_file(call, number, "pdf")


@operation(
    HTTPMethod.GET,
    "programmes/{programme}/month-so-far",
    Scope.READ,
    pages=("finance_closing:show",),
    commands=("charge preview",),
)
def preview_month(call: Call[MonthAsked, Nothing], programme: str) -> Previewed:
    """Tell what a month that is not closed comes to so far; nothing is written."""
    found = preview(call.actor, programme_on_file(programme).id, Month.parse(call.query.month))
    return Previewed.model_validate(preview_data(programme, found))
