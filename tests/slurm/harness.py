"""The Slurm driver, as the contract of all drivers wants it: one node, one job at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tests.sites.harness import DEVICES
from tests.slurm.cluster import ACCOUNT, USERS, Cluster

from lionrock.sites.drivers.protocol import JobReport, JobSpec
from lionrock.sites.drivers.slurm import SlurmDriver

STEP = timedelta(seconds=4)


@dataclass
class SlurmHarness:
    """The real driver on the partition `single`."""

    cluster: Cluster
    home: Path
    partition: str = "single"
    driver: SlurmDriver = field(init=False)

    def __post_init__(self) -> None:
        self.driver = SlurmDriver(self.home, self.cluster.connection)

    def job(self, code: str, *, seconds: int = 0, exit_code: int = 0, stdout: bytes = b"", limit: int = 60) -> JobSpec:
        program = (
            f"import sys, time; sys.stdout.buffer.write({stdout!r}); sys.stdout.flush(); "
            f"time.sleep({seconds}); sys.exit({exit_code})"
        )
        return self.runs(code, "python3", "-c", program, limit=limit)

    def runs(self, code: str, *argv: str, limit: int = 60, **more: object) -> JobSpec:
        spec = JobSpec(code, uuid.uuid4().hex, argv, limit, DEVICES, name=code, account=ACCOUNT, user=USERS[0])
        return replace(spec, **({"partition": self.partition} | more))  # type: ignore[arg-type]

    def until(self, handle: str, condition: Callable[[JobReport], bool]) -> JobReport:
        seen: list[JobReport] = []

        def so() -> bool:
            seen[:] = [self.driver.poll(handle)]
            return condition(seen[0]) or self._let_time_pass()

        self.cluster.until(so, f"{handle}: {seen}")
        return seen[0]

    def _let_time_pass(self) -> bool:
        """Put the cluster's clock forward where it has one of its own, in steps that no daemon takes for an absence."""
        if self.cluster.clock.is_its_own:
            self.cluster.clock.put(self.cluster.clock.now + STEP)
        return False
