"""Files that a command is given by name."""

from __future__ import annotations

from pathlib import Path

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message


def content_of(file: Path) -> bytes:
    """Return what is in a file; raises `Invalid` for one that cannot be read."""
    try:
        return file.read_bytes()
    except OSError as wrong:
        template = gettext_noop("The file {value} cannot be read: {problem}. Name one that is there.")
        said = message(template, value=str(file), problem=wrong.strerror or str(wrong))
        fault = Fault("terminal.file.unreadable", said, file.name, field="file", value=str(file))
        raise Invalid("terminal.file.unreadable", said, faults=[fault]) from wrong
