"""A month of work on a cluster: jobs drawn from the model, started first come, first served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from heapq import heapify, heappop, heappush
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from lionrock.demo.workload.model import draw_arrivals, draw_runtime, draw_size
from lionrock.demo.workload.parameters import GPU_CLUSTER, ModelParameters, Outcomes
from lionrock.kernel.periods import Month

_NAMES: Final = ("train", "finetune", "eval", "sweep", "pretrain", "infer", "notebook")
_FIRST_ID: Final = 1000


@dataclass(frozen=True, slots=True)
class AccountMix:
    """An account of the cluster, its users (the first are the busiest), and its share of jobs."""

    account: str
    users: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class WorkloadJob:
    """One run of one job; a job whose node failed has a second run under the same id."""

    job_id: int
    name: str
    account: str
    user: str
    gpus: int
    submit: datetime
    start: datetime
    end: datetime
    state: str


class _Draft(NamedTuple):
    """A job before it is known when it starts; `submit` in seconds after the month's start."""

    submit: int
    job_id: int
    name: str
    account: str
    user: str
    gpus: int
    seconds: int
    state: str


class _Run(NamedTuple):
    draft: _Draft
    start: int
    end: int
    state: str


def generate_month(
    *,
    seed: int,
    month: Month,
    zone: ZoneInfo,
    accounts: Sequence[AccountMix],
    gpus_total: int,
    target_utilisation: Fraction,
    model: ModelParameters = GPU_CLUSTER,
) -> Iterator[WorkloadJob]:
    """Yield the runs of all jobs submitted in that month, in the order in which they start.

    Jobs are drawn until they ask for `target_utilisation` of the month's GPU time; some of it is used
    after the month's end. At no instant more than `gpus_total` GPUs are in use. The same arguments
    give the same jobs. The daily cycle follows the zone's clock (a change of the clock within the month
    shifts it by that hour).
    """
    random = Random(seed)  # noqa: S311 - a workload, not a secret
    span = month.interval(zone)
    wanted = target_utilisation * gpus_total * span.seconds
    jobs = _draw_jobs(random, model, gpus_total, wanted)
    arrivals = draw_arrivals(random, model, len(jobs), span.seconds)
    drafts = [
        _draft(random, accounts, _FIRST_ID + number, submit, *job)
        for number, (submit, job) in enumerate(zip(arrivals, jobs, strict=True))
    ]
    for run in _first_come_first_served(random, drafts, gpus_total):
        yield _dated(run, span.start)


def _draw_jobs(random: Random, model: ModelParameters, gpus_total: int, wanted: Fraction) -> list[tuple[int, int, str]]:
    """Draw (GPUs, seconds, state) until the GPU-seconds wanted are reached."""
    jobs: list[tuple[int, int, str]] = []
    asked = 0
    while asked < wanted:
        gpus = min(draw_size(random, model), gpus_total)
        runtime = draw_runtime(random, model, gpus)
        jobs.append((gpus, runtime.seconds, _draw_state(random, model.outcomes, runtime.long)))
        asked += gpus * runtime.seconds
    return jobs


def _draw_state(random: Random, outcomes: Outcomes, long: bool) -> str:
    chance = random.random()
    killed = outcomes.killed_if_long if long else outcomes.killed_if_short
    if chance < killed:
        return "CANCELLED"
    if chance >= killed + outcomes.unsuccessful:
        return "COMPLETED"
    how = random.random()
    if how < outcomes.node_fail_of_unsuccessful:
        return "NODE_FAIL"
    return "TIMEOUT" if how < outcomes.node_fail_of_unsuccessful + outcomes.timeout_of_unsuccessful else "FAILED"


def _draft(
    random: Random, accounts: Sequence[AccountMix], job_id: int, submit: int, gpus: int, seconds: int, state: str
) -> _Draft:
    (mix,) = random.choices(accounts, [account.weight for account in accounts])
    # Activity of users falls off as 1, 1/2, 1/3 …
    (user,) = random.choices(mix.users, [1 / rank for rank in range(1, len(mix.users) + 1)])
    return _Draft(submit, job_id, random.choice(_NAMES), mix.account, user, gpus, seconds, state)


def _first_come_first_served(random: Random, drafts: Iterable[_Draft], gpus_total: int) -> Iterator[_Run]:
    """Start each job when all before it have started and enough GPUs are free."""
    queue = list(drafts)
    heapify(queue)
    running: list[tuple[int, int]] = []
    free, clock = gpus_total, 0
    while queue:
        draft = heappop(queue)
        clock = max(clock, draft.submit)
        while running and (running[0][0] <= clock or free < draft.gpus):
            end, released = heappop(running)
            clock, free = max(clock, end), free + released
        seconds = draft.seconds
        if draft.state == "NODE_FAIL":
            # The node takes the run with it at some moment; the job goes back to the queue and completes.
            seconds = random.randint(1, seconds)
            heappush(queue, draft._replace(submit=clock + seconds, state="COMPLETED"))
        heappush(running, (clock + seconds, draft.gpus))
        free -= draft.gpus
        yield _Run(draft, clock, clock + seconds, draft.state)


def _dated(run: _Run, midnight: datetime) -> WorkloadJob:
    draft = run.draft
    submit, start, end = (midnight + timedelta(seconds=at) for at in (draft.submit, run.start, run.end))
    return WorkloadJob(draft.job_id, draft.name, draft.account, draft.user, draft.gpus, submit, start, end, run.state)
