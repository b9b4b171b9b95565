"""Commands that are more than one question, or that make one of files: sending a job, following it, its log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import click

from lionrock.jobs.domain.log_text import LogText, visible
from lionrock.jobs.domain.requests import named_files, read_after, read_devices, read_files, read_time_limit
from lionrock.jobs.domain.states import is_open
from lionrock.jobs.domain.templates import read_values
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.remote.views import shown, written
from lionrock_client import Client
from lionrock_client.operations.jobs import JobAsked, JobShown

Given = Mapping[str, Any]
_PAUSE_SECONDS: Final = 2
_PIECE_BYTES: Final = 64 * 1024
_ENDED_OTHERWISE: Final = 1


def submit(client: Client, given: Given) -> None:
    """Send a job with the files of this folder that its command names."""
    asked: JobAsked = {"award": given["award"]}
    if "template" in given:
        asked |= {"template": given["template"], "values": read_values(given.get("values", ()))}
    else:
        asked |= _command(given)
    asked |= {name: given[name] for name in ("site", "name", "array", "requeue") if name in given}  # type: ignore[typeddict-item]
    read_after(given.get("after", ()))
    made = client.jobs.submit_job(asked | {"after": list(given.get("after", ()))})
    said = f"{made['code']} is submitted to {made['site']}."
    if made["files"] and "template" not in given:
        said += f" It brings {', '.join(made['files'])}."
    shown("job submit", made, as_json="as_json" in given, said=said)


def _command(given: Given) -> JobAsked:
    missing = "ARGV" if "argv" not in given else "" if "time_limit" in given else "--time-limit"
    if missing:
        raise click.UsageError(f"Missing {missing}: write the command after --, and how long it may run.")
    argv = given["argv"]
    return {
        "award": given["award"],
        "argv": list(argv),
        "time_limit_seconds": read_time_limit(given["time_limit"]),
        "devices": read_devices(given.get("devices", ())),
        "files": read_files(named_files(argv, given.get("files", ()))),
    }


def wait(client: Client, given: Given) -> None:
    """Ask until a job is over."""
    code, limit = given["code"], given["limit"]
    end = time.monotonic() + read_time_limit(limit)
    while is_open((waited := client.jobs.read_job(code))["state"]):
        if time.monotonic() >= end:
            said = message(
                gettext_noop("{code} is still {state} after {limit}. Wait longer, or cancel it."),
                code=code,
                state=waited["state"],
                limit=limit,
            )
            raise Conflict("jobs.wait.limit", said)
        time.sleep(_PAUSE_SECONDS)
    reason = f" {visible(waited['why'])}" if waited["why"] else ""
    shown("job wait", waited, as_json="as_json" in given, said=f"{code} is {waited['state']}.{reason}")
    if waited["state"] != "COMPLETED":
        sys.exit(_ENDED_OTHERWISE)


def log(client: Client, given: Given) -> None:
    """Print what a job wrote, and go on while it writes where that is asked."""
    code, raw, text, offset = given["code"], "raw" in given, LogText(), 0
    stream: Literal["stdout", "stderr"] = "stderr" if "errors" in given else "stdout"
    while True:
        over = "follow" not in given or not is_open(client.jobs.read_job(code)["state"])
        while piece := client.jobs.read_log(code, stream=stream, offset=offset, limit=_PIECE_BYTES).read():
            offset += len(piece)
            click.echo(piece if raw else text.show(piece), nl=False)
        if over:
            break
        time.sleep(_PAUSE_SECONDS)
    click.echo(b"" if raw else text.show(b"", last=True), nl=False)


def cancel(client: Client, given: Given) -> None:
    """Stop a job."""
    stopped: JobShown = client.jobs.cancel_job(given["code"])
    code, state = stopped["code"], stopped["state"]
    being = f"{code} is being stopped; `lionrock job wait {code}` tells when it has."
    click.echo(being if is_open(state) else f"{code} is {state}.")


def write_statement(client: Client, given: Given) -> None:
    """Write a statement as a file, in a language."""
    number, form = given["number"], given["form"]
    if form == "json":
        shown("statement show", client.statements.read_statement(number), as_json=True)
        return
    asked = client.speaking(given["language"]).statements
    answer = asked.read_statement_pdf(number) if form == "pdf" else asked.read_statement_csv(number)
    written(answer, given.get("output") or Path(f"{number}.{form}"))


def write_settlement(client: Client, given: Given) -> None:
    """Write a claim or a remittance as a file, in a language."""
    number, form = given["number"], given["form"]
    if form == "json":
        shown("settlement show", client.settlements.read_settlement(number), as_json=True)
        return
    asked = client.speaking(given["language"]).settlements
    answer = asked.read_settlement_pdf(number) if form == "pdf" else asked.read_settlement_csv(number)
    written(answer, given.get("output") or Path(f"{number}.{form}"))


def explain(client: Client, given: Given) -> None:
    """Explain a line of a document, named DOCUMENT/LINE."""
    number, _, position = given["line"].rpartition("/")
    if not number or not position.isdecimal():
        said = gettext_noop("“{value}” names no line of a document. Write it as HK-AISS-DEMO-INV-2026-0001/1.")
        raise Invalid("statements.line.written", message(said, value=given["line"]))
    shown("charge explain", client.statements.explain_line(number, int(position)), as_json="as_json" in given)


OWN: Final[Mapping[str, Callable[[Client, Given], None]]] = {
    "job submit": submit,
    "job wait": wait,
    "job log": log,
    "job cancel": cancel,
    "statement write": write_statement,
    "settlement write": write_settlement,
    "charge explain": explain,
}
