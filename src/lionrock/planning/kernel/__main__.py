"""`python -m lionrock.planning.kernel` compiles the kernel if need be; the set-up calls it."""

from __future__ import annotations

import sys

from lionrock.kernel.errors import Unavailable
from lionrock.planning.kernel.compiling import library

if __name__ == "__main__":
    try:
        library()
    except Unavailable as wrong:
        sys.exit(str(wrong))
