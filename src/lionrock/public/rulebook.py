"""Reading `register/` of the rulebook: the grounds on which something is kept out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.conf import settings

from lionrock.public.domain.register import Ground
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.keeping import Kept
from lionrock.rules.rulebook import SOURCES, refusal
from lionrock.rules.sources import Sources, cited, load_sources
from lionrock.rules.yamltree import Node, read_tree

FOLDER: Final = "register"
FILE: Final = "grounds.yaml"


def load_grounds(rulebook: Path) -> Mapping[str, Ground]:
    """Return the grounds by id; raises `Invalid` with every fault of the file."""
    log = FaultLog()
    sources = load_sources(rulebook / SOURCES, log)
    tree = read_tree(rulebook / FOLDER / FILE, log)
    nodes = () if tree is None else shape.listed(tree, FILE, log)
    found = [each for node in nodes if (each := _ground(node, sources, log))]
    if log:
        raise refusal(rulebook / FOLDER, tuple(log))
    return {each.id: each for each in found}


def _ground(node: Node, sources: Sources, log: FaultLog) -> Ground | None:
    held = shape.mapped(node, "ground", log)
    if held is None or not shape.check_keys(held, "ground", log, required="id names source"):
        return None
    name = shape.text(held.entries["id"], "ground.id", log)
    names, citation = shape.names(held.entries["names"], f"{name}.names", log), cited(held, f"{name}", sources, log)
    return None if name is None or names is None or citation is None else Ground(name, names, citation)


_GROUNDS: Final = Kept(load_grounds)


def grounds_now() -> Mapping[str, Ground]:
    """Return the grounds of this installation; raises `Invalid`."""
    return _GROUNDS.of(Path(settings.LIONROCK_RULEBOOK))
