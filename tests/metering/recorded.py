"""A cluster's accounting out of rows written down: it answers what sacct, sacctmgr and squeue are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import message
from lionrock.metering.domain.columns import DELIMITER, NEEDED

CASES = Path(__file__).parent / "cases"
TRACKED = "cpu|\nmem|\ngres|gpu\ngres|gpu:h800\ngres|gpu:a100\n"
FOR_EVER = 1 << 40

Row = tuple[str, ...]


def rows_of(text: str) -> list[Row]:
    """Return the rows of a text, their fields separated by "|"."""
    return [tuple(line.split("|")) for line in text.splitlines()]


def run_row(job: str, start: int, end: int | None, **facts: Any) -> Row:
    """Return the row of a run of two cards; by default all it ever ran, and submitted as it began."""
    busy = facts.get("busy", (end or start + 60) - start)
    given = {
        "JobID": job,
        "JobIDRaw": job.partition("_")[0],
        "DBIndex": str(start),
        "Cluster": "hill",
        "Account": "aw-2026-0001",
        "User": "ada",
        "Partition": "h800",
        "QOS": "normal",
        "State": "RUNNING" if end is None else "COMPLETED",
        "Submit": str(start),
        "Eligible": str(start),
        "Start": str(start),
        "End": "Unknown" if end is None else str(end),
        "ElapsedRaw": str(busy),
        "AllocTRES": "billing=1,cpu=1,gres/gpu:h800=2,gres/gpu=2,mem=1000M,node=1",
        "NNodes": "1",
    }
    given |= {name: str(value) for name, value in facts.items() if name != "busy"}
    return tuple(given[name] for name in NEEDED)


@dataclass
class Recorded:
    """Answers like the real programs: a window has what waited or ran in it, a number all its rows."""

    rows: list[Row] = field(default_factory=list)
    cluster: str = "hill"
    columns: tuple[str, ...] = NEEDED
    tracked: str = TRACKED
    report: str = ""
    known_to_controller: list[tuple[str, int]] = field(default_factory=list)
    away: bool = False
    breaks_after: int | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def run(self, program: str, *arguments: str, **_: Any) -> str:
        self._check()
        self.asked.append((program, *arguments))
        if program == "sacct":
            return " ".join(self.columns)
        if program == "sacctmgr":
            return self.tracked
        if program == "squeue":
            return "".join(f"{number} {start}\n" for number, start in self.known_to_controller)
        assert program == "sreport"
        return self.report

    def lines(self, program: str, *arguments: str, seconds: int = 600) -> Iterator[str]:
        self._check()
        self.asked.append((program, *arguments))
        asked = dict(argument.removeprefix("--").split("=", 1) for argument in arguments if "=" in argument)
        yield DELIMITER.join(self.columns)
        for count, row in enumerate(self._wanted(asked)):
            if count == self.breaks_after:
                self.away = True
                self._check()
            yield DELIMITER.join(row)

    def _check(self) -> None:
        if self.away:
            raise Unavailable("sites.slurm.away", message("The cluster hill does not answer now."))

    def _wanted(self, asked: Mapping[str, str]) -> Iterable[Row]:
        if "jobs" in asked:
            numbers = set(asked["jobs"].split(","))
            return [row for row in self.rows if row[1] in numbers]
        start, end = (int(asked[name].removeprefix("uts")) for name in ("starttime", "endtime"))
        return [row for row in self.rows if len(row) != len(NEEDED) or _touches(row, start, end)]


def _touches(row: Row, start: int, end: int) -> bool:
    named = dict(zip(NEEDED, row, strict=True))
    if not named["Submit"].isdecimal():
        return True
    ends = int(named["End"]) if named["End"].isdecimal() else FOR_EVER
    return int(named["Submit"]) < end and ends >= start


def cases() -> list[tuple[str, str, dict[str, Any]]]:
    """Return every case in each version: its name, the version, its answers and runs."""
    found = []
    for file in sorted(CASES.glob("*.yaml")):
        for version, case in yaml.safe_load(file.read_text()).items():
            found.append((file.stem, version, case))
    return found
