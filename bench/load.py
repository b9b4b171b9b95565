"""Two hundred people at once, and the database away for half a minute among it: `python -m bench.load`.

Everybody opens a page or writes every five seconds, with a year of data in the database. Readers follow the links
of the page before. Writers save a box of their application as the form's own script does, and say it again until
it is acknowledged; two clusters hand in use through the API. What was acknowledged is looked for in the end.
A backup is made among it, and afterwards restored and compared.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import click

from bench.books import database
from bench.portal import READERS
from bench.programme import PROGRAMME, put_programme
from bench.visitors import percentile, serving, signed_in
from lionrock.terminal.output import Table

PEOPLE = 200
WRITERS = 60
CLUSTERS = 2
BEAT_SECONDS = 5
"""Everybody does something so often."""
AWAY_SECONDS = 30
ROWS = 20
"""Runs in a file of use."""
BOX = "request.purpose"
HEADINGS = ["what", "asked", "p50 ms", "p95 ms", "worst ms", "said later", "faults"]
_LINK = re.compile(r'<a[^>]+href="([^"]+)"')
_NO_PAGE = re.compile(r"\.(pdf|csv|json|ndjson|zip|xlsx|txt|svg)$|/files/\d+$|^/static/|^/media/")
_KIND = re.compile(r"[A-Z]+-\d{4}-\d+(-\w+)?|\d[\d-]*|organisation-\d+")
"""What makes one page of a kind another."""
SLOWEST = 12
_SAVE = re.compile(r'data-save="([^"]+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Timed(NamedTuple):
    """What was asked, when (monotonic), and how many milliseconds the answer took."""

    asked: float
    taken: float
    address: str


class Away(Exception):
    """The portal says plainly that it cannot answer now, or could not be reached."""


@dataclass
class Visitor:
    """Somebody who does one thing after another, and remembers how long each took."""

    name: str
    headers: dict[str, str]
    port: int
    chance: random.Random
    times: list[Timed] = field(default_factory=list)
    later: int = 0
    """How often the portal said that it could not answer now."""
    faults: list[str] = field(default_factory=list)
    connection: http.client.HTTPConnection | None = None

    def act(self) -> None:
        """Do the next thing."""
        raise NotImplementedError

    def live(self, until: float) -> None:
        """Act every few seconds until the end."""
        at = time.monotonic() + self.chance.random() * BEAT_SECONDS
        while at < until:
            time.sleep(max(0.0, at - time.monotonic()))
            try:
                self.act()
            except Away:
                self.later += 1
            at = max(at + BEAT_SECONDS, time.monotonic())

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str, str]:
        """Return status, body and where it leads; raises `Away`."""
        began = time.monotonic()
        try:
            status, text, place, retry = self._exchange(method, path, body, headers)
        except (OSError, http.client.HTTPException) as wrong:
            self._hang_up()
            raise Away(str(wrong)) from wrong
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            if not retry:
                self.faults.append(f"503 {path} does not say when to try again")
            raise Away(path)
        self.times.append(Timed(began, (time.monotonic() - began) * 1000, _KIND.sub("…", urlsplit(path).path)))
        if status >= HTTPStatus.BAD_REQUEST:
            self.faults.append(f"{status} {method} {path} ({self.name}): {text[:300]}")
        return status, text, place

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, str, str, str]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.request(method, path, body, self.headers | headers)
        answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        self._hang_up()  # the portal does not wait five seconds for the next request of a connection
        told = answer.headers
        return answer.status, text, told.get("Location", ""), told.get("Retry-After", "")

    def _hang_up(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


@dataclass
class Reader(Visitor):
    """Follows the links of pages."""

    path: str = "/"

    def act(self) -> None:
        """Open a page, a link of the page before."""
        status, page, place = self.ask("GET", self.path)
        if status in (301, 302, 303):
            self.path = urljoin(self.path, place)
            return
        links = [urljoin(self.path, unescape(link)) for link in _LINK.findall(page)]
        own = [link for link in links if link.startswith("/") and not _NO_PAGE.search(urlsplit(link).path)]
        self.path = self.chance.choice(own) if own and self.chance.random() > 0.05 else "/"


@dataclass
class Writer(Visitor):
    """Writes an application, a box of it again and again; opens its page first, as a browser does."""

    application: str = ""
    save: str = ""
    token: str = ""
    read: str = ""
    sent: int = 0
    acknowledged: int = 0

    def act(self) -> None:
        """Open the form, then save the box; what was not acknowledged is sent again."""
        if not self.save:
            self._open()
            return
        if self.sent == self.acknowledged:
            self.sent += 1
        change = {"key": BOX, "value": self.text(self.sent), "read": self.read, "sent": self.text(self.sent)}
        body = json.dumps({"changes": [change], "here": f"/applications/{self.application}/form/request"}).encode()
        sent_with = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        status, text, _ = self.ask("POST", self.save, body, **sent_with)
        if status == HTTPStatus.OK:
            told = json.loads(text)["answers"][BOX]
            if told["conflict"]:
                self.faults.append(f"{self.application}: {told['conflict']}")
                return
            self.read, self.acknowledged = told["read"], self.sent

    def text(self, number: int) -> str:
        """Return what is written the so-manieth time."""
        return f"Warnings a day earlier, said {number} times."

    def _open(self) -> None:
        _, page, _ = self.ask("GET", f"/applications/{self.application}/form/request")
        self.save = unescape(_found(_SAVE, page))
        self.token = _found(_TOKEN, page)
        self.read = _found(re.compile(rf'name="read:{re.escape(BOX)}" value="([^"]*)"'), page)


@dataclass
class Cluster(Visitor):
    """Hands in what ran, through the API."""

    site: str = ""
    sent: int = 0
    acknowledged: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def act(self) -> None:
        """Hand in the next file; one that was not acknowledged again, under the same key."""
        if self.sent == self.acknowledged:
            self.sent += 1
        path = f"/api/v1/usage/imports?programme={PROGRAMME}&site={self.site}&name={self.site}-{self.sent}.csv"
        key = {"Idempotency-Key": f"{self.site}-{self.name}-{self.sent}", "Content-Type": "text/csv"}
        status, _, _ = self.ask("POST", path, self._file().encode(), **key)
        if status in (HTTPStatus.OK, HTTPStatus.CREATED):
            self.acknowledged = self.sent

    def _file(self) -> str:
        began = self.now.replace(microsecond=0) - timedelta(hours=30)
        rows = [
            f"{self.site},{self.name}-{self.sent}-{number},organisation-150,{began.isoformat()},"
            f"{(began + timedelta(seconds=600 + number)).isoformat()},h800-card=1"
            for number in range(ROWS)
        ]
        return "\n".join(["site,job,account,start,end,devices", *rows, ""])


@dataclass(frozen=True)
class Outage:
    """When the database was stopped, and when it answered again (monotonic)."""

    stopped: float
    back: float

    def touches(self, each: Timed) -> bool:
        """Whether an answer was on its way while the database was away, or right after."""
        return self.stopped <= each.asked + each.taken / 1000 and each.asked <= self.back + BEAT_SECONDS


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if not found:
        raise click.ClickException(f"The form is without {pattern.pattern}.")
    return found[1]


@click.command()
@click.option("--applications", default=10_000, show_default=True, help="How many there are in all.")
@click.option("--minutes", default=10.0, show_default=True, help="How long it lasts.")
@click.option("--away/--not-away", default=True, help="Whether the database is stopped in the middle.")
def load(applications: int, minutes: float, away: bool) -> None:
    """Let two hundred people read and write, stop the database in the middle, and look for what is lost."""
    with database() as home:
        crowd = put_programme(applications, datetime.now(UTC))
        visitors = [*_writers(crowd.readers["member"]), *_clusters(crowd.readers["cluster_admin"])]
        visitors += _readers(crowd.readers, PEOPLE - len(visitors))
        with serving(home) as port:
            outage = _live(visitors, port, minutes * 60, home if away else None)
        _tell(visitors, outage)
        lost = _lost(visitors)
        click.echo(_backup("drill"))
    faults = [fault for visitor in visitors for fault in visitor.faults]
    if faults or lost:
        raise click.ClickException("\n".join([f"{len(faults)} faults, {len(lost)} lost:", *faults[:40], *lost[:40]]))
    click.echo("No fault, and everything acknowledged is there, once.")


def _writers(members: list[str]) -> list[Visitor]:
    from lionrock.applications.actions import draft_application  # noqa: PLC0415 - needs settings
    from lionrock.applications.models import Application  # noqa: PLC0415
    from lionrock.people.models import Person  # noqa: PLC0415
    from lionrock.people.queries import actor_of  # noqa: PLC0415

    now, call = datetime.now(UTC), Application.objects.earliest("pk").call
    found: list[Visitor] = []
    for number, email in enumerate(members[:WRITERS]):
        actor = actor_of(Person.objects.get(email=email))
        (belongs,) = (grant.organisation for grant in actor.grants if grant.organisation)
        drafted = draft_application(actor=actor, call=call.code, organisation=belongs, now=now)
        found.append(Writer(email, _cookie(email), 0, random.Random(number), application=drafted.code))  # noqa: S311
    return found


def _clusters(admins: list[str]) -> list[Visitor]:
    from tests.api.asking import token_for  # noqa: PLC0415 - needs settings

    from lionrock.sites.models import Site  # noqa: PLC0415

    site = Site.objects.earliest("pk").code
    return [
        Cluster(
            f"cluster-{number}", {"Authorization": f"Bearer {token_for(email)}"}, 0, random.Random(number), site=site  # noqa: S311
        )
        for number, email in enumerate(admins[:CLUSTERS])
    ]  # fmt: skip


def _readers(people: dict[str, list[str]], count: int) -> list[Visitor]:
    wanted = [READERS[number % len(READERS)] for number in range(count)]
    return [
        Reader(email, _cookie(email), 0, random.Random(number))  # noqa: S311
        for number, role in enumerate(wanted)
        for email in [people[role][(number + WRITERS) % len(people[role])]]
    ]


def _cookie(email: str) -> dict[str, str]:
    secret = "a" * 32
    return {"Cookie": f"sessionid={signed_in(email)}; csrftoken={secret}"}


def _live(visitors: list[Visitor], port: int, seconds: float, home: Path | None) -> Outage | None:
    """Let everybody live, and return when the database was away."""
    until = time.monotonic() + seconds
    threads = []
    for visitor in visitors:
        visitor.port = port
        threads.append(threading.Thread(target=visitor.live, args=[until]))
        threads[-1].start()
    time.sleep(seconds / 4)
    _backup("make")
    outage = None
    if home is not None:
        time.sleep(max(0.0, until - seconds / 2 - time.monotonic()))
        outage = _stop_for_a_while(home)
    for thread in threads:
        thread.join()
    return outage


def _backup(*words: str) -> str:
    """Run `lionrock backup …` as the operator would, and return what it says."""
    began = time.monotonic()
    command = [sys.executable, "-m", "lionrock", "backup", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"lionrock backup {words[0]}: {done.stdout}{done.stderr}")
    click.echo(f"lionrock backup {words[0]}: {time.monotonic() - began:.0f} s")
    return done.stdout


def _stop_for_a_while(home: Path) -> Outage:
    from django.db import connections  # noqa: PLC0415 - needs settings

    from lionrock.database.sharing import end, ensure_running  # noqa: PLC0415

    connections.close_all()
    stopped = time.monotonic()
    end(home, now=True)
    time.sleep(AWAY_SECONDS)
    ensure_running(home, None)
    return Outage(stopped, time.monotonic())


def _tell(visitors: list[Visitor], outage: Outage | None) -> None:
    everything = _times(visitors)
    calm = _calm(everything, outage)
    rows = []
    for kind, name in ((Reader, "pages read"), (Writer, "boxes saved"), (Cluster, "files of use")):
        some = [visitor for visitor in visitors if isinstance(visitor, kind)]
        rows.append(_row(name, some, [each.taken for each in _calm(_times(some), outage)]))
    rows.insert(0, _row(f"{len(visitors)} people, all together", visitors, [each.taken for each in calm]))
    if outage:
        during = [each.taken for each in everything if outage.touches(each)]
        away = f"while the database was away {outage.back - outage.stopped:.0f} s"
        rows.append([away, f"{len(during):,}", *_figures(during), "", ""])
    click.echo(Table(HEADINGS, rows, right=frozenset(HEADINGS[1:])).render() + "\n")
    _tell_slowest(calm, min(each.asked for each in everything))


def _times(visitors: Sequence[Visitor]) -> list[Timed]:
    return [each for visitor in visitors for each in visitor.times]


def _calm(times: list[Timed], outage: Outage | None) -> list[Timed]:
    return [each for each in times if outage is None or not outage.touches(each)]


def _tell_slowest(calm: list[Timed], began: float) -> None:
    """Say which kinds of pages take longest, and in which second the worst of each was asked."""
    kinds: dict[str, list[Timed]] = {}
    for each in calm:
        kinds.setdefault(each.address, []).append(each)
    slow = sorted(kinds.items(), key=lambda kind: -percentile([each.taken for each in kind[1]], 95))[:SLOWEST]
    rows = []
    for address, times in slow:
        worst = max(times, key=lambda each: each.taken)
        figures = _figures([each.taken for each in times])
        rows.append([address, f"{len(times):,}", *figures, f"{worst.asked - began:.0f}"])
    click.echo(Table([*HEADINGS[:5], "in second"], rows, right=frozenset(HEADINGS[1:])).render() + "\n")


def _row(name: str, some: Sequence[Visitor], times: list[float]) -> list[str]:
    later, faults = sum(each.later for each in some), sum(len(each.faults) for each in some)
    return [name, f"{len(times):,}", *_figures(times), f"{later:,}", f"{faults:,}"]


def _figures(times: list[float]) -> list[str]:
    return [f"{percentile(times, 50):.0f}", f"{percentile(times, 95):.0f}", f"{max(times):.0f}"] if times else [""] * 3


def _lost(visitors: list[Visitor]) -> list[str]:
    """Name each acknowledged write that is not on file, or is there twice."""
    from lionrock.applications.models import Answer  # noqa: PLC0415 - needs settings
    from lionrock.charging.models import HeldRow, RecordedRun  # noqa: PLC0415

    lost = []
    for writer in (each for each in visitors if isinstance(each, Writer)):
        said, wanted = writer.text(writer.acknowledged), {writer.text(writer.acknowledged), writer.text(writer.sent)}
        kept = Answer.objects.filter(application__code=writer.application, key=BOX).first()
        if writer.acknowledged and (kept is None or kept.value not in wanted):
            lost.append(f"{writer.application}: {kept and kept.value!r} instead of {said!r}")
    jobs = Counter(RecordedRun.objects.filter(job__startswith="cluster-").values_list("job", flat=True))
    held = HeldRow.objects.count()
    for cluster in (each for each in visitors if isinstance(each, Cluster)):
        wanted_jobs = [
            f"{cluster.name}-{file + 1}-{row}" for file in range(cluster.acknowledged) for row in range(ROWS)
        ]
        lost += [f"{job}: {jobs[job]} on file" for job in wanted_jobs if jobs[job] != 1]
    click.echo(f"{sum(jobs.values()):,} runs of use on file, {held:,} rows held.")
    return lost


if __name__ == "__main__":
    load()
