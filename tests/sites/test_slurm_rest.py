"""Answers of the REST interface, of both kinds of version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lionrock.kernel.errors import Unavailable
from lionrock.sites.slurm.records import Queued
from lionrock.sites.slurm.rest import Rest, jobs
from lionrock.sites.slurm.states import instant


def wrapped(number: int | None) -> dict[str, object]:
    return {"set": number is not None, "infinite": False, "number": number or 0}


OLD = {
    "job_id": 11, "array_job_id": 9, "array_task_id": 1, "array_task_string": "", "job_state": "RUNNING",
    "state_reason": "None", "submit_time": 1000, "start_time": 1010, "nodes": "cpu-1",
    "current_working_directory": "/shared/run",
}  # fmt: skip
NEW = OLD | {
    "array_job_id": wrapped(9), "array_task_id": wrapped(1), "job_state": ["RUNNING", "COMPLETING"],
    "submit_time": wrapped(1000), "start_time": wrapped(1010),
}  # fmt: skip
RUNNING = Queued(11, 9, "1", "RUNNING", "None", 1000, instant("1010"), "cpu-1", "/shared/run")


@pytest.mark.parametrize("job", [OLD, NEW], ids=["22.05", "24.11"])
def test_a_job_reads_alike_in_both(job: dict[str, object]) -> None:
    assert jobs(json.dumps({"jobs": [job], "errors": []})) == [RUNNING]


@pytest.mark.parametrize(
    "changes",
    [{"array_job_id": 0, "array_task_id": None}, {"array_job_id": wrapped(0), "array_task_id": wrapped(None)}],
)
def test_a_job_that_is_no_array_is_its_own(changes: dict[str, object]) -> None:
    (found,) = jobs(json.dumps({"jobs": [NEW | changes]}))
    assert (found.array, found.task, found.index) == (11, "N/A", None)


def test_a_job_that_is_not_there_is_none() -> None:
    assert jobs(json.dumps({"errors": [{"error_number": 2017, "error": "Invalid job id specified"}], "jobs": []})) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>502</html>",
        "[]",
        "null",
        "{}",
        '{"jobs": null}',
        '{"jobs": [{}]}',
        '{"jobs": [{"job_id": "x"}]}',
        json.dumps({"jobs": [OLD | {"job_state": []}]}),
        json.dumps({"jobs": [], "errors": [{"error_number": 1, "error": "Unable to contact slurm controller"}]}),
    ],
)
def test_any_other_answer_is_no_answer(text: str) -> None:
    with pytest.raises(Unavailable):
        jobs(text)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "", "nonsense", "http://127.0.0.1:x"])
def test_nobody_there_is_unavailable(url: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("t")
    for file in (token, tmp_path / "none"):
        with pytest.raises(Unavailable):
            Rest({"url": url, "version": "v0.0.38", "token_file": str(file)}).queued(1)
