"""Two hundred kills at random moments of a portal at work: `python -m bench.kills`.

Applications are drafted, offers decided, use handed in, months closed and webhooks sent, all at once, while the
portal, one of its processes, the database, a close, what is due, or everything is killed with SIGKILL.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click
from tests.api.receiver import receiving
from tests.integration.disturbed import Disturbed, PortalHome

from lionrock.terminal.output import Table

HEADINGS = ["killed at random moments", "count"]


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--seed", default=9, show_default=True)
def bench(kills: int, seed: int) -> None:
    """Kill whatever runs, again and again; everything acknowledged has to be there, once."""
    with tempfile.TemporaryDirectory(prefix="lionrock-bench-") as folder, receiving() as receiver:
        disturbed = Disturbed(PortalHome(Path(folder) / "home"), receiver, seed)
        try:
            began = time.perf_counter()
            disturbed.fill(kills)
            click.echo(f"A programme put on file in {time.perf_counter() - began:.0f} s.")
            disturbed.disturb(kills)
            faults = disturbed.faults()
        finally:
            disturbed.gone()
    rows = [[f"killed: {what}", f"{count:,}"] for what, count in sorted(disturbed.kills.items())]
    rows += [
        ["acknowledged applications", f"{len(disturbed.written):,}"],
        ["acknowledged decisions", f"{len(disturbed.decided):,}"],
        ["acknowledged files of use", f"{len(disturbed.files):,}"],
        ["acknowledged closes", f"{len(disturbed.closed):,}"],
        ["messages that the receiver got", f"{len(receiver.got):,}"],
    ]
    click.echo(Table(HEADINGS, rows, right=frozenset(HEADINGS[1:])).render() + "\n")
    if faults:
        raise click.ClickException("\n".join(["Lost, twice, or untrue:", *faults[:40]]))
    click.echo("Everything acknowledged is there, once; the books balance and the audit verifies.")


if __name__ == "__main__":
    bench()
