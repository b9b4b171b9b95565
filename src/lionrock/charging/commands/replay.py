"""`lionrock charge replay`: case files told through the real rating; needs no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from lionrock.charging.replay.columnar import ColumnarTelling
from lionrock.charging.replay.story import Story, read_stories
from lionrock.charging.replay.telling import Telling
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.terminal.output import Table, json_option, show

_WAYS: Final[dict[str, type[Telling]]] = {"readable": Telling, "columnar": ColumnarTelling}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--path",
    "way",
    type=click.Choice(list(_WAYS)),
    default="readable",
    show_default=True,
    help="Which of the two independent ways of rating tells the cases.",
)
@json_option
@click.pass_context
def replay(ctx: click.Context, file: Path, way: str, as_json: bool) -> None:
    """Tell the billing cases of a file and print each one's answer.

    Without --json the answers are compared with those in the file: exit code 1 when one differs.
    Faulty cases are named with file and line, the others are told all the same: exit code 2.

    Example: lionrock charge replay cases.yaml --json
    """
    stories, faults = read_stories(file)
    told = [(story, plain(_WAYS[way](story).tell())) for story in stories]
    answers = [{"id": story.id, "expect": answer} for story, answer in told]
    rows = [[story.id, _verdict(story, answer), story.title] for story, answer in told]
    show(answers, Table(["case", "answer", "title"], rows), as_json=as_json)
    if faults:
        said = message(gettext_noop("{count} faults; their cases were not told."), count=len(faults))
        raise Invalid("charging.replay.faults", said, faults=faults)
    if not as_json and any(row[1].startswith("differs") for row in rows):
        ctx.exit(1)


def plain(answer: object) -> Any:
    """Return an answer as JSON would read it back."""
    return json.loads(json.dumps(answer))


def _verdict(story: Story, answer: Any) -> str:
    if story.expect is None:
        return "no answer given"
    where = difference(plain(story.expect), answer)
    return f"differs at {where}" if where else "as expected"


def difference(expected: Any, found: Any, where: str = "") -> str | None:
    """Return the path of the first place where two answers differ, or None."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *(key for key in found if key not in expected)]:
            if key not in expected or key not in found:
                return f"{where}.{key}".lstrip(".")
            below = difference(expected[key], found[key], f"{where}.{key}")
            if below:
                return below
        return None
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return next((below for index, pair in pairs if (below := difference(*pair, f"{where}[{index}]"))), None)
    return None if expected == found else where.lstrip(".") or "the top"
