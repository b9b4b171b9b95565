"""The audit of dependencies: a known vulnerability fails, a network that is away warns, an accepted one passes."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.tidy.files import ROOT

FOUND = {"id": "GHSA-xxxx", "aliases": ["CVE-2026-1"], "summary": "It reads too far", "fixed_in": ["2.1"]}
LOCK = "good==1.0 \\\n    --hash=sha256:00\nbad[extra]==2.0 ; python_version > '3'\n"


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with a lock and a list of accepted ones of its own."""
    loader = importlib.machinery.SourceFileLoader("audit", str(ROOT / "setup" / "audit"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("audit", loader) or pytest.fail("none"))
    loader.exec_module(module)
    monkeypatch.setattr(module, "ACCEPTED", tmp_path / "accepted.toml")
    (tmp_path / "run.txt").write_text(LOCK)
    return module


def _answering(audit: ModuleType, monkeypatch: pytest.MonkeyPatch, bad: Any) -> None:
    def advisories(name: str, _version: str) -> list[dict[str, object]]:
        if isinstance(bad, Exception):
            raise bad
        return [bad] if name == "bad" else []

    monkeypatch.setattr(audit, "advisories", advisories)


def _accepting(folder: Path, until: str) -> None:
    row = f'[[accepted]]\nadvisory = "CVE-2026-1"\nreason = "we never call it"\nuntil = {until}\n'
    (folder / "accepted.toml").write_text(row)


def test_a_known_vulnerability_fails_and_says_what_mends_it(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _answering(audit, monkeypatch, FOUND)
    assert audit.main([str(tmp_path / "run.txt")]) == 1
    assert "bad 2.0: GHSA-xxxx: It reads too far (mended in: 2.1)" in capsys.readouterr().err
    _accepting(tmp_path, "2999-01-01")
    assert audit.main([str(tmp_path / "run.txt")]) == 0
    _accepting(tmp_path, "2020-01-01")
    assert audit.main([str(tmp_path / "run.txt")]) == 1


def test_a_broken_network_warns_and_fails_nothing(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _answering(audit, monkeypatch, OSError("no route"))
    assert audit.main([str(tmp_path / "run.txt")]) == 0
    assert "WARNING: PyPI could not be asked about 2 of 2 packages" in capsys.readouterr().err


def test_what_is_accepted_and_found_nowhere_is_named(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _answering(audit, monkeypatch, {**FOUND, "id": "GHSA-other", "aliases": [], "withdrawn": None})
    _accepting(tmp_path, "2999-01-01")
    assert audit.main([str(tmp_path / "run.txt")]) == 1
    assert "CVE-2026-1 is accepted and found nowhere" in capsys.readouterr().err


def test_every_locked_package_is_asked_about(audit: ModuleType, tmp_path: Path) -> None:
    assert audit.pinned([tmp_path / "run.txt"]) == [("bad", "2.0"), ("good", "1.0")]
    locks = [audit.FOLDER / f"{name}.txt" for name in ("run", "dev", "build", "lock")]
    assert {path.name for path in locks} == {path.name for path in audit.FOLDER.glob("*.txt")}
