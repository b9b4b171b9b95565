"""`lionrock doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from lionrock.kernel.errors import Unavailable
from lionrock.operations.health import examine, is_ready
from lionrock.operations.runs import rows_known
from lionrock.terminal.output import Table, json_option, show


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look at everything that Lionrock needs, and say what is wrong and what to do.

    It changes and starts nothing. It ends with 7 when pages cannot be answered.

    Example: lionrock doctor
    """
    checks = examine(rows_known(), datetime.now(UTC))
    rows = [{"what": each.name, "state": str(each.state), "said": str(each.said)} for each in checks]
    table = Table(["what", "state", "said"], [list(row.values()) for row in rows])
    show(rows, table, as_json=as_json)
    ctx.exit(0 if is_ready(checks) else Unavailable.exit_code)
