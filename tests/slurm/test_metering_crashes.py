"""A mixture of jobs while controller, accounting, collectors and database crash: none lost, none twice.

The whole run, of 2,000 jobs, is `python -m bench.collecting`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_small_mixture_comes_to_what_slurm_reports() -> None:
    words = [sys.executable, "-m", "bench.collecting", "--jobs", "60", "--rows", "500"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["agrees", "with", "sreport", "to", "the", "second", "True"] in lines
    assert ["of", "these", "not", "here", "(lost)", "0"] in lines
    assert ["charged", "more", "or", "less", "often", "than", "once", "0"] in lines
