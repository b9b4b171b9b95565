"""One way to speak to every driver, so that the same sentences are true of all."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from lionrock.sites.drivers.fake import FakeDriver, Plan
from lionrock.sites.drivers.local import LocalDriver
from lionrock.sites.drivers.protocol import Driver, JobReport, JobSpec

PATIENCE_SECONDS = 120
"""How long a test waits for what must happen, before it fails instead of hanging."""

DEVICES = {"cpu-core": 2}


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until it is so; fail when it is not after a very long time."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"this never came to be: {what}"
        time.sleep(0.02)


def spec(code: str, *argv: str, limit: int = 60, files: dict[str, str] | None = None, key: str = "") -> JobSpec:
    """Return a job that runs these words."""
    return JobSpec(code, key or uuid.uuid4().hex, argv, limit, DEVICES, files or {}, name=code)


def python(code: str, program: str, **more: object) -> JobSpec:
    """Return a job that runs this Python program."""
    return spec(code, sys.executable, "-c", program, **more)  # type: ignore[arg-type]


class Harness(Protocol):
    """A driver, and the means to make a job behave and time pass."""

    driver: Driver

    def job(self, code: str, *, seconds: int = 0, exit_code: int = 0, stdout: bytes = b"", limit: int = 60) -> JobSpec:
        """Return a job that writes this, runs so long, and ends so."""

    def until(self, handle: str, condition: Callable[[JobReport], bool]) -> JobReport:
        """Let time pass until the report is so, and return it."""


@dataclass
class LocalHarness:
    """The real driver in a temporary folder."""

    root: Path
    grace_seconds: int = 10
    driver: LocalDriver = field(init=False)

    def __post_init__(self) -> None:
        self.driver = LocalDriver(self.root, grace_seconds=self.grace_seconds)

    def job(self, code: str, *, seconds: int = 0, exit_code: int = 0, stdout: bytes = b"", limit: int = 60) -> JobSpec:
        return python(
            code,
            f"import sys, time; sys.stdout.buffer.write({stdout!r}); sys.stdout.flush(); "
            f"time.sleep({seconds}); sys.exit({exit_code})",
            limit=limit,
        )

    def until(self, handle: str, condition: Callable[[JobReport], bool]) -> JobReport:
        until(lambda: condition(self.driver.poll(handle)), f"{handle}: {self.driver.poll(handle)}")
        return self.driver.poll(handle)


@dataclass
class FakeHarness:
    """The fake, whose clock moves when we say so."""

    driver: FakeDriver = field(default_factory=lambda: FakeDriver(datetime(2026, 3, 1, tzinfo=UTC)))

    def job(self, code: str, *, seconds: int = 0, exit_code: int = 0, stdout: bytes = b"", limit: int = 60) -> JobSpec:
        self.driver.plans[code] = Plan(seconds=seconds, exit_code=exit_code, stdout=stdout)
        return spec(code, "work", limit=limit)

    def until(self, handle: str, condition: Callable[[JobReport], bool]) -> JobReport:
        for _ in range(3600):
            if condition(self.driver.poll(handle)):
                break
            self.driver.tick(1)
        report = self.driver.poll(handle)
        assert condition(report), report
        return report
