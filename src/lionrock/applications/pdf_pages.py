"""Counts the pages of a PDF in a process of its own, which may take so much time and memory and no more.

Called as `python -m lionrock.applications.pdf_pages FILE`; prints a number, "password", or nothing for a
file that no reader opens. A hostile file ends this process and nothing else.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Final

MEMORY_BYTES: Final = 1 << 30
CPU_SECONDS: Final = 15


def main(path: Path) -> str:
    """Return what is printed; every limit is set before the file is touched."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from pypdf import PdfReader  # noqa: PLC0415 - within the limits

    with path.open("rb") as file:
        reader = PdfReader(file, strict=False)
        return "password" if reader.is_encrypted else str(len(reader.pages))


if __name__ == "__main__":
    try:
        sys.stdout.write(main(Path(sys.argv[1])))
    except Exception as unreadable:  # whatever a hostile file makes of its reader is one answer
        sys.stderr.write(f"{type(unreadable).__name__}: {unreadable}"[:500])
        sys.exit(1)
