"""`lionrock demo`: a whole programme, from an empty database to a page and a statement."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lionrock.demo.portal import stop_portal
from lionrock.terminal.output import to_json

if TYPE_CHECKING:
    from lionrock.demo.checks import Answer
    from lionrock.demo.telling import Told


UNASKED = "  – bean-check is not installed, so no outside auditor was asked"


@click.command()
@click.option("--check", "checking", is_flag=True, help="Then ask the finished books what must be true; exit 1 if not.")
@click.option("--trace", type=click.Path(path_type=Path, dir_okay=False), help="A real trace instead of generated use.")
@click.option("--stop", is_flag=True, help="Stop the portal that an earlier demonstration left running.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_context
def demo(ctx: click.Context, checking: bool, trace: Path | None, stop: bool, as_json: bool) -> None:
    """Build a programme from an empty database, close a month, and say where to look at it.

    Builds anew each time it is called. With --check the portal is stopped at the end.

    Example: lionrock demo --trace philly-2017.parquet
    """
    home: Path = ctx.obj.home
    stopped = stop_portal(home)
    if stop:
        click.echo("The portal is stopped." if stopped else "No portal was running.")
        return
    # The rooms are imported when Django is set up, which cli.connect has done by now.
    from lionrock.demo.checks import BEAN_CHECK, check  # noqa: PLC0415
    from lionrock.demo.telling import tell  # noqa: PLC0415

    told = tell(home, datetime.now(UTC), trace=trace, say=lambda text: click.echo(text, err=as_json))
    answers = check(told.built) if checking else []
    if checking:
        stop_portal(home)
    click.echo(
        to_json(_data(told, answers)) if as_json else _text(told, answers, checking, auditor=BEAN_CHECK.exists())
    )
    if any(answer.problem for answer in answers):
        ctx.exit(1)


def _data(told: Told, answers: list[Answer]) -> dict[str, object]:
    built = told.built
    return {
        "portal": built.portal,
        "email": built.sign_in.email,
        "password": built.sign_in.password,
        "statement": str(built.papers[0]),
        "statements": [str(paper) for paper in built.papers],
        "books": str(built.books),
        "month": str(built.stage.month),
        "import": told.tally,
        "checks": [{"question": answer.question, "problem": answer.problem} for answer in answers],
    }


def _text(told: Told, answers: list[Answer], checking: bool, *, auditor: bool) -> str:
    built = told.built
    lines = [
        f"  {'✗' if one.problem else '✓'} {one.question}{': ' + one.problem if one.problem else ''}" for one in answers
    ]
    if checking:
        return "\n".join(["", "Checked:", *lines, *([] if auditor else [UNASKED])])
    return "\n".join(
        [
            "",
            f"  Portal      {built.portal}",
            f"  Sign in as  {built.sign_in.email}",
            f"  Password    {built.sign_in.password}",
            f"  Statement   {built.papers[0]}",
            "",
            "  Stop the portal with: .venv/bin/lionrock demo --stop",
        ]
    )
