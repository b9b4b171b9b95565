"""Several processes as one: restarted when they end, and none left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.tidy.files import ROOT

from lionrock.operations.supervising import LONGEST_PAUSE, pause

PATIENCE = 30.0
RUN = """
import sys
from lionrock.operations.supervising import Child, supervise
children = [Child(str(number), [sys.executable, "-c", code]) for number, code in enumerate(sys.argv[1:])]
raise SystemExit(supervise(children))
"""
FINISHES = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (open({file!r}, "a").write("finished\\n"), sys.exit()))
open({file!r}, "a").write("began\\n")
time.sleep(60)
"""
DIES = "open({file!r}, 'a').write('began\\n'); raise SystemExit(70)"
REFUSES = "raise SystemExit(7)"


def begin(*codes: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *codes], env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, stderr=subprocess.PIPE
    )


def wait_for(file: Path, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (file.exists() and file.read_text() == text):
        assert time.monotonic() < deadline, file.read_text() if file.exists() else "nothing began"
        time.sleep(0.05)


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_what_is_at_hand_comes_to_its_end(tmp_path: Path, asked: signal.Signals) -> None:
    files = [tmp_path / "one", tmp_path / "two"]
    running = begin(*(FINISHES.format(file=str(file)) for file in files))
    for file in files:
        wait_for(file, "began\n")
    running.send_signal(asked)
    assert running.wait(PATIENCE) == 0
    assert [file.read_text() for file in files] == ["began\nfinished\n"] * 2


def test_what_ends_is_started_again_and_harms_no_other(tmp_path: Path) -> None:
    dying, staying = tmp_path / "dying", tmp_path / "staying"
    running = begin(DIES.format(file=str(dying)), FINISHES.format(file=str(staying)))
    wait_for(dying, "began\n" * 2)
    running.terminate()
    assert running.wait(PATIENCE) == 0
    assert staying.read_text() == "began\nfinished\n"


def test_what_refuses_at_its_first_start_ends_everything_with_its_code(tmp_path: Path) -> None:
    file = tmp_path / "other"
    assert begin(REFUSES, FINISHES.format(file=str(file))).wait(PATIENCE) == 7


def test_nothing_is_left_of_a_killed_parent(tmp_path: Path) -> None:
    file = tmp_path / "child"
    running = begin(FINISHES.format(file=str(file)))
    wait_for(file, "began\n")
    running.kill()
    running.wait(PATIENCE)
    wait_for(file, "began\nfinished\n")


def test_the_pauses_grow_and_end_somewhere() -> None:
    assert [pause(failures) for failures in (1, 2, 3, 4)] == [1.0, 2.0, 4.0, 8.0]
    assert pause(1000) == LONGEST_PAUSE
