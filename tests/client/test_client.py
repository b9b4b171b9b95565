"""The client by itself: within limits, once under its key, with nothing told to the wrong people."""

from __future__ import annotations

import json
import logging
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

import lionrock_client
from lionrock_client import (
    Broken,
    Client,
    Conflict,
    Invalid,
    Limits,
    NotSignedIn,
    OtherVersion,
    Outdated,
    Problem,
    Refused,
    TooOften,
    Unavailable,
    Unreachable,
    tag_of,
    token_in,
)
from lionrock_client.connection import Connection
from lionrock_client.documents import Document
from lionrock_client.tokens import Token

SECRET = "lionrock_p_" + "x" * 40
JSON = "application/json"


class Answers(BaseHTTPRequestHandler):
    """Answers with what the test has put into the list, and notes what it was asked."""

    answers: ClassVar[list[tuple[int, dict[str, str], bytes]]] = []
    asked: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, content))
        status, headers, body = self.answers.pop(0)
        if not status:
            self.close_connection = True  # the connection breaks, and nobody knows what was done
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", headers.get("Content-Length", str(len(body))))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - as the library looks for them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        """Say nothing."""


def ok(data: object, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": JSON, **headers}, json.dumps(data).encode()


def told(status: int, code: str = "x.y", **more: Any) -> tuple[int, dict[str, str], bytes]:
    headers = {"Content-Type": "application/problem+json; charset=utf-8", **more.pop("headers", {})}
    return status, headers, json.dumps({"code": code, "detail": "It is so.", "title": "No", **more}).encode()


BROKEN_OFF = (0, {}, b"")
NOWHERE = (404, {"Content-Type": "text/html"}, b"<h1>Not here</h1>")


@pytest.fixture
def server() -> Iterator[str]:
    """A server that answers as it is told to."""
    Answers.answers, Answers.asked = [], []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have waited."""
    waited: list[float] = []
    monkeypatch.setitem(Connection.__init__.__kwdefaults__, "sleep", waited.append)
    return waited


def client_of(server: str) -> Client:
    return Client(server, SECRET, limits=Limits(silence=5, tries=3))


def test_a_write_is_sent_again_under_its_own_key(server: str, pauses: list[float]) -> None:
    Answers.answers += [BROKEN_OFF, told(503, headers={"Retry-After": "7"}), ok({"code": "JOB-1"})]
    made = client_of(server).jobs.submit_job({"award": "AW-1", "argv": ["true"], "time_limit_seconds": 5})
    assert made["code"] == "JOB-1"
    assert len({headers["idempotency-key"] for _, _, headers, _ in Answers.asked}) == 1
    assert [content for *_, content in Answers.asked] == [Answers.asked[0][3]] * 3
    assert len(pauses) == 2
    assert 0.5 <= pauses[0] <= 1
    assert pauses[1] == 7


def test_two_writes_have_two_keys_and_one_may_be_given(server: str, pauses: list[float]) -> None:
    Answers.answers += [ok({}), ok({}), ok({})]
    jobs = client_of(server).jobs
    jobs.cancel_job("JOB-1")
    jobs.cancel_job("JOB-1")
    jobs.cancel_job("JOB-1", key="mine")
    keys = [headers["idempotency-key"] for _, _, headers, _ in Answers.asked]
    assert (len(set(keys)), keys[2]) == (3, "mine")


def test_it_gives_up_within_its_limits(server: str, pauses: list[float]) -> None:
    Answers.answers += [told(429, headers={"Retry-After": "60"})] * 3
    with pytest.raises(TooOften) as often:
        client_of(server).me.read_me()
    assert (len(Answers.asked), often.value.retry_after, pauses) == (3, 60, [60, 60])
    Answers.answers += [told(503, headers={"Retry-After": "86400"})]
    with pytest.raises(Unavailable):
        client_of(server).me.read_me()
    assert pauses == [60, 60]  # nobody waits for a day


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(401, "api.token.expired"), NotSignedIn),
        (told(409, kind="Conflict"), Conflict),
        (told(409, kind="Refused"), Refused),
        (told(412), Outdated),
        (told(422), Invalid),
        (told(500), Broken),
        (told(404, "api.request.nowhere"), OtherVersion),
        (NOWHERE, OtherVersion),
        ((302, {"Location": "https://elsewhere.example.org/"}, b""), OtherVersion),
        ((200, {"Content-Type": JSON}, b"{"), OtherVersion),
    ],
)
def test_problems_are_exceptions(server: str, answer: Any, kind: type[Problem]) -> None:
    Answers.answers += [answer]
    with pytest.raises(kind) as found:
        client_of(server).me.read_me()
    assert type(found.value) is kind
    assert len(Answers.asked) == 1  # a redirect is not followed, and nothing of this is tried again


def test_a_problem_says_each_fault_and_what_would_help(server: str) -> None:
    fault = {"code": "a.b", "detail": "Too small.", "field": "count", "value": "0", "news": "of a newer server"}
    finding = {"rule": "cap", "outcome": "not_met", "detail": "Over the cap.", "remedy": "Ask for less."}
    Answers.answers += [told(409, "rules.no", kind="Refused", faults=[fault], findings=[finding])]
    with pytest.raises(Refused) as found:
        client_of(server).applications.submit_application("APP-1")
    assert str(found.value) == "It is so. (rules.no)"
    assert (found.value.faults[0].field, found.value.findings[0].remedy) == ("count", "Ask for less.")


def test_a_list_is_read_piece_by_piece_and_no_further_than_wanted(server: str) -> None:
    Answers.answers += [ok({"items": [{"code": "1"}, {"code": "2"}], "next": "abc"})]
    Answers.answers += [ok({"items": [{"code": "3"}], "next": None})]
    listed = client_of(server).jobs.list_jobs(open=True, limit=2)
    assert next(iter(listed))["code"] == "1"
    assert len(Answers.asked) == 1
    Answers.answers.insert(0, ok({"items": [{"code": "1"}, {"code": "2"}], "next": "abc"}))
    assert [each["code"] for each in listed] == ["1", "2", "3"]
    assert [path for _, path, _, _ in Answers.asked][1:] == [
        "/api/v1/jobs?limit=2&open=true",
        "/api/v1/jobs?limit=2&cursor=abc&open=true",
    ]


def test_a_change_is_made_of_what_was_read(server: str) -> None:
    Answers.answers += [ok({"number": 3}, ETag='"t1"'), ok({"number": 3})]
    hooks = client_of(server).webhooks
    shown = hooks.read_webhook(3)
    hooks.change_webhook(3, {"url": "https://hooks.example.org"}, read=shown)
    assert Answers.asked[1][2]["if-match"] == '"t1"'
    with pytest.raises(Invalid, match="Hand in what you have read"):
        tag_of(Document())


def test_files_go_and_come_in_pieces(server: str, tmp_path: Path, pauses: list[float]) -> None:
    sent = tmp_path / "october.csv"
    sent.write_bytes(b"a,b\n" * 100_000)
    Answers.answers += [BROKEN_OFF, ok({}), (200, {"Content-Type": "text/csv"}, b"x" * 200_000)]
    client = client_of(server)
    client.usage.import_usage(sent, kind="text/csv", programme="p", site="s")
    assert [content for *_, content in Answers.asked] == [sent.read_bytes()] * 2
    kept = client.statements.read_statement_csv("INV 1/2").save(tmp_path / "lines.csv")
    assert kept.read_bytes() == b"x" * 200_000
    assert Answers.asked[-1][1] == "/api/v1/statements/INV%201%2F2/csv"


def test_a_download_that_breaks_off_leaves_no_file(server: str, tmp_path: Path) -> None:
    Answers.answers += [(200, {"Content-Type": "text/csv", "Content-Length": "999"}, b"half")]
    with pytest.raises(Unreachable, match="broke off"):
        client_of(server).statements.read_statement_csv("INV-1").save(tmp_path / "lines.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://portal.example.org",
        "http://127.0.0.1.example.org",
        "ftp://portal.example.org",
        "https://",
        "portal.example.org",
        "https://me:secret@portal.example.org",
        "https://portal.example.org?x=1",
        "file:///etc/passwd",
    ],
)
def test_a_token_never_travels_in_the_open(address: str) -> None:
    with pytest.raises(Invalid) as wrong:
        Client(address, SECRET)
    assert wrong.value.code == "client.server.address"


def test_the_certificate_of_a_server_is_checked(pauses: list[float], tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"]
    also = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*made, *named, *also], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    Answers.answers, Answers.asked = [ok({"email": "chan@example.org"})], []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"https://localhost:{running.server_port}"
    try:
        with pytest.raises(Unreachable) as refused:
            Client(address, SECRET).me.read_me()
        assert (refused.value.code, Answers.asked, pauses) == ("client.server.certificate", [], [])
        assert Client(address, SECRET, authorities=certificate).me.read_me()["email"] == "chan@example.org"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(SECRET + "\n")
    file.chmod(0o644)
    with pytest.raises(Invalid, match="chmod 600") as open_to_others:
        token_in(file)
    file.chmod(0o600)
    assert token_in(file).secret == SECRET
    file.write_text("no token")
    with pytest.raises(Invalid, match="no token of Lionrock") as unreadable:
        token_in(file)
    with pytest.raises(Invalid, match="cannot be read"):
        token_in(tmp_path / "none")
    codes = {open_to_others.value.code, unreadable.value.code}
    assert codes == {"client.token.open_to_others", "client.token.unreadable"}


def test_nothing_shows_the_token(
    server: str, pauses: list[float], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    Answers.answers += [told(401, "api.token.revoked"), BROKEN_OFF, BROKEN_OFF, BROKEN_OFF]
    client, said = client_of(server), []
    for _ in range(2):
        with pytest.raises(Problem) as wrong:
            client.me.read_me()
        said.append(f"{wrong.value!r}{wrong.value}{vars(wrong.value)}{wrong.value.__context__!r}")
    said += [repr(client), repr(Token(SECRET)), str(client.connection), caplog.text, *capfd.readouterr()]
    assert Answers.asked[0][2]["authorization"] == f"Bearer {SECRET}"
    assert not [each for each in said if SECRET in each]


def test_the_client_needs_nothing_but_python() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import lionrock_client\n"
        "loaded = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(loaded - sys.stdlib_module_names))"
    )
    folder = Path(lionrock_client.__file__).parents[1]
    ran = subprocess.run([sys.executable, "-I", "-c", script, folder], capture_output=True, text=True, check=True)
    assert ran.stdout == "['lionrock_client']\n"
