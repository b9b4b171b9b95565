"""Use of clusters: import files of it, see what is held and why."""

from __future__ import annotations

from datetime import datetime
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, Given, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.problems import MOST_FAULTS
from lionrock.api.registry import Effect, operation
from lionrock.api.sending import NDJSON
from lionrock.api.shapes import Code, Line, MonthText, Plain
from lionrock.charging.actions import import_usage_file
from lionrock.charging.commands.options import check_names, usage_options
from lionrock.charging.commands.usage import MOST_REVISIONS, held_data, import_data
from lionrock.charging.models import HeldRow, UsageImport
from lionrock.charging.queries import held_rows, imports
from lionrock.charging.usage_files import Format
from lionrock.kernel.errors import Fault, Refused
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Role
from lionrock.people.policies import require
from lionrock.people.programmes import house_zone, programme_on_file
from lionrock.usage.domain.figures import By
from lionrock.usage.domain.periods import read_period
from lionrock.usage.exports import figures_sheet, steps_sheet
from lionrock.usage.queries.utilisation import Asked, Report, utilisation

_ELSEWHERE = frozenset({"programme", "name", "form", "whole"})
"""What is asked of an import besides how its file is read."""
MOST_SHOWN: Final = 100
"""So many held rows are told at once."""


class ImportAsked(Given):
    """How the file is to be read; as with `lionrock usage import`."""

    programme: Code
    site: Code
    name: str = Field("usage.csv", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", description="What to call the file.")
    form: Format | None = Field(None, description="Its format; without it, told by its content.")
    items: list[Line] = Field([], max_length=50, description="COUNTED=ITEM, such as gres/gpu:h800=h800-gpu.")
    accounts: list[Line] = Field([], max_length=500, description="THEIRS=OURS.")
    account_column: Line = "user"
    all_accounts: Line = ""
    epoch: Line = Field("", description="Of a trace: the instant of its second 0.")
    month: MonthText = ""
    zone: Line = ""
    revision: int = Field(0, ge=0, le=MOST_REVISIONS)
    interim_until: Line = ""
    whole: bool = Field(False, description="Refuse all of it when a row would be held, and name every such row.")


class HeldShown(BaseModel):
    """A row that could not be taken in: where it stands, in which field what was wrong, and why."""

    file: str
    line: int
    code: str
    field: str | None
    value: str | None
    reason: str
    raw: str


class Imported(BaseModel):
    """What became of the rows: new, repeated, held, or passed over for a reason."""

    file: str
    digest: str
    rows: int
    new: int
    repeated: int
    held: int
    skipped: dict[str, int]
    first_held: list[HeldShown] = Field(description=f"The first {MOST_SHOWN}; all are under /usage/held.")


class ImportShown(BaseModel):
    """An import."""

    programme: str
    file: str
    started_at: datetime
    finished_at: datetime | None
    rows: int | None
    new: int | None
    repeated: int | None
    held: int | None


class ReportAsked(Given):
    """Which days, and by what it is added up."""

    first: Line = Field("", alias="from", description="First day; 30 days up to the last without it.")
    last: Line = Field("", alias="to", description="Last day, it included; today without it.")
    by: By = By.SITE
    site: Line = ""


class ReportShown(BaseModel):
    """Use against capacity, a row for each of what it is added up by, in device-seconds."""

    items: list[Plain]


class StepsShown(BaseModel):
    """Use against capacity over time, a row for each step of the period and kind of device, in device-seconds."""

    items: list[Plain]


@operation(
    HTTPMethod.GET,
    "usage/report",
    Scope.READ,
    pages=("usage:list", "usage:file"),
    commands=("usage report",),
)
def report_usage(call: Call[ReportAsked, Nothing]) -> ReportShown:
    """Tell how much was used of which capacity in a period."""
    return ReportShown(items=[dict(row) for row in figures_sheet(_report(call)).rows])


@operation(HTTPMethod.GET, "usage/steps", Scope.READ, pages=("usage:steps",))
def report_steps(call: Call[ReportAsked, Nothing]) -> StepsShown:
    """Tell how much was used in each day or month of a period, by kind of device."""
    return StepsShown(items=[dict(row) for row in steps_sheet(_report(call)).rows])


def _report(call: Call[ReportAsked, Nothing]) -> Report:
    asked = call.query
    period = read_period(asked.first, asked.last, call.now, house_zone())
    return utilisation(call.actor, Asked(period, asked.by, asked.site), call.now)


@operation(
    HTTPMethod.POST,
    "usage/imports",
    Scope.USAGE,
    effect=Effect.TOGETHER,
    status=HTTPStatus.CREATED,
    takes=(
        "text/csv",
        NDJSON,
        "text/plain",
        "application/gzip",
        "application/octet-stream",
        "application/vnd.apache.parquet",
    ),
    commands=("usage import",),
)
def import_usage(call: Call[ImportAsked, Path]) -> Imported:
    """Import a file of use: sacct (parsable), Standard Workload Format, Parquet, or our CSV or NDJSON.

    A row that cannot be taken in is held with its reason and the others go on; with `whole` nothing is
    taken in then. All of a file is one transaction: broken off anywhere it has left nothing, and the same
    `Idempotency-Key` again does it, or tells what was done. The same file again changes nothing.
    """
    asked = call.query
    require(call.actor, Role.CLUSTER_ADMIN, programme=asked.programme)
    rules = programme_on_file(asked.programme)
    given = asked.model_dump(exclude=set(_ELSEWHERE))
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    options = usage_options(told, rules.zone)
    check_names(told, options, rules, call.actor)
    done = import_usage_file(
        call.body.rename(call.body.with_name(asked.name)),
        options,
        actor=call.actor,
        programme=asked.programme,
        now=call.now,
        told={name: str(value) for name, value in told.items() if value},
        form=asked.form,
    )
    if asked.whole and done.tally["held"]:
        raise _not_whole(done)
    first = [_held_shown(row) for row in done.held_rows.select_related("usage_import")[:MOST_SHOWN]]
    return Imported.model_validate({**import_data(done), "first_held": first})


def _held_shown(row: HeldRow) -> HeldShown:
    named = {name: row.fields.get(name) for name in ("field", "value")}
    return HeldShown.model_validate({**held_data(row), **named})


def _not_whole(done: UsageImport) -> Refused:
    faults = [
        Fault(row.code, Message(row.template, row.fields), file=done.name, line=row.line, value=row.raw)
        for row in done.held_rows.order_by("line")[:MOST_FAULTS]
    ]
    said = message(
        gettext_noop("{count} rows of {file} cannot be taken in, so nothing of it was. Mend them and send it again."),
        count=done.tally["held"],
        file=done.name,
    )
    return Refused("api.usage.not_whole", said, faults=faults)


@operation(HTTPMethod.GET, "usage/imports", Scope.READ, commands=("usage imports",))
def list_imports(call: Call[Piece, Nothing]) -> Listed[ImportShown]:
    """List the files that were imported, the newest first."""
    return piece_of(imports(call.actor), call.query, _import_shown)


def _import_shown(one: UsageImport) -> ImportShown:
    counts = {name: one.tally.get(name) for name in ("rows", "new", "repeated", "held")}
    return ImportShown(
        programme=one.programme, file=one.name, started_at=one.started_at, finished_at=one.finished_at, **counts
    )


@operation(
    HTTPMethod.GET,
    "usage/held",
    Scope.READ,
    pages=("finance_held:show", "finance_held:list"),
    commands=("usage held",),
)
def list_held(call: Call[Piece, Nothing]) -> Listed[HeldShown]:
    """List the rows that could not be taken in, with line and reason."""
    return piece_of(held_rows(call.actor), call.query, _held_shown)
