"""Reading what `sacctmgr -n -P` and `scontrol -o` print, of Slurm 22.05 and 24.11 alike.

The columns are asked for by name, so that a version with others changes nothing. A row that does not
fit is never guessed at: nothing is changed on a cluster whose answer is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from lionrock.allocations.domain.cluster import Account, Association, Qos, Reservation
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message

ASSOCIATION_COLUMNS: Final = (
    "Account", "ParentName", "User", "Partition", "QOS", "DefaultQOS", "GrpJobs", "GrpSubmit", "MaxJobs", "MaxSubmit",
    "GrpTRESMins",
)  # fmt: skip
QOS_COLUMNS: Final = (
    "Name", "Flags", "UsageFactor", "GrpTRES", "GrpTRESMins", "GrpJobs", "GrpSubmit", "Preempt", "PreemptMode",
)  # fmt: skip


def parse_associations(text: str) -> tuple[dict[str, Account], dict[tuple[str, str, str], Association]]:
    """Return the accounts of a cluster and the associations of their users; raises `Unavailable`."""
    accounts: dict[str, Account] = {}
    associations: dict[tuple[str, str, str], Association] = {}
    for row in _rows(text, len(ASSOCIATION_COLUMNS)):
        account, parent, user, partition, qos, default, group_jobs, group_submit, jobs, submit, minutes = row
        if user:
            found = Association(user, account, partition, _names(qos), default, _is_closed(jobs, submit))
            associations[found.key] = found
        else:
            closed = _is_closed(group_jobs, group_submit)
            accounts[account] = Account(account, parent, _names(qos), default, closed, parse_tres(minutes))
    return accounts, associations


def _is_closed(jobs: str, submit: str) -> bool | None:
    """Tell whether nothing can be submitted or start; None where only one of them is so.

    Any other number is a brake of whoever runs the cluster, and none of our business.
    """
    barred = {jobs == "0", submit == "0"}
    return barred.pop() if len(barred) == 1 else None


def parse_qos(text: str) -> dict[str, Qos]:
    """Return all QOS by name; raises `Unavailable`."""
    found = {}
    for row in _rows(text, len(QOS_COLUMNS)):
        name, flags, factor, devices, minutes, jobs, submit, preempts, mode = row
        found[name] = Qos(
            name,
            devices=parse_tres(devices),
            minutes=parse_tres(minutes),
            closed=_is_closed(jobs, submit),
            flags=_names(flags),
            usage_factor=_decimal(factor),
            preempts=_names(preempts),
            requeued=mode.lower() == "requeue",
        )
    return found


def parse_tres(text: str) -> dict[str, int]:
    """Return "gres/gpu:h800=8,gres/gpu=8" as a mapping, whatever its order; a name may hold a colon."""
    found = {}
    for part in filter(None, text.split(",")):
        name, sign, number = part.rpartition("=")
        if not sign or not re.fullmatch(r"[0-9]+", number):
            raise not_understood(part)
        found[name] = int(number)
    return found


def parse_reservations(text: str) -> dict[str, Reservation]:
    """Return the reservations of accounts that `scontrol -o show reservation` prints, times as seconds since 1970."""
    found = {}
    for line in text.splitlines():
        if "ReservationName=" not in line:
            continue
        given = dict(_pairs(line))
        try:
            found[given["ReservationName"]] = Reservation(
                given["ReservationName"],
                _names(given["Accounts"].replace("(null)", "")),
                given["PartitionName"].replace("(null)", ""),
                int(given["NodeCnt"]),
                datetime.fromtimestamp(int(given["StartTime"]), UTC),
                datetime.fromtimestamp(int(given["EndTime"]), UTC),
            )
        except (KeyError, ValueError) as wrong:
            raise not_understood(line) from wrong
    return found


def parse_use(text: str) -> dict[str, dict[str, int]]:
    """Return the device-minutes that Slurm has counted (rounded down by it), by QOS and TRES.

    Out of `scontrol -o show assoc_mgr flags=qos`, where a limit stands before its use: "gres/gpu:h800=10(7)".
    """
    found = {}
    for line in text.splitlines():
        name = re.match(r"\s*QOS=(.+?)\(\d+\) ", line)
        counted = re.search(r" GrpTRESMins=(\S*)", line)
        if name and counted:
            parts = re.finditer(r"([^,=]+)=(?:N|\d+)\((\d+)\)", counted[1])
            found[name[1]] = {part[1]: int(part[2]) for part in parts}
    return found


def parse_config(text: str) -> dict[str, str]:
    """Return the settings that `scontrol show config` prints."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}


def _rows(text: str, columns: int) -> Iterator[Sequence[str]]:
    for line in filter(None, text.split("\n")):
        row = line.split("|")
        if len(row) != columns:
            raise not_understood(line)
        yield row


def _pairs(line: str) -> Iterable[tuple[str, str]]:
    for word in line.split():
        name, sign, value = word.partition("=")
        if sign:
            yield name, value


def _names(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split(",")))


def _decimal(text: str) -> str:
    """Return "1.000000" as "1", so that versions that print more digits say the same."""
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation as wrong:
        raise not_understood(text) from wrong


def not_understood(line: str) -> Unavailable:
    """Return the error for an answer that does not fit: nothing is changed then."""
    return Unavailable(
        "allocations.cluster.not_understood",
        message(
            gettext_noop(
                "The cluster answered what cannot be read: “{line}”. Nothing was changed there. Look at it with "
                "sacctmgr, and report the line with the cluster's version."
            ),
            line=line[:200],
        ),
    )
