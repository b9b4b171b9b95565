"""`programmes.yaml`: which programmes ask the gate, from which day, by which profiles besides the core."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from lionrock.assurance.domain.rules import CORE, Choice
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.sources import Sources, cited
from lionrock.rules.yamltree import Node, read_tree

REMIND_DAYS: Final = 14
"""How long before its day one is reminded of a condition, where a programme does not say otherwise."""


def read_choices(path: Path, profiles: Collection[str], sources: Sources, log: FaultLog) -> tuple[Choice, ...]:
    """Read the choices of all programmes; none without the file."""
    tree = read_tree(path, log) if path.is_file() else None
    nodes = () if tree is None else shape.listed(tree, path.name, log)
    return tuple(choice for node in nodes for choice in [_choice(node, profiles, sources, log)] if choice)


def _choice(node: Node, profiles: Collection[str], sources: Sources, log: FaultLog) -> Choice | None:
    held = shape.mapped(node, "choice", log)
    if held is None or not shape.check_keys(
        held, "choice", log, required="programme from profiles source", optional="remind_days"
    ):
        return None
    programme, since = (
        shape.text(held.entries["programme"], "programme", log),
        shape.day(held.entries["from"], "from", log),
    )
    citation = cited(held, "choice", sources, log)
    days = shape.whole(held.entries["remind_days"], "remind_days", log) if "remind_days" in held.entries else None
    chosen = [
        (shape.text(entry, "profiles", log), entry.place)
        for entry in shape.listed(held.entries["profiles"], "profiles", log)
    ]
    for profile, place in chosen:
        if profile is not None and profile not in profiles:
            log.add(
                "assurance.file.profile",
                gettext_noop("“{value}” is no profile. Those on file: {known}."),
                place,
                named="profiles",
                value=profile,
                known=", ".join(profiles),
            )
    if programme is None or since is None or citation is None:
        return None
    further = tuple(profile for profile, _ in chosen if profile and profile != CORE)
    return Choice(programme, since, further, REMIND_DAYS if days is None else days, citation)
