"""Where the private server keeps its things, all under `<home>/postgres`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
PORT = 5432
LONGEST_SOCKET_PATH = 107
"""Bytes that fit in the kernel's address of a Unix socket (108 with the closing zero, see unix(7))."""

SHORT_FOLDER = Path("/tmp")  # noqa: S108  fixed on purpose: with TMPDIR two processes could disagree


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder of the private server; build it with `Layout.of`, so that one home has one name."""

    folder: Path

    @classmethod
    def of(cls, home: Path) -> Layout:
        """Return the layout of a home; symbolic links and relative paths are resolved."""
        return cls(home.resolve() / "postgres")

    @property
    def data(self) -> Path:
        """The cluster itself; belongs to the account that the server runs as."""
        return self.folder / "data"

    @property
    def unfinished(self) -> Path:
        """Where a cluster is made before it is whole; whatever lies there may be thrown away."""
        return self.folder / "data.unfinished"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def turn(self) -> Path:
        """Locked by whoever starts or stops the server, so that this happens one at a time."""
        return self.folder / "turn.lock"

    @property
    def users(self) -> Path:
        """Share-locked by every process that uses the server."""
        return self.folder / "users.lock"

    @property
    def alive(self) -> Path:
        """Locked by the server's own processes: free exactly when the last of them is gone."""
        return self.folder / "alive.lock"

    @property
    def kept(self) -> Path:
        """Exists while the server shall stay up without users (`lionrock database start`)."""
        return self.folder / "kept"

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: in the data folder, or under /tmp when that path is too long."""
        if len(bytes(self.data / SOCKET)) <= LONGEST_SOCKET_PATH:
            return self.data
        return SHORT_FOLDER / f"lionrock-{hashlib.sha256(bytes(self.folder)).hexdigest()[:24]}"
