"""Files of use through the API: as a stream, one bad line named, and all of a file or nothing of it."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings
from tests.api.asking import Program, problem, token_for
from tests.jobs.scene import NOW, OPERATOR, PROGRAMME, scene

from lionrock.api.models import KeptAnswer
from lionrock.api.receiving import MOST_FILE_BYTES
from lionrock.audit.models import AuditRecord
from lionrock.charging.models import HeldRow, RecordedRun, UsageImport
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role

pytestmark = [pytest.mark.django_db(transaction=True)]

ROWS = 20_000
BAD = 12_345
"""The line that cannot be read, the header being the first."""
EMAIL = "keeper@hk-aiss.example"
PATH = f"usage/imports?programme={PROGRAMME}&site=local&name=march"
COLUMNS = ("job", "account", "start", "end", "devices")


def _rows() -> Iterator[dict[str, Any]]:
    for line in range(2, ROWS + 2):
        start = 1_772_600_000 + line
        began = "yesterday" if line == BAD else str(start)
        yield dict(zip(COLUMNS, (str(line), "harbour", began, str(start + 60), "cpu-core=2"), strict=True))


def _csv() -> bytes:
    return "\n".join([",".join(COLUMNS), *(",".join(row.values()) for row in _rows()), ""]).encode()


def _lines() -> bytes:
    rows = ({**row, "end": int(row["end"]), "devices": {"cpu-core": 2}} for row in _rows())
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


CHILD = """
import os, signal, sys
from pathlib import Path
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.LIONROCK_HOME = Path(sys.argv[2])
settings.ALLOWED_HOSTS = ["testserver"]
import django
django.setup()
from django.utils import timezone
from lionrock.charging.actions import imports
from tests.api.asking import Program
from tests.api.conftest import THEN
from tests.api.test_importing import PATH, _csv

timezone.now = lambda: THEN
imports.BATCH = 5_000
tried, real = [], imports.hold

def hold(*arguments):
    real(*arguments)
    tried.append(1)
    if len(tried) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

imports.hold = hold
Program(sys.argv[3]).ask("POST", PATH, _csv(), key="march", Content_Type="text/csv")
"""


@pytest.fixture
def program(tmp_path: Path, settings: Settings) -> Program:
    """A program of who runs the clusters of a programme, with an award for use to be charged to."""
    settings.LIONROCK_HOME = tmp_path
    scene("local")
    register_person(actor=OPERATOR, email=EMAIL, name="Wong", now=NOW)
    grant_role(actor=OPERATOR, email=EMAIL, role=Role.CLUSTER_ADMIN, programme=PROGRAMME, now=NOW)
    return Program(token_for(EMAIL))


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [(_csv, "text/csv", BAD), (_lines, "application/x-ndjson", BAD - 1)],
    ids=["csv", "ndjson"],
)
def test_of_many_rows_the_bad_one_is_named_and_the_rest_taken_in(
    program: Program, content: Any, kind: str, line: int
) -> None:
    answer = program.ask("POST", PATH, content(), Content_Type=kind)
    told = json.loads(answer.content)
    assert (answer.status_code, told["rows"], told["new"], told["held"]) == (201, ROWS, ROWS - 1, 1)
    [held] = told["first_held"]
    assert (held["line"], held["field"], held["value"]) == (line, "start", "yesterday")
    assert "not a time" in held["reason"]
    assert program.get("usage/held")["items"] == told["first_held"]
    assert set(RecordedRun.objects.values_list("devices__cpu-core", flat=True)) == {2}


@pytest.mark.integration
def test_killed_in_the_middle_nothing_is_there_and_the_same_key_does_it_once(program: Program, tmp_path: Path) -> None:
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", CHILD, name, str(tmp_path), program.secret]
    died = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert died.returncode == -signal.SIGKILL
    for nothing in (RecordedRun, HeldRow, UsageImport, KeptAnswer):
        assert not nothing.objects.exists(), nothing
    first, again = (program.ask("POST", PATH, _csv(), key="march", Content_Type="text/csv") for _ in range(2))
    assert (first.status_code, json.loads(first.content)["new"]) == (201, ROWS - 1)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert RecordedRun.objects.count() == ROWS - 1
    assert AuditRecord.objects.filter(action="charging.import_usage_file").count() == 1


class _BrokenOff(io.BytesIO):
    """What comes from a client that is cut off."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise OSError("connection reset by peer")
        return piece


def test_a_connection_that_breaks_off_leaves_nothing(program: Program) -> None:
    cut = _csv()[:100_000]
    answer = _ask_raw(program, b"", {"CONTENT_LENGTH": str(2 * len(cut)), "wsgi.input": io.BytesIO(cut)})
    assert problem(answer) == (503, "api.request.broken_off")
    answer = _ask_raw(program, cut, {"wsgi.input": _BrokenOff(cut)} | IN_CHUNKS)
    assert problem(answer) == (503, "api.request.broken_off")
    for nothing in (RecordedRun, UsageImport, KeptAnswer):
        assert not nothing.objects.exists(), nothing


IN_CHUNKS = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
"""As the server says that the length was not told, and that it knows where the end is."""


def test_what_comes_in_chunks_is_read_to_its_end(program: Program) -> None:
    content = b"\n".join(_csv().split(b"\n")[:11]) + b"\n"
    answer = _ask_raw(program, b"", {"wsgi.input": io.BytesIO(content)} | IN_CHUNKS)
    assert (answer.status_code, json.loads(answer.content)["new"]) == (201, 10)


def test_what_is_longer_than_is_taken_is_refused_before_it_is_read(program: Program) -> None:
    answer = _ask_raw(program, b"", {"CONTENT_LENGTH": str(MOST_FILE_BYTES + 1), "wsgi.input": _BrokenOff()})
    assert problem(answer) == (413, "api.request.too_large")


def _ask_raw(program: Program, content: bytes, environ: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "raw"}
    environ = {"CONTENT_TYPE": "text/csv"} | environ
    return Client().generic("POST", f"/api/v1/{PATH}", content, "text/csv", headers=headers, **environ)
