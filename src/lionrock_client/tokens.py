"""The token of a client: read from a file that nobody else can read, and shown by nothing."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lionrock_client.problems import Invalid

_LOOKS: Final = re.compile(r"lionrock_[ps]_[A-Za-z0-9]{40}")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LONGEST: Final = 4096


@dataclass(frozen=True, slots=True)
class Token:
    """What a program signs in with; printing it shows nothing of it."""

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _LOOKS.fullmatch(self.secret):
            raise Invalid.made(
                "client.token.unreadable",
                "This is no token of Lionrock: those begin with lionrock_p_ or lionrock_s_. Make one in your account.",
            )


def token_in(file: str | Path) -> Token:
    """Return the token that a file holds.

    Raises `Invalid` for a file that cannot be read, that others can read, or that holds no token.
    """
    path = Path(file)
    try:
        with path.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.read(_LONGEST)
    except OSError as wrong:
        said = f"The token file {path} cannot be read: {wrong.strerror}. Name one that is there."
        raise Invalid.made("client.token.file", said) from None
    if os.name == "posix" and mode & _OTHERS:
        raise Invalid.made(
            "client.token.open_to_others",
            f"The token file {path} is open to other people of this machine. Close it with chmod 600 {path}; "
            "if they may have read it, revoke that token and make a new one.",
        )
    return Token(content.decode("ascii", errors="replace").strip())
