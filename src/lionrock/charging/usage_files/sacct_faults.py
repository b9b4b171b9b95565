"""Why a sacct file is refused as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from lionrock.charging.usage_files.hold import invalid_file
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message


def wrong_columns(file: str, missing: Sequence[str], twice: Sequence[str], found: Sequence[str]) -> Invalid:
    """Name the columns that are missing or there twice, and those found."""
    said = message(
        gettext_noop(
            "{file} cannot be read as sacct output. Columns missing: {missing}; there twice: {twice}; found: {found}. "
            "Ask sacct for at least JobID, Account, State, Start, End, AllocTRES and ElapsedRaw."
        ),
        file=file,
        missing=", ".join(missing) or "-",
        twice=", ".join(twice) or "-",
        found=", ".join(found),
    )
    return invalid_file("columns", said, file=file, line=1, field=", ".join([*missing, *twice]), value=", ".join(found))


def needs_zone(file: str, field: str, value: str) -> Invalid:
    """Say that local times need their zone: sacct writes those of the machine it ran on."""
    said = message(
        gettext_noop(
            "{file} has local times without offset ({field} “{value}”). Say the zone of the machine on which sacct "
            "ran, or write the file with SLURM_TIME_FORMAT=%s."
        ),
        file=file,
        field=field,
        value=value,
    )
    return invalid_file("zone", said, file=file, field=field, value=value)


def not_tracked(file: str, words: Sequence[str], tres: str) -> Invalid:
    """Say that the cluster does not account for GPUs, or calls them otherwise: unknown is not zero."""
    said = message(
        gettext_noop(
            "{file} never has {words} in AllocTRES (it has “{value}”), so the use of GPUs is not known, which is not "
            "none. Add gres/gpu to AccountingStorageTRES on the cluster, or name the right TRES; if the cluster does "
            "account for them and no job used any, say that GPUs are tracked."
        ),
        file=file,
        words=", ".join(words),
        value=tres,
    )
    return invalid_file("tres_absent", said, file=file, field="AllocTRES", value=tres)


def no_items(file: str) -> Invalid:
    """Say that nothing in the file has a price item."""
    said = message(
        gettext_noop(
            "No TRES of {file} was given a price item, so nothing could be charged. Name at least one, such as "
            "gres/gpu:h800 and its item."
        ),
        file=file,
    )
    return invalid_file("items", said, file=file, field="items")
