"""Commands about the chain: verify it, seal what waits, hand its head to somebody outside."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from lionrock.audit.anchors import make_anchor, read_anchor
from lionrock.audit.models import Seal
from lionrock.audit.sealing import seal_due
from lionrock.audit.verifying import Verification
from lionrock.audit.verifying import verify as verify_chain
from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import gettext_noop, message
from lionrock.terminal.clock import at_option
from lionrock.terminal.files import content_of
from lionrock.terminal.output import json_option, show
from lionrock.terminal.progress import Progress


@click.group()
def audit() -> None:
    """The audit trail: list, show, export, verify, anchor."""


@audit.command("verify")
@click.option("--anchor", type=click.Path(dir_okay=False, path_type=Path), help="A file that `audit anchor` wrote.")
@click.option("--since", type=click.IntRange(0), default=0, metavar="SEAL", help="Go on from where a block ended.")
@at_option
@json_option
def verify(anchor: Path | None, since: int, now: datetime, as_json: bool) -> None:
    """Seal what waits, then verify the chain of audit and books; name every fault and end with 70 when there is one.

    Example: lionrock audit verify --anchor anchor.json
    """
    head = read_anchor(content_of(anchor).decode(errors="replace")) if anchor else None
    seal_due(now)
    total = Seal.objects.filter(number__gt=since).count()
    found = verify_chain(since=since, anchor=head, progress=Progress("audit verify", "seals", total))
    show(_data(found), _said(found), as_json=as_json)
    if found.faults:
        template = gettext_noop(
            "The audit trail or the books were tampered with in {count} places. Keep the database as it is, and "
            "compare with the last backup and the anchors that others hold."
        )
        raise Broken("audit.verify.failed", message(template, count=len(found.faults)), faults=found.faults)


def _data(found: Verification) -> dict[str, object]:
    return {
        "first": found.first + 1,
        "last": found.last,
        "chain": found.chain.hex(),
        "waiting": found.waiting,
        "faults": [{"code": each.code, "says": str(each), "what": each.value} for each in found.faults],
    }


def _said(found: Verification) -> str:
    return (
        f"Seals {found.first + 1:,} to {found.last:,} verified, {found.waiting:,} rows wait for theirs, "
        f"{len(found.faults):,} faults. The chain stands at {found.chain.hex()}."
    )


@audit.command("anchor")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, writable=True, path_type=Path),
    default="-",
    help="Write here (default, and -: standard output).",
)
@at_option
def anchor(output: Path, now: datetime) -> None:
    """Write where the chain stands, signed, for somebody outside to keep.

    Whoever holds an anchor can show that nothing before it was changed or cut off since.

    Example: lionrock audit anchor --output anchor-2026-11.json
    """
    with click.open_file(str(output), "w", encoding="utf-8") as file:
        file.write(json.dumps(make_anchor(now).data(), indent=1) + "\n")


@audit.command("seal")
@at_option
def seal(now: datetime) -> None:
    """Seal what waits for its seal; `lionrock due` does the same.

    Example: lionrock audit seal
    """
    click.echo(f"{seal_due(now):,} rows are sealed.")
