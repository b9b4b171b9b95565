"""A million rows through the API, one of them bad, beside `lionrock usage import`: `python -m bench.importing`.

The portal runs as `lionrock serve` runs it; the file is sent as a stream. Rates are by the clock, for what the database
does is no process's time; look at the ratio. Peaks are those of the processes that serve, so that a tenth of the rows
beside all of them shows whether memory grows with the file.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import click

from bench.books import database
from bench.measuring import Measured, wall
from bench.visitors import serving
from bench.workload import ACCOUNTS, ITEMS, SITES, as_csv, workload
from lionrock.terminal.output import Table

HEADINGS = ["one bad line among them", "rows a second", "÷ the command", "seconds", "peak of a serving process"]
ROWS = 1_000_000
EMAIL = "keeper@told.example"
BAD = "north,broken,account-000,yesterday,2026-03-10T00:00:00+08:00,gpu=1\n"
MINUTE = 60


def with_a_bad_line(file: Path, name: str) -> tuple[Path, int]:
    """Write the same rows as jobs of their own, with a line in the middle that cannot be read; return which it is."""
    spoilt, place = file.with_name(name), sum(1 for _ in file.open()) // 2
    with file.open() as whole, spoilt.open("w") as written:
        written.write(next(whole))
        for number, line in enumerate(whole, start=2):
            site, _, rest = line.partition(",")
            written.write((BAD if number == place else "") + f"{site},{spoilt.stem}-{rest}")
    return spoilt, place


def as_lines(file: Path) -> Path:
    """Write the same rows as NDJSON."""
    lines = file.with_suffix(".ndjson")
    with file.open() as whole, lines.open("w") as written:
        names = next(whole).rstrip().split(",")
        for line in whole:
            written.write(json.dumps(dict(zip(names, line.rstrip().split(","), strict=True))) + "\n")
    return lines


def put_on_file(home: Path) -> str:
    """Put a programme with its sites and accounts on file, and return a token of who runs its clusters."""
    from tests.api.asking import token_for  # noqa: PLC0415 - needs settings
    from tests.charging.books import PROGRAMME, Books  # noqa: PLC0415

    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role, terminal_operator  # noqa: PLC0415
    from lionrock.sites.models import Site  # noqa: PLC0415

    prices = {item: {"sku": item, "versions": [["2020-01-01", "7.65"]]} for item in ITEMS}
    books, now = Books(home / "rulebook", prices=prices), datetime.now(UTC)
    os.environ["LIONROCK_RULEBOOK"] = str(home / "rulebook")
    for number, account in enumerate(ACCOUNTS):
        books.put_award(f"AW-{number:04d}", account, item=ITEMS[number % len(ITEMS)])
    for site in SITES:
        Site.objects.create(
            code=site, name=site, time_zone="UTC", programme=PROGRAMME, driver="local", created_at=now
        )  # fmt: skip
    operator = terminal_operator("bench")
    register_person(actor=operator, email=EMAIL, name="Keeper", now=now)
    grant_role(actor=operator, email=EMAIL, role=Role.CLUSTER_ADMIN, programme=PROGRAMME, now=now)
    return token_for(EMAIL)


def send(port: int, token: str, file: Path, kind: str) -> dict[str, Any]:
    """Send a file as a stream, and return the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30 * MINUTE)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": file.name, "Content-Type": kind}
    headers["Content-Length"] = str(file.stat().st_size)
    path = f"/api/v1/usage/imports?programme=told&site=north&name={file.name}"
    with file.open("rb") as content:
        connection.request("POST", path, content, headers)
    answer = connection.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    if answer.status != HTTPStatus.CREATED:
        raise click.ClickException(f"{answer.status}: {told}")
    return told


def require_one_held(told: dict[str, Any], rows: int, line: int) -> None:
    """Raise unless all rows but the bad one were taken in, and that one is named."""
    [held] = told["first_held"]
    found = (told["rows"], told["new"], told["held"], held["line"], held["field"], held["value"])
    if found != (rows + 1, rows, 1, line, "start", "yesterday"):
        raise click.ClickException(f"Not as it was sent: {found}")


def by_command(file: Path) -> None:
    """Import a file as people do at the terminal."""
    words = ["usage", "import", str(file), "--programme", "told", "--site", "north", "--json"]
    subprocess.run([sys.executable, "-m", "lionrock", *words], check=True, capture_output=True)


def peak_kb() -> int:
    """Return the most memory that a process of the portal has had, of those that this process started."""
    parents = {int(path.name): path for path in Path("/proc").iterdir() if path.name.isdecimal()}
    return max(_peak(path) for number, path in parents.items() if _is_ours(number) and b"\0web\0" in _words(path))


def _is_ours(number: int) -> bool:
    while number > 1:
        if number == os.getpid():
            return True
        number = int(_status(Path(f"/proc/{number}"), "PPid"))
    return False


def _peak(path: Path) -> int:
    return int(_status(path, "VmHWM"))


def _words(path: Path) -> bytes:
    try:
        return (path / "cmdline").read_bytes()
    except OSError:
        return b""


def _status(path: Path, name: str) -> str:
    try:
        [value] = re.findall(rf"{name}:\s+(\d+)", (path / "status").read_text())
    except (OSError, ValueError):
        return "0"
    return str(value)


@click.command()
@click.option("--rows", default=ROWS, show_default=True)
def bench(rows: int) -> None:
    """Send a tenth of the rows and all of them through the API, as CSV and as NDJSON, and by the command."""
    with database() as home:
        token = put_on_file(home)
        tenth, whole = as_csv(workload(rows // 10), home / "tenth.csv"), as_csv(workload(rows), home / "all.csv")
        found: list[tuple[Measured, int]] = []
        with serving(home) as port:

            def measure(what: str, count: int, file: Path, kind: str, line: int) -> None:
                took = wall(what, count, lambda: require_one_held(send(port, token, file, kind), count, line))
                found.append((took, peak_kb()))

            measure("API, a tenth of them, CSV", rows // 10, *_as(tenth, "few.csv", "text/csv"))
            measure("API, CSV", rows, *_as(whole, "many.csv", "text/csv"))
            by_hand, _ = with_a_bad_line(whole, "command.csv")
            command = wall("lionrock usage import, CSV", rows, lambda: by_command(by_hand))
            lines, _, line = _as(whole, "lines.csv", "text/csv")
            measure("API, NDJSON", rows, as_lines(lines), "application/x-ndjson", line - 1)
    _tell(command, found)


def _as(file: Path, name: str, kind: str) -> tuple[Path, str, int]:
    spoilt, line = with_a_bad_line(file, name)
    return spoilt, kind, line


def _tell(command: Measured, found: list[tuple[Measured, int]]) -> None:
    rows = [[*one.row(command), f"{one.seconds:.1f}", f"{peak // 1024:,} MB"] for one, peak in found]
    rows.append([*command.row(command), f"{command.seconds:.1f}", ""])
    click.echo(Table(HEADINGS, rows, right=frozenset(HEADINGS[1:])).render())


if __name__ == "__main__":
    bench()
