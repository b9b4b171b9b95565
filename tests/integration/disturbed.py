"""A portal at work, anything of which is killed at any moment: applications, decisions, use, closes and webhooks.

Programs write through the API of a portal that runs as `lionrock serve` does, months are closed and webhooks sent
by commands beside it. Who killed them starts them again. A program repeats what was not acknowledged, under the same
key, as the API asks of it. In the end everything acknowledged has to be there, once.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from tests.api.receiver import Receiver
from tests.integration.home import ROOT, Home

from lionrock.database import ensure_running, processes, release

PROGRAMME = "hk-aiss-demo"
TITLE = "request.title.en"
ROWS = 20
"""Runs in a file of use."""
MONTHS = 12
_WAITING = "taken_at IS NULL AND given_up_at IS NULL"
PATIENCE_SECONDS = 120
NOT_NOW = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY}
IN_DOUBT = "api.once.under_way"
"""A request whose first try was killed behind its work says so once; then it may be done again."""

FILL = """
from datetime import UTC, date, datetime, timedelta
import json
from lionrock.config.cli import connect
connect()
from tests.api.asking import token_for
from tests.calls.world import OPERATOR, World
from lionrock.api.actions import register_webhook
from lionrock.api.domain.webhooks import Topic
from lionrock.applications.domain import Request
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
now = datetime.now(UTC)
began = now - timedelta(days=400)
world = World(now=began, request=Request("h800-node", 1, 12, date(began.year, began.month, 1)))
world.put_organisation()
world.put_site()
world.put_fund("9000000000.00")
call = world.open_call()
tokens = {}
for role in (Role.MEMBER, Role.COMMITTEE, Role.CLUSTER_ADMIN, Role.FINANCE):
    email = f"{role.value}@example.org"
    register_person(actor=OPERATOR, email=email, name=role.value, now=began)
    where = {"organisation": world.organisation} if role is Role.MEMBER else {"programme": world.programme}
    grant_role(actor=OPERATOR, email=email, role=role, now=began, **where)
    tokens[role.value] = token_for(email)
for _ in range(3):
    world.awarded(call)
world.request = Request("h800-node", 1, 12, date(now.year + 1, 1, 1))
waiting = [world.submitted(call).code for _ in range(size)]
hook = register_webhook(
    person=Person.objects.get(email="finance@example.org"), url=url, now=now,
    topics=[Topic.AWARD_MADE, Topic.MONTH_CLOSED, Topic.STATEMENT_ISSUED],
)
print("filled: " + json.dumps({"tokens": tokens, "call": call.code, "waiting": waiting}))
raise SystemExit(0)
"""


class PortalHome(Home):
    """A home whose portal may tell programs on this machine what happens."""

    @property
    def environment(self) -> dict[str, str]:
        """What commands in this home are told."""
        return super().environment | {"LIONROCK_WEBHOOK_NETWORKS": '["127.0.0.0/8"]'}


class NotYet(Exception):
    """It was not acknowledged; the same has to be asked again."""


@dataclass
class Program:
    """Speaks to the API with a token; asks again until it is answered."""

    disturbed: Disturbed
    token: str

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str) -> tuple[int, Any, str]:
        """Return status, content and tag; raises `NotYet` when the portal was not there, or says so."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        kind = "text/csv" if isinstance(body, bytes) else "application/json"
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        sent |= {"Idempotency-Key": key} if key else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.disturbed.port, timeout=30)
        try:
            connection.request(
                method, f"/api/v1/{path}", data, sent | {k.replace("_", "-"): v for k, v in headers.items()}
            )
            answer = connection.getresponse()
            content = answer.read()
            tag = answer.headers.get("ETag", "")
        except (OSError, http.client.HTTPException) as wrong:
            raise NotYet(str(wrong)) from wrong
        finally:
            connection.close()
        told = json.loads(content) if content else None
        if answer.status in NOT_NOW or (isinstance(told, dict) and str(told.get("code", "")) == IN_DOUBT):
            raise NotYet(str(told))
        return answer.status, told, tag


@dataclass
class Disturbed:
    """A home with a portal, programs that write, and somebody who kills."""

    home: PortalHome
    receiver: Receiver
    seed: int
    port: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    written: dict[str, str] = field(default_factory=dict)
    """Acknowledged: the title of each application."""
    decided: dict[str, str] = field(default_factory=dict)
    """Acknowledged: the award of each application."""
    files: list[str] = field(default_factory=list)
    """Acknowledged files of use."""
    closed: list[str] = field(default_factory=list)
    """Acknowledged months."""
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody expects."""
    _portal: subprocess.Popen[bytes] | None = None
    _commands: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    # -- the portal and what runs beside it

    def fill(self, size: int) -> None:
        """Put a programme on file, with so many applications to decide."""
        done = self.home.run("usage", script=f"size, url = {size}, {self.receiver.url!r}\n{FILL}")
        assert done.returncode == 0, done.stderr
        self.told = json.loads(done.stdout.split("filled: ")[1])

    def start_portal(self) -> None:
        """Start it, with its database, in a group of its own, and wait until it answers."""
        ensure_running(self.home.path, None)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "lionrock", "serve", "--address", f"127.0.0.1:{self.port}"]
        with (self.home.path / "serve.log").open("ab") as log:
            self._portal = subprocess.Popen(
                command, env=self.home.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self._wait_for(self._answers, "the portal")

    def _answers(self) -> bool:
        try:
            return Program(self, self.told["tokens"]["member"]).ask("GET", "me")[0] == HTTPStatus.OK
        except NotYet:
            return False

    def _wait_for(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < end, f"{what} never came: {self._said()}"
            time.sleep(0.05)

    def _said(self) -> str:
        return (self.home.path / "serve.log").read_text(errors="replace")[-3000:]

    # -- killing

    def disturb(self, kills: int) -> None:
        """Let everything work, and kill so many times."""
        chance = random.Random(self.seed)
        self.start_portal()
        working = [threading.Thread(target=self._work, args=[each], daemon=True) for each in self._work_to_do()]
        for thread in working:
            thread.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.1, 1.5))
            self._kill(chance)
        self._over.set()
        for thread in working:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive(), "something is never acknowledged"
        self._stop_portal()

    def _kill(self, chance: random.Random) -> None:
        what = chance.choice(["portal", "process of the portal", "database", "close", "due", "everything"])
        if what in ("close", "due"):
            command = self._commands.get(what)
            if command is None or command.poll() is not None:
                what = "process of the portal"
            else:
                command.kill()
        if what == "process of the portal":
            self._kill_one(chance)
        if what in ("database", "everything"):
            processes.kill_inside(self._data)
        if what in ("portal", "everything"):
            self._end_portal(signal.SIGKILL)
        self.kills[what] += 1
        ensure_running(self.home.path, None)
        assert self._portal
        if what in ("portal", "everything") or self._portal.poll() is not None:
            self.start_portal()

    @property
    def _data(self) -> Any:
        from lionrock.database.layout import Layout  # noqa: PLC0415 - beside its only use

        return Layout.of(self.home.path).data

    def _kill_one(self, chance: random.Random) -> None:
        assert self._portal
        group = os.getpgid(self._portal.pid)
        some = [int(each.name) for each in os.scandir("/proc") if each.name.isdecimal() and _group(each.name) == group]
        with suppress(ProcessLookupError):
            os.kill(chance.choice([pid for pid in some if pid != self._portal.pid] or some), signal.SIGKILL)

    def _end_portal(self, number: signal.Signals) -> None:
        assert self._portal
        with suppress(ProcessLookupError):
            os.killpg(self._portal.pid, number)
        self._portal.wait()

    def _stop_portal(self) -> None:
        self._end_portal(signal.SIGTERM)

    def gone(self) -> None:
        """End all that still runs."""
        self._over.set()
        if self._portal and self._portal.poll() is None:
            self._end_portal(signal.SIGKILL)
        for command in self._commands.values():
            command.kill()
        release(self.home.path)
        self.home.gone()

    # -- work

    def _work_to_do(self) -> list[Callable[[], bool]]:
        tokens = {role: Program(self, token) for role, token in self.told["tokens"].items()}
        return [
            _Applicant(self, tokens["member"]).act,
            _Committee(self, tokens["committee"], tokens["member"], list(self.told["waiting"])).act,
            _Cluster(self, tokens["cluster_admin"]).act,
            _Finance(self).act,
            self._send_what_is_due,
        ]

    def _work(self, act: Callable[[], bool]) -> None:
        """Do one thing after another until it is over; what is begun is repeated until it is acknowledged."""
        while True:
            try:
                done = act()
            except NotYet:
                done = False
                time.sleep(0.1)
            except Exception as unexpected:
                self.wrong.append(repr(unexpected))
                return
            if done and self._over.is_set():
                return

    def command(self, name: str, *words: str) -> int:
        """Run a command that may be killed; return how it ended."""
        process = self._commands[name] = subprocess.Popen(
            [sys.executable, "-m", "lionrock", *words],
            env=self.home.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        _, wrong = process.communicate()
        if process.returncode not in (0, -signal.SIGKILL) and "Traceback" in wrong:
            self.wrong.append(wrong)
        return process.returncode

    def _send_what_is_due(self) -> bool:
        return self.command("due", "due") == 0

    # -- what must be so in the end

    def faults(self) -> list[str]:
        """Return everything that is not as it has to be: lost, twice, untrue, unbalanced."""
        with self.home.kept_up():
            while self.home.query(f"UPDATE api_delivery SET next_try = now() WHERE {_WAITING} RETURNING id"):
                assert self.command("due", "due") == 0
            found = [*self.wrong, *self._lost_applications(), *self._lost_decisions(), *self._lost_use()]
            found += [*self._lost_months(), *self._lost_messages()]
            for words in (("ledger", "check"), ("audit", "verify")):
                done = self.home.run(*words)
                found += [f"{' '.join(words)}: {done.stderr or done.stdout}"] if done.returncode else []
        return found

    def _lost_applications(self) -> list[str]:
        rows = self.home.query("SELECT code, title FROM applications_application")
        kept = dict(rows)
        return [
            f"{code}: {kept.get(code)!r} instead of {title!r}"
            for code, title in self.written.items()
            if kept.get(code) != title
        ]

    def _lost_decisions(self) -> list[str]:
        rows = self.home.query(
            "SELECT p.code, w.code FROM awards_award w JOIN applications_application p ON p.id = w.application_id"
        )
        kept = dict(rows)
        twice = [f"{code}: {count} awards" for code, count in Counter(code for code, _ in rows).items() if count > 1]
        return twice + [
            f"{code}: {kept.get(code)} instead of {award}"
            for code, award in self.decided.items()
            if kept.get(code) != award
        ]

    def _lost_use(self) -> list[str]:
        rows = self.home.query("SELECT job, count(*) FROM charging_recordedrun WHERE standing GROUP BY job")
        kept = dict(rows)
        jobs = [f"{file}-{row}" for file in self.files for row in range(ROWS)]
        return [f"{job}: {kept.get(job, 0)} on file" for job in jobs if kept.get(job) != 1]

    def _lost_months(self) -> list[str]:
        kept = [str(month)[:7] for (month,) in self.home.query("SELECT month FROM charging_monthclose")]
        return [f"{month}: closed {kept.count(month)} times" for month in self.closed if kept.count(month) != 1]

    def _lost_messages(self) -> list[str]:
        wanted = {str(each) for (each,) in self.home.query("SELECT uid FROM api_delivery")}
        got = {json.loads(body)["id"] for _, _, body in self.receiver.got}
        awards = self.home.query("SELECT count(*) FROM api_delivery WHERE topic = 'award.made'")[0][0]
        few = [f"{awards} messages of awards for {len(self.decided)}"] if awards < len(self.decided) else []
        return few + [f"message {each} never came" for each in sorted(wanted - got)]


@dataclass
class _Applicant:
    """Drafts an application and gives it a title, again and again."""

    disturbed: Disturbed
    program: Program
    number: int = 1
    code: str = ""

    def act(self) -> bool:
        if not self.code:
            body = {"call": self.disturbed.told["call"], "organisation": "harbour-university"}
            _, told, _ = self.program.ask("POST", "applications", body, key=f"application-{self.number}")
            self.code = told["code"]
        title = f"Models, the {self.number}."
        _, shown, tag = self.program.ask("GET", f"applications/{self.code}")
        empty = {"key": TITLE, "value": "", "version": 0}
        box = next((each for each in shown["answers"] if each["key"] == TITLE), empty)
        if box["value"] != title:
            change = {"changes": [{"key": TITLE, "value": title, "version": box["version"]}]}
            status, told, _ = self.program.ask("PATCH", f"applications/{self.code}/answers", change, If_Match=tag)
            if status == HTTPStatus.PRECONDITION_FAILED:
                return False
            assert status == HTTPStatus.OK, told
        self.disturbed.written[self.code] = title
        self.number, self.code = self.number + 1, ""
        return True


@dataclass
class _Committee:
    """Decides one application after another, while there are any, and accepts the offers."""

    disturbed: Disturbed
    committee: Program
    member: Program
    waiting: list[str]

    def act(self) -> bool:
        if not self.waiting:
            time.sleep(0.5)
            return True
        code = self.waiting[0]
        body = {"decision": "approve", "decided_by": "the Committee"}
        status, told, _ = self.committee.ask("POST", f"applications/{code}/decide", body, key=f"decide-{code}")
        assert status == HTTPStatus.OK, told
        award, body = told["award"], {"signatory": "Chan Tai Man", "title": "Vice-President"}
        status, told, _ = self.member.ask("POST", f"awards/{award}/accept", body, key=f"accept-{award}")
        assert status == HTTPStatus.OK, told
        self.disturbed.decided[code] = award
        self.waiting.pop(0)
        return True


@dataclass
class _Cluster:
    """Hands in one file of use after another."""

    disturbed: Disturbed
    program: Program
    number: int = 1
    content: bytes = b""

    def act(self) -> bool:
        began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
        file = f"file-{self.number}"
        rows = [
            f"here,{file}-{row},harbour-university,{began.isoformat()},{(began + timedelta(seconds=60)).isoformat()},"
            "cpu-node=1"
            for row in range(ROWS)
        ]
        content = "\n".join(["site,job,account,start,end,devices", *rows, ""]).encode()
        self.content = self.content or content  # the same again, until it is acknowledged
        path = f"usage/imports?programme={PROGRAMME}&site=here&name={file}.csv"
        status, told, _ = self.program.ask("POST", path, self.content, key=file)
        assert status == HTTPStatus.CREATED, told
        assert told["held"] == 0, told
        self.disturbed.files.append(file)
        self.number, self.content = self.number + 1, b""
        return True


@dataclass
class _Finance:
    """Closes the months of the last year, one after another."""

    disturbed: Disturbed
    months: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        now = datetime.now(UTC)
        numbers = [now.year * 12 + now.month - 1 - back for back in range(MONTHS, 0, -1)]
        self.months = [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]

    def act(self) -> bool:
        if not self.months:
            time.sleep(0.5)
            return True
        words = ("charge", "close", "--programme", PROGRAMME, "--month", self.months[0])
        if self.disturbed.command("close", *words):
            raise NotYet(self.months[0])
        self.disturbed.closed.append(self.months.pop(0))
        return True


def _group(pid: str) -> int:
    try:
        return os.getpgid(int(pid))
    except ProcessLookupError:
        return 0
