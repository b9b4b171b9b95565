"""The load of a scenario: a model that was fitted and written down, or a trace beside the scenario's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from lionrock.kernel.messages import gettext_noop
from lionrock.planning.domain.jobs import Label, Unit
from lionrock.planning.generating import users_of
from lionrock.planning.scenarios.entries import Context, Entries
from lionrock.planning.scenarios.loads import HOURS, LoadModel, Shape, fit
from lionrock.planning.traces.reading import read_trace
from lionrock.rules import shape
from lionrock.rules.yamltree import Node, read_yaml

FOLDER: Final = "loads"


def load_of(part: Entries) -> LoadModel | None:
    """Return the load that a part names: the name of a model in `loads`, or the path of a trace."""
    name = part.text("model")
    beside = part.context.path.parent
    written = beside / FOLDER / f"{name}.yaml"
    if written.is_file():
        part.context.read.append(written)
        return _model(written, name, part.context)
    traced = beside / name
    if not traced.is_file():
        said = gettext_noop("“{value}” is neither a model in the folder loads nor a trace beside the scenario.")
        part.wrong("model", said, name)
        return None
    part.context.read.append(traced)
    return part.log.attempt(part.node("model").place, lambda: of_trace(traced, name))


def of_trace(path: Path, name: str) -> LoadModel:
    """Return the load of a trace: its users' weeks, drawn again and again. Raises what reading it raises."""
    trace = read_trace(path, Unit.GPUS, label=Label.USER)
    model = fit(trace)
    return LoadModel(name, model.weekly, model.hours, model.shapes, trace, users_of(trace))


def _model(path: Path, name: str, context: Context) -> LoadModel | None:
    tree = read_yaml(path, context.log)
    top = None if tree is None else Entries(tree, "", replace(context, path=path, read=[]))
    if top is None or not top.keys("weekly hours shapes source", "note"):
        return None
    top.citation()
    weekly, hours = tuple(_wholes(top, "weekly")), tuple(_wholes(top, "hours"))
    shapes = tuple(_shapes(top))
    if not any(weekly) or not sum(hours) or len(hours) != HOURS or not shapes:
        top.wrong("hours", gettext_noop("A load needs jobs in its weeks, 168 hours of a week, and shapes."), len(hours))
        return None
    return LoadModel(name, weekly, hours, shapes)


def _shapes(top: Entries) -> Iterator[Shape]:
    for each in top.parts("shapes", "size weight lengths"):
        lengths = tuple(_wholes(each, "lengths"))
        if not lengths or min(lengths) < 1:
            each.wrong("lengths", gettext_noop("{field} are seconds above zero, at least one."), "")
        else:
            yield Shape(each.whole("size", 1, least=1), each.whole("weight", 1, least=1), lengths)


def _wholes(part: Entries, key: str) -> Iterator[int]:
    nodes: tuple[Node, ...] = shape.listed(part.node(key), part.named(key), part.log)
    found = (shape.whole(node, part.named(key), part.log) for node in nodes)
    return (each for each in found if each is not None)


def written(model: LoadModel, source: str) -> Iterator[str]:
    """Yield the lines of a file that `load_of` reads as this model."""
    yield f"source: {source}"
    yield f"weekly: {list(model.weekly)}"
    yield f"hours: {list(model.hours)}"
    yield "shapes:"
    for each in model.shapes:
        yield f"  - {{size: {each.size}, weight: {each.weight}, lengths: {list(each.lengths)}}}"
