"""How answers look on the terminal: as the commands there have them; what has no view of its own is shown plainly."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import click

from lionrock.jobs.domain.log_text import visible
from lionrock.kernel.money import Money
from lionrock.terminal.output import Table, facts, show
from lionrock_client import Download

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_SHOWN_INSTANT: Final = re.compile(_INSTANT.pattern.replace("Z", r"\+00:00"))
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """Columns of a list in an order, or a sentence with fields for what was done.

    `by` names the fields that it is sorted by, one with - backwards; `rows` the list within the answer that is shown.
    """

    columns: str = ""
    right: str = ""
    by: str = ""
    rows: str = ""
    nothing: str = ""
    said: str = ""
    cell: Callable[[Row, str], object] | None = None


def _value(row: Row, column: str) -> object:
    """Return a cell; an instant as Python writes it for people."""
    value = row.get(column)
    return value.replace("T", " ") if isinstance(value, str) and _SHOWN_INSTANT.fullmatch(value) else value


def _money(row: Row, column: str) -> object:
    """Return an amount as people read it; all else as it is."""
    value = row[column]
    return Money(value, row["currency"]) if isinstance(value, int) else value


def _of_job(row: Row, column: str) -> object:
    value = row[column]
    if isinstance(value, Mapping):
        return ", ".join(f"{item}={count}" for item, count in value.items())
    return "" if value is None else visible(str(value)).replace("\n", "␊")


_AMOUNTS: Final = "gross subsidy user"
VIEWS: Final[Mapping[str, View]] = {
    "allocation list": View(
        "award organisation item count device_seconds used remaining starts ends state",
        right="count device_seconds used remaining",
        by="award starts",
    ),
    "application list": View("code call organisation state title", by="code", nothing="–"),
    "application submit": View(said="{code} is submitted."),
    "application withdraw": View(said="{code} is withdrawn."),
    "audit list": View("record at actor action subject"),
    "award list": View(
        "code organisation item count share cap valid_from valid_to state", right="count share cap", by="code"
    ),
    "call list": View("code programme state opens closes budget title", right="budget", by="code", nothing="–"),
    "job list": View("code name award site devices state seconds", right="seconds", cell=_of_job),
    "job template list": View("id name"),
    "job template show": View("name kind default limits label", rows="parameters"),
    "organisation list": View("code name", by="code"),
    "person deputies": View("number holder deputy role programme first last", by="number"),
    "person end-deputy": View(said="{deputy} does not stand in for {holder} any more."),
    "person name-deputy": View(said="{deputy} stands in for {holder} from {first} to {last}: {number}."),
    "retention certificates": View("number certificate subject proposed_by erased_by", nothing="–"),
    "retention hold": View(said="Hold {number} is on {code}."),
    "retention holds": View("number kind code reason released_at", nothing="–"),
    "retention propose": View(said="Erasure {number} of {subject} is proposed. Another person carries it out."),
    "retention release": View(said="Hold {number} is released."),
    "settlement list": View("number kind site month amount", right="amount", by="-month number", cell=_money),
    "site list": View("code name programme driver", by="code"),
    "statement list": View(
        f"number organisation month kind {_AMOUNTS}", right=_AMOUNTS, by="-month number", cell=_money
    ),
    "usage held": View("file line reason"),
    "usage imports": View("programme file rows new repeated held"),
    "webhook again": View(said="Delivery {number} will be sent again."),
    "webhook change-key": View(said="Webhook {number} has a new key."),
    "webhook deliveries": View("number webhook topic created_at tries taken_at given_up_at last_status last_error"),
    "webhook end": View(said="Webhook {number} is told nothing any more."),
    "webhook list": View("number url topics ended_at"),
    "webhook try": View(said="A trial is on its way to webhook {webhook}."),
}


def shown(words: str, answer: Any, *, as_json: bool, said: str = "") -> None:
    """Print an answer as its command prints it; `said` is what it says of it, where that takes more than a view."""
    view = VIEWS.get(words, View())
    data = instants(answer["items"] if isinstance(answer, Mapping) and set(answer) == {"items"} else answer)
    if isinstance(data, list):
        rows = _sorted(data, view.by)
        show(rows, _table(view, rows), as_json=as_json)
    elif view.rows:
        show(data, _table(view, data[view.rows]), as_json=as_json)
    elif (said or view.said) and not as_json:
        click.echo(said or view.said.format(**data))
    else:
        show(data, "\n".join(facts(data)), as_json=as_json)


def _sorted(rows: list[Row], by: str) -> list[Row]:
    for name in reversed(by.split()):
        rows = sorted(rows, key=itemgetter(name.removeprefix("-")), reverse=name.startswith("-"))
    return rows


def written(answer: Download, output: Path | None) -> None:
    """Save a file where that is asked, and say where; else, and for -, let it go to standard output."""
    if output is None or output == Path("-"):
        for piece in answer:
            sys.stdout.buffer.write(piece)
        return
    click.echo(str(answer.save(output)))


def _table(view: View, rows: Sequence[Row]) -> Table:
    columns = view.columns.split() or _plain_columns(rows)
    read = view.cell or _value
    cells = [[view.nothing if (value := read(row, column)) is None else value for column in columns] for row in rows]
    return Table(columns, cells, frozenset(view.right.split()))


def _plain_columns(rows: Sequence[Row]) -> list[str]:
    """Return the fields that fit into a cell."""
    return [name for name, value in rows[0].items() if not isinstance(value, list | dict)] if rows else ["nothing"]


def instants(value: Any) -> Any:
    """Return the same with instants as our terminal writes them, with the offset in figures."""
    if isinstance(value, Mapping):
        return {name: instants(each) for name, each in value.items()}
    if isinstance(value, list):
        return [instants(each) for each in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return f"{value[:-1]}+00:00"
    return value
