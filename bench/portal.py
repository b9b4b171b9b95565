"""How fast pages answer: twenty readers of every role, each of whom opens a page a second and follows its links.

`python -m bench.portal --applications 10000` fills a database of its own, runs the portal as `lionrock serve`
does, reads for a minute and prints the times beside the limit.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

import click

from bench.books import database
from bench.programme import put_programme
from bench.visitors import percentile, serving, signed_in
from lionrock.terminal.output import Table

READERS = ("member", "member", "member", "member", "member", "office", "office", "office", "assessor", "assessor")
READERS += ("assessor", "committee", "committee", "chair", "finance", "auditor", "cluster_admin", "member")
READERS += ("office", "committee")
LIMIT_MS = 150
"""The 95th of 100 pages must be there by then."""
HEADINGS = ["page", "opened", "p50 ms", "p95 ms", "worst ms", "p95 ÷ limit"]
_LINK = re.compile(r'<a[^>]+href="([^"]+)"')
_NO_PAGE = re.compile(r"\.(pdf|csv|json|zip|xlsx)$|/files/\d+$")


@dataclass
class Reader:
    """Somebody signed in, who opens one page after another."""

    role: str
    cookie: str
    port: int
    chance: random.Random
    seconds: int
    times: list[tuple[str, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Open a page a second, each a link of the page before."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        path, began = "/", time.perf_counter() + self.chance.random()
        for beat in range(self.seconds):
            time.sleep(max(0.0, began + beat - time.perf_counter()))
            path = self._open(connection, path)

    def _open(self, connection: http.client.HTTPConnection, path: str) -> str:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={self.cookie}"})
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        self.times.append((path, (time.perf_counter() - began) * 1000))
        if answer.status in (301, 302):
            return urljoin(path, answer.headers["Location"])
        if answer.status != http.HTTPStatus.OK:
            self.faults.append(f"{answer.status} {path} ({self.role})")
            return "/"
        return self._next(path, page)

    def _next(self, path: str, page: str) -> str:
        links = [urljoin(path, unescape(link)) for link in _LINK.findall(page)]
        own = [link for link in links if link.startswith("/") and not _NO_PAGE.search(urlsplit(link).path)]
        return self.chance.choice(own) if own and self.chance.random() > 0.05 else "/"


@click.command()
@click.option("--applications", default=10_000, show_default=True, help="How many there are in all.")
@click.option("--seconds", default=60, show_default=True, help="How long is read.")
def portal(applications: int, seconds: int) -> None:
    """Measure how fast the pages of a large programme answer."""
    measure(applications, seconds)


def measure(applications: int, seconds: int) -> None:
    """Fill, serve, read, and print the table."""
    with database() as home:
        began = time.perf_counter()
        crowd = put_programme(applications, datetime.now(UTC))
        click.echo(f"{applications:,} applications were put on file in {time.perf_counter() - began:.0f} s.")
        cookies = [(role, signed_in(crowd.readers[role][number % 5])) for number, role in enumerate(READERS)]
        with serving(home) as port:
            _read(cookies, port, 5)
            readers = _read(cookies, port, seconds)
    click.echo(Table(HEADINGS, _rows(readers), right=frozenset(HEADINGS[1:])).render() + "\n")
    faults = sorted({fault for reader in readers for fault in reader.faults})
    if faults:
        raise click.ClickException("\n".join(["Pages that did not answer:", *faults]))


def _read(cookies: list[tuple[str, str]], port: int, seconds: int) -> list[Reader]:
    readers = [
        Reader(role, cookie, port, random.Random(f"{number} {seconds}"), seconds)  # noqa: S311 - who reads what
        for number, (role, cookie) in enumerate(cookies)
    ]
    threads = [threading.Thread(target=reader.read) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return readers


def _rows(readers: list[Reader]) -> list[list[str]]:
    from django.urls import resolve  # noqa: PLC0415

    by_page: dict[str, list[float]] = {}
    for reader in readers:
        for path, taken in reader.times:
            by_page.setdefault(resolve(urlsplit(path).path).view_name, []).append(taken)
    rows = [_row(name, times) for name, times in sorted(by_page.items(), key=lambda each: -percentile(each[1], 95))]
    return [_row("all pages together", [taken for times in by_page.values() for taken in times]), *rows]


def _row(name: str, times: list[float]) -> list[str]:
    p95 = percentile(times, 95)
    figures = [percentile(times, 50), p95, max(times)]
    return [name, f"{len(times):,}", *(f"{each:.0f}" for each in figures), f"{p95 / LIMIT_MS:.2f}"]


if __name__ == "__main__":
    portal()
