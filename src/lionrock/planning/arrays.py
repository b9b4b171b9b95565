"""A sweep as an array of jobs: a script for `lionrock job submit`, whose tasks do one part each."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from lionrock.planning.scenarios.values import Scenario


def script(scenarios: Sequence[Scenario], seeds: int, parts: int, results: Path, command: str) -> str:
    """Return a script of the shell: as a task of an array it does its part, else one part after the other.

    `results` and the scenarios' files have to be there on every node, under the same names.
    """
    files = shlex.join(str(each.file.resolve()) for each in scenarios)
    folders = shlex.join(["--results", str(results.resolve()), "--rulebook", str(scenarios[0].rulebook.resolve())])
    digests = "\n".join(f"#   {each.id} {each.digest}" for each in scenarios)
    return f"""\
#!/bin/sh
# Scenarios and what they were when this was written:
{digests}
set -eu
part() {{
  {command} plan scenario {files} {folders} --seeds {seeds} --processes 1 --part "$1/{parts}"
}}
if [ -n "${{SLURM_ARRAY_TASK_ID:-}}" ]; then
  part "$SLURM_ARRAY_TASK_ID"
else
  task=0
  while [ "$task" -lt {parts} ]; do
    part "$task"
    task=$((task + 1))
  done
fi
"""
