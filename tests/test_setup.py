"""The environment is made once, and made anew exactly when it cannot be trusted.

A stand-in for Python writes down what it is asked to do, so that nothing is fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.tidy.files import ROOT

PYTHON = """#!/bin/bash
echo "$*" >>"$LOG"
case "$*" in
    "-I -c "*) echo "$0" ;;
    "-I -m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *"$BREAKS"*) exit 1 ;;
esac
"""
NEVER = "nothing breaks"


@dataclass
class Checkout:
    """A folder with the set-up scripts, and what they asked of Python last."""

    folder: Path

    def prepare(self, purpose: str, *, breaks: str = NEVER) -> list[str]:
        """Run `setup/environment`; return which steps it took, and "broke" when it failed."""
        log = self.folder / "log"
        log.write_text("")
        environment = os.environ | {"PYTHON": str(self.folder / "python"), "LOG": str(log), "BREAKS": breaks}
        command = [str(self.folder / "setup/environment"), purpose]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        steps = [step for line in log.read_text().splitlines() for step in _steps(line)]
        return [*steps, "broke"] if run.returncode else steps


def _steps(line: str) -> list[str]:
    known = {
        "-m venv": "new",
        "build.txt": "build",
        "run.txt": "run",
        "dev.txt": "dev",
        "--editable": "checkout",
        "-m lionrock.planning.kernel": "kernel",
    }
    return [step for words, step in known.items() if words in line]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    for name in ("setup", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "python").write_text(PYTHON)
    (tmp_path / "python").chmod(0o755)
    return Checkout(tmp_path)


ALL = ["new", "build", "run", "checkout", "kernel"]


def test_the_second_time_nothing_is_done(checkout: Checkout) -> None:
    assert checkout.prepare("run") == ALL
    assert checkout.prepare("run") == []
    assert checkout.prepare("test") == ["dev"]
    assert checkout.prepare("test") == []
    assert checkout.prepare("run") == []


@pytest.mark.parametrize("lock", ["build.txt", "run.txt", "dev.txt"])
def test_another_lock_makes_another_environment(checkout: Checkout, lock: str) -> None:
    checkout.prepare("run")
    with (checkout.folder / "requirements" / lock).open("a") as file:
        file.write("# newer\n")
    assert checkout.prepare("run") == ALL


def test_another_pyproject_installs_the_checkout_again(checkout: Checkout) -> None:
    checkout.prepare("test")
    (checkout.folder / "pyproject.toml").write_text("# newer\n")
    assert checkout.prepare("test") == ["checkout"]
    assert checkout.prepare("test") == []


def test_another_source_compiles_the_kernel_again(checkout: Checkout) -> None:
    checkout.prepare("run")
    source = checkout.folder / "src/lionrock/planning/kernel/pool.c"
    source.parent.mkdir(parents=True)
    source.write_text("/* newer */")
    assert checkout.prepare("run") == ["kernel"]
    assert checkout.prepare("run") == []


def test_without_a_compiler_the_environment_is_whole_all_the_same(checkout: Checkout) -> None:
    assert checkout.prepare("run", breaks="lionrock.planning.kernel") == ALL
    assert checkout.prepare("run") == []


@pytest.mark.parametrize("breaks", ["build.txt", "run.txt", "dev.txt", "--editable"])
def test_a_half_made_environment_is_thrown_away(checkout: Checkout, breaks: str) -> None:
    assert checkout.prepare("test", breaks=breaks)[-1] == "broke"
    assert checkout.prepare("test") == ["new", "build", "run", "dev", "checkout", "kernel"]


def test_an_environment_that_breaks_while_it_grows_is_thrown_away(checkout: Checkout) -> None:
    checkout.prepare("run")
    assert checkout.prepare("test", breaks="dev.txt") == ["dev", "broke"]
    assert checkout.prepare("run") == ALL


def test_an_environment_of_another_make_is_not_trusted(checkout: Checkout) -> None:
    (checkout.folder / ".venv/bin").mkdir(parents=True)
    shutil.copy(checkout.folder / "python", checkout.folder / ".venv/bin/python")
    assert checkout.prepare("run") == ALL


def test_a_moved_checkout_gets_a_new_environment(checkout: Checkout, tmp_path: Path) -> None:
    checkout.prepare("run")
    moved = tmp_path / "moved"
    shutil.copytree(checkout.folder, moved, ignore=shutil.ignore_patterns("moved"))
    assert Checkout(moved).prepare("run") == ALL


def test_without_a_python_it_says_what_to_do(checkout: Checkout) -> None:
    (checkout.folder / "setup/find-python").write_text("#!/bin/bash\nexit 1\n")
    command = [str(checkout.folder / "setup/environment"), "run"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "make PYTHON=" in run.stderr


@pytest.mark.parametrize("word", ["", "everything"])
def test_an_unknown_purpose_is_refused(checkout: Checkout, word: str) -> None:
    run = subprocess.run([str(checkout.folder / "setup/prepare"), word], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "usage" in run.stderr


def test_each_system_package_says_what_it_is_for() -> None:
    for path in sorted((ROOT / "setup").glob("packages-*.txt")):
        for line in path.read_text().splitlines():
            package, _, purpose = line.partition("#")
            assert purpose.strip(), line
            assert len(package.split()) <= 1, line
