"""Compiles the kernel into a shared library, once for each state of its source; no Python headers are needed.

The library lies beside the source like any compiled Python file, in `__pycache__`, or in the user's
cache where that cannot be written. Its name holds a digest of the source and of how it is compiled,
so that a changed source can never meet an old library.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message

_HERE: Final = Path(__file__).parent
SOURCES: Final = tuple(sorted(_HERE.glob("*.c")))
HEADERS: Final = tuple(sorted(_HERE.glob("*.h")))
COMPILER: Final = "cc"
OPTIONS: Final = ("-std=c11", "-O3", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC")


def library() -> Path:
    """Return the compiled library, compiling it now if there is none of this source.

    Raises `Unavailable` if there is no compiler or it fails.
    """
    name = f"planning.{_digest()}.so"
    folders = _folders()
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    return _compiled(_writable(folders) / name)


def _digest() -> str:
    made_of = hashlib.sha256(" ".join((platform.machine(), COMPILER, *OPTIONS)).encode())
    for source in (*HEADERS, *SOURCES):
        made_of.update(source.read_bytes())
    return made_of.hexdigest()[:16]


def _folders() -> tuple[Path, Path]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return _HERE / "__pycache__", cache / "lionrock"


def _writable(folders: tuple[Path, ...]) -> Path:
    for folder in folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    said = message(
        gettext_noop("The planner's kernel cannot be stored: nobody may write {folders}. Use --engine reference."),
        folders=", ".join(map(str, folders)),
    )
    raise Unavailable("planning.kernel.folder", said)


def _compiled(library: Path) -> Path:
    # Into a file of its own and then renamed: two processes may do this at once.
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        made = Path(folder) / library.name
        _compile(made)
        made.replace(library)
    return library


def _compile(into: Path) -> None:
    try:
        done = subprocess.run(
            [COMPILER, *OPTIONS, "-o", str(into), *map(str, SOURCES)], capture_output=True, text=True, check=False
        )
    except OSError as wrong:
        said = message(
            gettext_noop(
                "The planner's kernel needs a C compiler and none was found as “{compiler}”. Install gcc and "
                "libc6-dev, or use --engine reference, which is slower and gives the same schedules."
            ),
            compiler=COMPILER,
        )
        raise Unavailable("planning.kernel.no_compiler", said) from wrong
    if done.returncode:
        said = message(
            gettext_noop(
                "The planner's kernel could not be compiled: {reason}. Install gcc and libc6-dev, or use --engine "
                "reference, which is slower and gives the same schedules."
            ),
            reason=done.stderr.strip().splitlines()[0] if done.stderr.strip() else f"{COMPILER} {done.returncode}",
        )
        raise Unavailable("planning.kernel.not_compiled", said)
