"""Writes jobs as Slurm's accounting would show them: `sacct --allocations --parsable2`, times in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from lionrock.demo.workload.month import WorkloadJob

COLUMNS: Final = (
    *("JobID", "JobIDRaw", "JobName", "User", "Account", "Cluster", "Partition", "QOS", "State", "Submit", "Start"),
    *("End", "Elapsed", "ElapsedRaw", "Suspended", "NNodes", "NCPUS", "ReqTRES", "AllocTRES", "DBIndex"),
)
_CPUS_A_GPU: Final = 16
_GPUS_A_NODE: Final = 8


def write_sacct(
    jobs: Iterable[WorkloadJob],
    path: Path,
    *,
    cluster: str = "demo",
    gpu_type: str = "h800",
    asked_at: datetime | None = None,
    delimiter: str = "|",
) -> int:
    """Write the jobs and return how many rows there are.

    With `asked_at` the file is what sacct would have said at that instant: later jobs are not in it,
    waiting ones are PENDING and unfinished ones RUNNING. `gpu_type` is also the partition.
    """
    rows = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(delimiter.join(COLUMNS) + "\n")
        for job in jobs:
            if asked_at is None or job.submit < asked_at:
                rows += 1
                file.write(delimiter.join(_fields(job, rows, cluster, gpu_type, asked_at)) + "\n")
    return rows


def _fields(job: WorkloadJob, index: int, cluster: str, gpu_type: str, asked_at: datetime | None) -> list[str]:
    waiting = asked_at is not None and job.start >= asked_at
    running = asked_at is not None and not waiting and job.end > asked_at
    start = "Unknown" if waiting else _seconds(job.start)
    end = "Unknown" if waiting or running else _seconds(job.end)
    until = asked_at if running and asked_at is not None else job.end
    elapsed = 0 if waiting else round((until - job.start).total_seconds())
    state = "PENDING" if waiting else "RUNNING" if running else _state(job)
    job_id, nodes, cpus = str(job.job_id), -(-job.gpus // _GPUS_A_NODE), job.gpus * _CPUS_A_GPU
    who = [job_id, job_id, job.name, job.user, job.account, cluster, gpu_type, "normal"]
    when = [state, _seconds(job.submit), start, end, _clock(elapsed), str(elapsed), "00:00:00"]
    tres = _tres(job.gpus, gpu_type, nodes, cpus)
    return [*who, *when, str(nodes), str(cpus), tres, "" if waiting else tres, str(index)]


def _state(job: WorkloadJob) -> str:
    return f"CANCELLED by {1000 + sum(map(ord, job.user)) % 1000}" if job.state == "CANCELLED" else job.state


def _seconds(instant: datetime) -> str:
    return str(int(instant.timestamp()))


def _clock(seconds: int) -> str:
    days, rest = divmod(seconds, 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return f"{days}-{clock}" if days else clock


def _tres(gpus: int, gpu_type: str, nodes: int, cpus: int) -> str:
    return f"billing={cpus},cpu={cpus},gres/gpu:{gpu_type}={gpus},gres/gpu={gpus},mem={cpus * 8}G,node={nodes}"
