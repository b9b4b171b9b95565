"""How a job's states follow each other, and why it ended, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.sites.drivers.protocol import OPEN_STATES, JobState, Reason

VERBS: Final[Mapping[JobState, str]] = MappingProxyType(
    {
        JobState.PENDING: "run again",
        JobState.RUNNING: "begin",
        JobState.COMPLETED: "complete",
        JobState.FAILED: "fail",
        JobState.CANCELLED: "cancel",
        JobState.TIMEOUT: "time out",
        JobState.NODE_FAIL: "be lost",
    }
)
"""State → the verb that leads to it."""

TRANSITIONS: Final[Mapping[tuple[JobState, str], JobState]] = MappingProxyType(
    {(before, verb): after for before in OPEN_STATES for after, verb in VERBS.items() if after is not before}
)
"""A waiting job may be seen again only after its end, so every end follows `PENDING` too; a site that runs a job
again lets it wait again."""

_WORDS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.EXIT_CODE: gettext_noop("The program ended with exit code {exit_code}. Its log says why."),
        Reason.SIGNAL: gettext_noop("The program was ended by the signal {detail}."),
        Reason.NOT_STARTED: gettext_noop("The program could not be started: {detail}."),
        Reason.TIME_LIMIT: gettext_noop(
            "The program ran into its time limit of {limit} s. Ask for a longer one, or split the work."
        ),
        Reason.OUTPUT_LIMIT: gettext_noop("The program wrote too much output. Write large results into files."),
        Reason.CANCELLED: gettext_noop("The job was cancelled."),
        Reason.SUPERVISOR_STOPPED: gettext_noop("The site was shut down. What was used is not billed; submit again."),
        Reason.SUPERVISOR_LOST: gettext_noop("The site lost the job. What was used is not billed; submit again."),
        Reason.FOLDER_LOST: gettext_noop("The site no longer has the job. What was used is not billed; submit again."),
        Reason.PREEMPTED: gettext_noop("The job made room for one that goes first. Submit it again."),
        Reason.OUT_OF_MEMORY: gettext_noop("The program needed more memory than the job has. Ask for more."),
        Reason.DEADLINE: gettext_noop("The job could no longer end before its deadline, so it was stopped."),
        Reason.BUDGET: gettext_noop("The budget of the award was used up while the job ran, so it was stopped."),
    }
)


def is_open(state: str) -> bool:
    """Tell whether a job in this state can still change."""
    return JobState(state) in OPEN_STATES


def explain(reason: Reason, *, detail: str, exit_code: int | None, limit_seconds: int) -> Message | None:
    """Return why a job ended as it did, and what to do; None when there is nothing to say."""
    if reason is Reason.NONE:
        return None
    return message(_WORDS[reason], detail=detail, exit_code=exit_code, limit=limit_seconds)
