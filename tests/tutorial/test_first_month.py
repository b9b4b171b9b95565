"""The tutorial, typed as it stands: every block in order, in one shell, in a home of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.home import ROOT, Home

pytestmark = pytest.mark.integration

PAGE = ROOT / "docs" / "tutorial" / "first-month.md"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "=== the next block ==="
THE_CHECKOUTS = 'export PATH="$PWD/.venv/bin:$PATH"'


@dataclass(frozen=True)
class Block:
    """Commands of the page, and lines that have to be in what they print."""

    commands: str
    printed: tuple[str, ...]


def blocks(page: str) -> list[Block]:
    """Return the blocks of commands with the text that follows each."""
    found = BLOCK.findall(page)
    following = [*found[1:], ("sh", "")]
    return [
        Block(text, tuple(after[1].splitlines()) if after[0] == "text" else ())
        for (kind, text), after in zip(found, following, strict=True)
        if kind == "sh"
    ]


def squeezed(text: str) -> str:
    """Return the text with every run of spaces as one."""
    return " ".join(text.split())


def test_every_block_prints_what_the_page_says(tmp_path: Path) -> None:
    typed = blocks(PAGE.read_text())
    script = f"\necho '{MARK}'\n".join(block.commands for block in typed)
    assert THE_CHECKOUTS in script
    script = script.replace(THE_CHECKOUTS, f'export PATH="{Path(sys.executable).parent}:$PATH"')
    home = Home(tmp_path / "first-month")
    environment = home.environment | {"HOME": str(tmp_path)}
    del environment["LIONROCK_HOME"]
    try:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        _as_written(typed, done.stdout)
        _the_books_are_in_order(home)
    finally:
        home.gone()


def _as_written(typed: list[Block], said: str) -> None:
    printed = said.split(f"{MARK}\n")
    assert len(printed) == len(typed) > 10
    for block, text in zip(typed, printed, strict=True):
        lines = [squeezed(line) for line in text.splitlines()]
        missing = [line for line in block.printed if not any(squeezed(line) in each for each in lines)]
        assert not missing, f"{block.commands}printed:\n{text}"
        assert block.printed, f"the page does not say what comes of:\n{block.commands}"


def _the_books_are_in_order(home: Home) -> None:
    assert (home.path / "statement.pdf").read_bytes().startswith(b"%PDF-")
    auditor = shutil.which("bean-check", path=os.pathsep.join([str(Path(sys.executable).parent), os.defpath]))
    assert auditor
    found = subprocess.run([auditor, home.path / "books.beancount"], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
