"""Which columns of the accounting are asked for, and where they stand in the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from lionrock.kernel.errors import Fault, Refused
from lionrock.kernel.messages import gettext_noop, message

DELIMITER: Final = "\x1f"
"""Stands between the fields: sacct escapes nothing, and no name can hold what cannot be typed."""

NEEDED: Final = (
    "JobID",
    "JobIDRaw",
    "DBIndex",
    "Cluster",
    "Account",
    "User",
    "Partition",
    "QOS",
    "State",
    "Submit",
    "Eligible",
    "Start",
    "End",
    "ElapsedRaw",
    "AllocTRES",
    "NNodes",
)
"""What identifies a run and says what it used. No free text: no name of a job, no comment, no command."""


def check_columns(known: Iterable[str], cluster: str) -> None:
    """Check that this version of sacct knows every column; raises `Refused` naming those that it does not.

    A column that is not there is not zero: without the elapsed time or the devices nothing is counted.
    """
    missing = [name for name in NEEDED if name not in set(known)]
    if missing:
        raise _columns(missing, cluster)


def places(header: str, cluster: str) -> dict[str, int]:
    """Return where each needed column stands; raises `Refused` when the header is not what was asked for."""
    names: Sequence[str] = header.split(DELIMITER)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise _columns(missing, cluster)
    return {name: names.index(name) for name in NEEDED}


def _columns(missing: Sequence[str], cluster: str) -> Refused:
    said = message(
        gettext_noop(
            "The accounting of the cluster {cluster} has no column {missing}, so what ran there is not known, which is "
            "not nothing. Nothing is counted until it has: see `sacct --helpformat` there."
        ),
        cluster=cluster,
        missing=", ".join(missing),
    )
    code = "metering.sacct.columns"
    return Refused(code, said, faults=[Fault(code, said, field="columns", value=", ".join(missing))])


def check_tracked(devices: Iterable[str], tracked: Iterable[str], cluster: str) -> None:
    """Check that the cluster accounts for every device that is sold; raises `Refused` naming those it does not."""
    missing = sorted(set(devices) - set(tracked))
    if not missing:
        return
    said = message(
        gettext_noop(
            "The cluster {cluster} does not account for {missing}, so its use would look like none. Add it to "
            "AccountingStorageTRES there; nothing is counted until then."
        ),
        cluster=cluster,
        missing=", ".join(missing),
    )
    code = "metering.sacct.untracked"
    raise Refused(code, said, faults=[Fault(code, said, field="device", value=", ".join(missing))])
