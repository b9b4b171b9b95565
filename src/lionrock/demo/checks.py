"""What must be true of the demonstration when it is built: each a question to the finished books."""

from __future__ import annotations

import http.cookiejar
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Sum

from lionrock.charging.models import ChargeLine, HeldRow, MonthClose, RecordedRun, UsageImport
from lionrock.demo.build import SignIn
from lionrock.demo.stage import Stage
from lionrock.demo.use import UsageFile, import_use
from lionrock.jobs.models import Job
from lionrock.ledger.check import check_books
from lionrock.ledger.queries import balances
from lionrock.statements.models import Document

BEAN_CHECK = Path(sys.executable).parent / "bean-check"
"""An auditor's program; it comes with the tools for development, so it may not be there."""


@dataclass(frozen=True)
class Built:
    """What was built, for the checks to look at."""

    stage: Stage
    usage: UsageFile
    job: Job
    close: MonthClose
    papers: list[Path]
    books: Path
    portal: str
    sign_in: SignIn


@dataclass(frozen=True)
class Answer:
    """One question with its answer; `problem` is empty when all is well."""

    question: str
    problem: str


def check(built: Built) -> list[Answer]:
    """Ask every question and return the answers, the good ones too."""
    questions: list[tuple[str, Callable[[Built], str]]] = [
        ("the real job completed and its use is recorded", _job),
        ("every row of the file is rated, held or passed over with a reason", _rows),
        ("importing the file again changes nothing", _again),
        ("the lines add up to the documents, and these to the month", _documents),
        ("the ledger's own check passes", _ledger),
        ("the ledger's balances equal the statements", _balances),
        *([("bean-check accepts the exported books", _bean_check)] if BEAN_CHECK.exists() else []),
        ("the statements are written as PDF", _papers),
        ("the operator can sign in, and the pages answer", _portal),
    ]
    return [Answer(question, ask(built)) for question, ask in questions]


def _job(built: Built) -> str:
    runs = RecordedRun.objects.filter(job=built.job.code, standing=True)
    return "" if built.job.state == "COMPLETED" and runs.count() == 1 else f"{built.job.code} is {built.job.state}"


def _rows(_: Built) -> str:
    lost = [f"{one.name}: {one.tally}" for one in UsageImport.objects.all() if not _accounted_for(one)]
    return "; ".join(lost)


def _accounted_for(one: UsageImport) -> bool:
    """Tell whether the tally adds up, and what it counts is there."""
    tally = one.tally
    told = tally["new"] + tally["repeated"] + tally["held"] + sum(tally["skipped"].values())
    taken_in = RecordedRun.objects.filter(programme=one.programme, source=one.name).count()
    held = one.held_rows.values("line").distinct().count()
    return bool((tally["rows"], tally["new"], tally["held"]) == (told, taken_in, held))


def _again(built: Built) -> str:
    before = _content()
    again = import_use(built.stage, built.usage)
    if again.tally["new"]:
        return f"{again.tally['new']} rows were taken as new"
    return "" if _content() == before else "the tables differ"


def _content() -> tuple[object, ...]:
    runs = RecordedRun.objects.filter(standing=True)
    return (
        RecordedRun.objects.count(),
        runs.aggregate(Sum("id"))["id__sum"],
        HeldRow.objects.count(),
        list(UsageImport.objects.order_by("id").values_list("tally", flat=True)),
    )


def _documents(built: Built) -> str:
    amounts = ("gross", "subsidy", "user")
    lines = ChargeLine.objects.filter(close=built.close)
    of_lines = lines.aggregate(**{name: Sum(name) for name in amounts})
    of_documents = Document.objects.filter(close=built.close).aggregate(**{name: Sum(name) for name in amounts})
    closed = {name: getattr(built.close, name) for name in amounts}
    return "" if of_lines == of_documents == closed else f"{of_lines} {of_documents} {closed}"


def _ledger(_: Built) -> str:
    faults = [str(fault) for result in check_books() for fault in result.faults]
    return "; ".join(faults)


def _balances(built: Built) -> str:
    close = built.close
    owed = balances(close.programme, "receivable/user", close.currency)
    billed = {
        f"receivable/user/{document.organisation.code}": document.user
        for document in Document.objects.filter(close=close).select_related("organisation")
    }
    scheme = sum(balances(close.programme, "receivable/scheme", close.currency).values())
    revenue = -sum(balances(close.programme, "revenue", close.currency).values())
    differing = [path for path, amount in billed.items() if owed.get(path, 0) != amount]
    if differing or (scheme, revenue) != (close.subsidy, close.gross):
        return f"{differing} scheme {scheme} revenue {revenue}"
    return ""


def _bean_check(built: Built) -> str:
    found = subprocess.run([BEAN_CHECK, built.books], capture_output=True, text=True, check=False)
    return "" if found.returncode == 0 else found.stdout + found.stderr


def _papers(built: Built) -> str:
    wrong = [str(paper) for paper in built.papers if not _is_whole_pdf(paper)]
    written = {paper.stem for paper in built.papers}
    numbers = Document.objects.filter(close=built.close).values_list("number", flat=True)
    missing = [number for number in numbers if number not in written]
    return f"no PDF: {wrong + missing}" if wrong or missing or not written else ""


def _is_whole_pdf(paper: Path) -> bool:
    """Tell whether the file is there from the first line of a PDF to the last."""
    content = paper.read_bytes() if paper.is_file() else b""
    return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def _portal(built: Built) -> str:
    try:
        return _visit(built)
    except OSError as silent:
        return f"{built.portal} does not answer: {silent}"


def _visit(built: Built) -> str:
    """Sign in as a browser would, without following anything by hand, and open the main pages."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = browser.open(f"{built.portal}sign-in", timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    if token is None:
        return "the sign-in page has no form"
    fields = {
        "csrfmiddlewaretoken": token[1],
        "username": built.sign_in.email,
        "password": built.sign_in.password,
    }
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{built.portal}sign-in", urllib.parse.urlencode(fields).encode(), {"Referer": f"{built.portal}sign-in"}
    )
    landed = browser.open(request, timeout=30)
    if landed.url.endswith("sign-in"):
        return "the password was not accepted"
    document = Document.objects.filter(close=built.close).first()
    pages = ["awards", "statements", *([f"statements/{document.number}"] if document else [])]
    answers = {page: browser.open(f"{built.portal}{page}", timeout=30).status for page in pages}
    return "" if set(answers.values()) == {200} else str(answers)
