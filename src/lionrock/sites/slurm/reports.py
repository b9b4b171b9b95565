"""How a job of Slurm stands, made of what its scheduler and its accounting say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lionrock.sites.drivers.protocol import OPEN_STATES, JobReport, JobState, TaskReport
from lionrock.sites.slurm.records import Queued, Run
from lionrock.sites.slurm.states import Ending, ending, instant, memory_bytes, milliseconds, node_names, standing, whole

_SPARE_SECONDS = 60
"""How much sooner than its limit a job must have been stopped, for the limit not to be why."""


def is_open(site: str, row: Queued) -> bool:
    """Tell whether the scheduler still has something to do for a row; raises `NotUnderstood`."""
    return standing(site, row.word)[0] in OPEN_STATES


def open_report(site: str, rows: Sequence[Queued], devices: Mapping[str, int]) -> JobReport:
    """Return how a job stands of which something waits or runs, from the scheduler's rows.

    An array runs as soon as one task does. What waits says why, and when it would start if that is known.
    """
    running = [row for row in rows if standing(site, row.word)[0] is JobState.RUNNING]
    waiting = [row for row in rows if standing(site, row.word)[0] is JobState.PENDING]
    first = (running or waiting)[0]
    starts = [row.start for row in running if row.start]
    expected = [row.start for row in waiting if row.start]
    return JobReport(
        JobState.RUNNING if running else JobState.PENDING,
        started=min(starts, default=None),
        devices=devices,
        waiting_because="" if running or first.because == "None" else first.because,
        state_word=first.word,
        nodes=tuple(dict.fromkeys(name for row in running for name in node_names(row.nodes))),
        expected_start=None if running else min(expected, default=None),
    )


def open_tasks(site: str, rows: Iterable[Queued]) -> list[TaskReport]:
    """Return the tasks of an array that the scheduler tells apart and that are not over."""
    found = []
    for row in rows:
        state = standing(site, row.word)[0]
        if row.index is not None and state in OPEN_STATES:
            found.append(TaskReport(row.index, state, started=row.start if state is JobState.RUNNING else None))
    return found


def has_ended(site: str, run: Run) -> bool:
    """Tell whether accounting knows the end of a run; raises `NotUnderstood`."""
    state = standing(site, run.facts["State"])[0]
    has_times = instant(run.facts["Start"]) is None or instant(run.facts["End"]) is not None
    return not run.is_half_made and state not in OPEN_STATES and has_times


def is_complete(site: str, run: Run) -> bool:
    """Tell whether accounting has all of a run that ended.

    Just after slurmdbd was away it has the state before the exit code and the script's own step; so
    as long as the scheduler still has the job, these are waited for.
    """
    if not has_ended(site, run):
        return False
    if not _ran(run):
        return True
    batch = [step for step in run.steps if step["JobIDRaw"].endswith(".batch")]
    is_contradicted = run.facts["State"] == "FAILED" and run.facts["ExitCode"] == "0:0"
    return bool(batch) and instant(batch[-1]["End"]) is not None and not is_contradicted


def ended_report(site: str, of_job: Sequence[Run], devices: Mapping[str, int]) -> JobReport:
    """Return how a job ended, from its runs in order: the last one counts, its efficiency too."""
    run = of_job[-1]
    end = _ending(site, run)
    facts = run.facts
    never_ran = not _ran(run)
    cpus = whole(facts["AllocCPUS"])
    return JobReport(
        end.state,
        started=None if never_ran else instant(facts["Start"]),
        ended=None if never_ran else instant(facts["End"]),
        devices=devices,
        exit_code=None if never_ran else end.exit_code,
        reason=end.reason,
        detail=end.detail,
        cpu_milliseconds=None if never_ran else milliseconds(facts["TotalCPU"]),
        peak_memory_bytes=max((size for step in run.steps if (size := memory_bytes(step["MaxRSS"]))), default=None),
        allocated_cpus=cpus or None,
        asked_memory_bytes=memory_bytes(facts["ReqMem"], nodes=whole(facts["NNodes"]) or 1, cpus=cpus or 1),
        state_word=facts["State"],
        nodes=() if never_ran else node_names(facts["NodeList"]),
        runs=len(of_job),
    )


def ended_tasks(site: str, latest: Iterable[Run]) -> list[TaskReport]:
    """Return the tasks of an array that are over."""
    return [_task(site, run) for run in latest if run.index is not None and has_ended(site, run)]


def _task(site: str, run: Run) -> TaskReport:
    end, ran = _ending(site, run), _ran(run)
    return TaskReport(
        run.index or 0,
        end.state,
        started=instant(run.facts["Start"]) if ran else None,
        ended=instant(run.facts["End"]) if ran else None,
        exit_code=end.exit_code if ran else None,
        reason=end.reason,
    )


def array_report(site: str, latest: Sequence[Run], devices: Mapping[str, int]) -> JobReport:
    """Return how an array ended: as its worst task did, from the first start to the last end."""
    worst = min(latest, key=lambda run: _BADNESS.index(_ending(site, run).state))
    report = ended_report(site, [worst], devices)
    ran = [run for run in latest if _ran(run)]
    starts = [start for run in ran if (start := instant(run.facts["Start"]))]
    ends = [end for run in ran if (end := instant(run.facts["End"]))]
    used = [spent for run in ran if (spent := milliseconds(run.facts["TotalCPU"])) is not None]
    return JobReport(
        report.state,
        started=min(starts, default=None),
        ended=max(ends, default=None),
        devices=devices,
        exit_code=report.exit_code,
        reason=report.reason,
        detail=report.detail,
        cpu_milliseconds=sum(used) if used else None,
        state_word=report.state_word,
        nodes=tuple(dict.fromkeys(name for run in ran for name in node_names(run.facts["NodeList"]))),
        tasks=tuple(sorted(ended_tasks(site, latest), key=lambda task: task.index)),
    )


_BADNESS = (
    JobState.NODE_FAIL,
    JobState.FAILED,
    JobState.TIMEOUT,
    JobState.CANCELLED,
    JobState.COMPLETED,
    JobState.RUNNING,
    JobState.PENDING,
)


def _ending(site: str, run: Run) -> Ending:
    limit, lasted = whole(run.facts["TimelimitRaw"]), whole(run.facts["ElapsedRaw"])
    cut_short = limit is not None and lasted is not None and lasted < limit * 60 - _SPARE_SECONDS
    return ending(site, run.facts["State"], run.facts["ExitCode"], cut_short=cut_short)


def _ran(run: Run) -> bool:
    """Tell whether a run ever started: one that was cancelled waiting may have a start, but never nodes."""
    return instant(run.facts["Start"]) is not None and bool(node_names(run.facts["NodeList"]))
