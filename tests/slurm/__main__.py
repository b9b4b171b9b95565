"""A test cluster by hand: `python -m tests.slurm up|down|stop|kill FOLDER [DAEMON…]`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tests.slurm.cluster import Cluster, end
from tests.slurm.daemons import Daemons


def main(verb: str, folder: Path, *names: str) -> None:
    """Do what is said; `up` stays until interrupted, and then everything is stopped and removed."""
    if verb == "up":
        made = Cluster.make(folder)
        print(f"export SLURM_CONF={made.layout.slurm_conf} SLURMRESTD_URL={made.rest}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            made.purge()
    elif verb in {"down", "guard"}:
        if verb == "guard":
            sys.stdin.buffer.read()
        end(folder)
    elif verb in {"stop", "kill"}:
        for name in names:
            Daemons(folder).stop(name, signal.SIGKILL if verb == "kill" else signal.SIGTERM)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
