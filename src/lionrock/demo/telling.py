"""The demonstration from its first line to its last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lionrock.charging.models import MonthClose, UsageImport
from lionrock.demo.build import build_awards, build_fund_and_call, build_people, statements_folder
from lionrock.demo.checks import Built
from lionrock.demo.fresh import empty_the_database
from lionrock.demo.portal import start_portal
from lionrock.demo.stage import Stage
from lionrock.demo.story import read_story
from lionrock.demo.use import close, generated_month, import_use, real_trace, run_job
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.check import check_books
from lionrock.ledger.domain.beancount_text import beancount_lines
from lionrock.ledger.queries import book
from lionrock.people.domain import terminal_operator
from lionrock.people.programmes import programme_on_file
from lionrock.statements.commands import LANGUAGES, content_of
from lionrock.statements.models import Document
from lionrock.statements.queries import paper_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Told:
    """What the demonstration built, and what became of the rows of its usage file."""

    built: Built
    tally: dict[str, object]


def tell(home: Path, now: datetime, *, trace: Path | None, say: Say) -> Told:
    """Build everything; the month that is shown is the last one that has ended."""
    story = read_story()
    programme = programme_on_file(story.programme)
    stage = Stage(story, programme, Month.of(now, programme.zone).plus(-1), now)
    traced = real_trace(stage, trace) if trace else None  # a file that cannot be read costs no earlier demonstration
    empty_the_database(programme.id)
    say(f"programme {programme.names} ({programme.id}); the month shown is {stage.month}")
    sign_in = build_people(stage)
    call = build_fund_and_call(stage)
    say(f"fund      {programme.at(stage.month.first_day).fund_total()} appropriated, {call.code} open")
    build_awards(stage, call, say)
    job = run_job(stage)
    say(f"job       {job.code} “{job.name}” really ran: {job.state}")
    usage = traced or generated_month(stage, home / "usage")
    imported = import_use(stage, usage)
    say(_rows(imported))
    closed = close(stage)
    say(_closed(closed, stage))
    papers = _write_statements(closed, home)
    books = _export(home, programme.id)
    say(f"books     {_books(books)}")
    built = Built(stage, usage, job, closed, papers, books, start_portal(home), sign_in)
    return Told(built, imported.tally)


def _rows(imported: UsageImport) -> str:
    tally = imported.tally
    passed_over = ", ".join(f"{count:,} {reason}" for reason, count in tally["skipped"].items()) or "none"
    return (
        f"use       {imported.name}: {tally['rows']:,} rows, {tally['new']:,} taken in, "
        f"{tally['held']:,} held with a reason, passed over: {passed_over}"
    )


def _closed(closed: MonthClose, stage: Stage) -> str:
    gross, subsidy, user = (Money(amount, closed.currency) for amount in (closed.gross, closed.subsidy, closed.user))
    return f"closed    {stage.month}: {gross} at list price = {subsidy} scheme + {user} users"


def _write_statements(closed: MonthClose, home: Path) -> list[Path]:
    """Write every statement in English, and the first in each language; the first comes first."""
    folder = statements_folder(home)
    written = []
    for number, document in enumerate(Document.objects.filter(close=closed).order_by("number")):
        paper = paper_of(document)
        for language in LANGUAGES if number == 0 else LANGUAGES[:1]:
            suffix = "" if language == "en" else f".{language}"
            target = folder / f"{document.number}{suffix}.pdf"
            target.write_bytes(content_of(paper, "pdf", language))
            written.append(target)
    return written


def _books(books: Path) -> str:
    results = check_books()
    faults = [fault for result in results for fault in result.faults]
    verdict = f"{len(faults)} faults, see `lionrock ledger check`" if faults else "all in order"
    return f"added up anew in {len(results)} ways: {verdict}; exported to {books}"


def _export(home: Path, programme: str) -> Path:
    target = home / f"{programme}.beancount"
    lines = beancount_lines(book(terminal_operator("demo"), programme))
    target.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return target
