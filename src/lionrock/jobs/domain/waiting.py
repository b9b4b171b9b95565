"""Why a job waits: the scheduler's code as a sentence that says what to do.

The codes are those of Slurm's manual pages `squeue` (JOB REASON CODES) and `resource_limits`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lionrock.kernel.messages import Message, gettext_noop, message

_USED_UP: Final = gettext_noop(
    "The award's quota is used up, or what is left is less than this job could use in its time limit. "
    "Cancel it and submit it with a shorter time limit or fewer devices, or ask for a change of the award."
)
_ALL_IN_USE: Final = gettext_noop(
    "Jobs of this award hold all devices that it may hold at once. This one starts when one of them ends."
)
_YOURS_IN_USE: Final = gettext_noop(
    "Your own jobs hold all that one person may hold at once. This one starts when one of them ends."
)
_TOO_LARGE: Final = gettext_noop(
    "The job asks for more than a single job may have here. Cancel it and ask for fewer devices or less time."
)
_TOO_MANY: Final = gettext_noop("As many jobs wait or run as may at once. This one follows when others are over.")
_DOWN: Final = gettext_noop(
    "The machines it needs are out of service. It starts when they are back; nothing is billed until then."
)
_HELD: Final = gettext_noop("Somebody holds this job back. Ask who runs the site, or cancel it and submit it again.")
_CONFIGURED: Final = gettext_noop(
    "The cluster no longer knows the account or limits under which the job was submitted. Ask who runs the site."
)
_NEVER: Final = gettext_noop(
    "A job that this one waits for did not end as it should, so this one will never start. Cancel it."
)

BEING_CHECKED: Final = "lionrock-checked"
"""Our own code: the job was taken in and is not handed over while its organisation is being checked."""

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        BEING_CHECKED: gettext_noop(
            "Your organisation is being checked. The job is kept and starts by itself afterwards; there is nothing "
            "to do."
        ),
        "None": gettext_noop("The scheduler has not looked at the job yet. It does so within a minute."),
        "Priority": gettext_noop("Other jobs go first. Its turn comes by itself; nothing is to be done."),
        "Resources": gettext_noop("It is next, and waits until enough devices are free. Nothing is to be done."),
        "Dependency": gettext_noop("It waits for another job, as was asked."),
        "DependencyNeverSatisfied": _NEVER,
        "BeginTime": gettext_noop("It starts at a set time: a job that is run again waits a moment first."),
        "JobHeldUser": _HELD,
        "JobHeldAdmin": _HELD,
        "JobHoldMaxRequeue": gettext_noop(
            "It was started again so often that the cluster gave up. Look into its log, then submit it as a new job."
        ),
        "JobLaunchFailure": gettext_noop(
            "The machines could not start it, so the cluster holds it. Ask who runs the site."
        ),
        "Reservation": gettext_noop("It waits for machines that are reserved for it."),
        "ReservationDeleted": gettext_noop("The reservation that it was for is gone. Cancel it and submit it again."),
        "Licenses": gettext_noop("It waits for a licence that others use."),
        "NodeDown": _DOWN,
        "PartitionDown": _DOWN,
        "PartitionInactive": _DOWN,
        "ReqNodeNotAvail": _DOWN,
        "PartitionTimeLimit": gettext_noop(
            "The time limit is longer than its machines allow. Cancel it and ask for less time."
        ),
        "PartitionNodeLimit": _TOO_LARGE,
        "BadConstraints": gettext_noop("No machine has all that the job asks for. Cancel it and ask for less."),
        "FedJobLock": gettext_noop("The scheduler has not looked at the job yet. It does so within a minute."),
        "Cleaning": gettext_noop("An earlier run of it is being cleared away. It goes on by itself."),
        "Prolog": gettext_noop("Its machines are being prepared. It goes on by itself."),
        "InvalidAccount": _CONFIGURED,
        "InvalidQOS": _CONFIGURED,
        "AccountNotAllowed": _CONFIGURED,
        "QOSNotAllowed": _CONFIGURED,
        "QOSUsageThreshold": _CONFIGURED,
        "JobArrayTaskLimit": gettext_noop("As many tasks of its array run as you allowed at once."),
        "DeadLine": gettext_noop("It can no longer end before its deadline. Cancel it and submit it again."),
        "AssocMaxJobsLimit": _TOO_MANY,
        "AssocGrpJobsLimit": _TOO_MANY,
        "QOSMaxJobsPerUserLimit": _TOO_MANY,
        "QOSJobLimit": _TOO_MANY,
    }
)
"""What has a sentence of its own; the limits of accounts and QOS follow patterns."""

_PATTERNS: Final = (
    (re.compile(r"(Assoc|QOS)Grp.*(Minutes|RunMinutes)(Limit)?"), _USED_UP),
    (re.compile(r"(Assoc|QOS)Max.*(Minutes|PerJob|Wall.*)(Limit)?"), _TOO_LARGE),
    (re.compile(r"(Assoc|QOS)Max.*(PerUser|PerAccount)(Limit)?"), _YOURS_IN_USE),
    (re.compile(r"(Assoc|QOS)(Grp|Max).*(Submit|Jobs).*"), _TOO_MANY),
    (re.compile(r"(Assoc|QOS)Grp.*"), _ALL_IN_USE),
    (re.compile(r"(Assoc|QOS)Max.*|Max.*PerAccount"), _TOO_LARGE),
    (re.compile(r"Job(Held|Hold).*"), _HELD),
    (re.compile(r"Dependency.*"), _NEVER),
    (re.compile(r".*(Node|Part|Partition).*(Down|Drain|Avail).*"), _DOWN),
)


def explain_waiting(code: str) -> Message | None:
    """Return why a job waits and what to do; None where the site gave no code.

    A code that nobody has put in words here is shown as it is, and nothing is guessed from it.
    """
    if not code:
        return None
    # squeue writes some reasons with the names of the machines behind them: "ReqNodeNotAvail, UnavailableNodes:n1".
    short = code.partition(",")[0].strip()
    found = _WORDS.get(short) or next((said for pattern, said in _PATTERNS if pattern.fullmatch(short)), None)
    if found:
        return message(found)
    return message(gettext_noop("The cluster says “{code}”, which Lionrock has no words for."), code=code)


def is_quota(code: str) -> bool:
    """Tell whether a job waits because the award's quota does not reach."""
    return _PATTERNS[0][0].fullmatch(code.partition(",")[0].strip()) is not None
