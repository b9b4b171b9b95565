"""Who the private server runs as: ourselves, or an account of its own when we are root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lionrock.database import failures

NAME = "lionrock"
"""The system account that is made when root starts the first server on a machine."""

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""Of PostgreSQL's programs: no PG… variable of the user may lead them astray, and they speak English."""

HERE = "/proc/self/cwd"
"""A name for the working folder that opens even where its parents (root's home) let nobody through."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system; `switch` says that we are root and must become this user."""

    uid: int
    gid: int
    switch: bool

    def spawn(self, folder: Path, **more: Any) -> dict[str, Any]:
        """Return the arguments of `subprocess` that run a program as this user in this folder."""
        identity: dict[str, Any] = {}
        if self.switch:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return {"cwd": folder, "env": ENVIRONMENT, "umask": 0o077, "stdin": subprocess.DEVNULL, **identity, **more}

    def address(self, folder: Path) -> str:
        """Return the name under which this user reaches its working folder."""
        return HERE if self.switch else str(folder)

    def give(self, folder: Path) -> None:
        """Make a folder and all in it this user's, as after a copy by root; no link is followed."""
        if not self.switch:
            return
        for parent, folders, files in os.walk(folder):
            for name in [*folders, *files]:
                os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)
        os.chown(folder, self.uid, self.gid)


def account_for(data: Path) -> Account:
    """Return who runs the server of this data folder.

    An ordinary user runs it as itself. Root runs it as the owner of the data, whoever that is, so
    that the answer stays the same over runs; the first time as the system account `lionrock`.
    Raises Unavailable when that account is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid, switch=True)
    entry = _entry() or _made()
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if program is None:
        raise failures.no_account(NAME, "there is no program useradd")
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command = [program, *options, "--shell", "/usr/sbin/nologin", "--comment", "Lionrock's database", NAME]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    # Another process may have made it at the same moment: what counts is that it is there.
    entry = _entry()
    if entry is None:
        raise failures.no_account(NAME, " ".join(result.stderr.split()))
    return entry
