"""How much memory rating takes as the month grows: each size in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HEADINGS = ["memory of rating a stream of runs", "peak", "÷ the first"]


def measure(size: int) -> list[list[str]]:
    """Return the rows of the table: one size, and five times as many."""
    peaks = {count: _peak(count) for count in (size, 5 * size)}
    return [[f"{count:,} runs", f"{peak // 1024:,} MB", f"{peak / peaks[size]:.3f}"] for count, peak in peaks.items()]


def _peak(count: int) -> int:
    command = [sys.executable, "-m", "bench.memory", str(count)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _rate_a_stream(count: int) -> None:
    from bench.workload import MONTH, ZONE, stream, workload  # noqa: PLC0415 - only in the process that is measured
    from lionrock.charging.domain.tariff import rate_month  # noqa: PLC0415

    work = workload(0)
    rate_month(MONTH, ZONE, work.prices, work.awards, stream(count))


if __name__ == "__main__":
    _rate_a_stream(int(sys.argv[1]))
    # Not getrusage: what it says counts from before this program replaced the one that started it.
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    sys.stdout.write(peak)
