"""How an error of the product ends a command: its sentence, its faults, its exit code."""

from __future__ import annotations

from typing import Any

import click

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.findings import Finding


class Group(click.Group):
    """A command group under which `LionrockError` becomes a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print the error and leave with its exit code when it raises one."""
        try:
            return super().invoke(ctx)
        except LionrockError as error:
            click.echo(describe(error), err=True)
            ctx.exit(error.exit_code)


def describe(error: LionrockError) -> str:
    """Return the error for people: each fault on its line, then findings, then the code."""
    lines = [str(fault) for fault in error.faults]
    if str(error.message) not in {str(fault.message) for fault in error.faults}:
        lines.append(str(error.message))
    lines += [_finding(finding) for finding in error.findings]
    lines.append(f"({error.code})")
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    remedy = f" {finding.remedy}" if finding.remedy else ""
    return f"- [{finding.outcome}] {finding.message}{remedy}"
