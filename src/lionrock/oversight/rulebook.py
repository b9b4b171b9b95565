"""Reading `retention/` of the rulebook: how long what is kept, by programme and kind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from django.conf import settings

from lionrock.kernel.messages import gettext_noop
from lionrock.oversight.domain import ErasedBy, KeptKind, Period
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.keeping import Kept
from lionrock.rules.rulebook import SOURCES, refusal
from lionrock.rules.sources import Sources, cited, load_sources
from lionrock.rules.yamltree import Node, Scalar, read_yaml

FOLDER: Final = "retention"
FILE: Final = "periods.yaml"
Periods = Mapping[tuple[str, KeptKind], Period]
Word = TypeVar("Word", bound=StrEnum)


def load_periods(rulebook: Path) -> Periods:
    """Return the periods of all programmes, none without a file; raises `Invalid` with every fault of it."""
    if not (rulebook / FOLDER / FILE).is_file():
        return {}
    log = FaultLog()
    sources = load_sources(rulebook / SOURCES, log)
    tree = read_yaml(rulebook / FOLDER / FILE, log)
    if tree is None or not shape.check_keys(tree, FILE, log, required="periods"):
        raise refusal(rulebook / FOLDER, tuple(log))
    nodes = shape.listed(tree.entries["periods"], "periods", log)
    found = [each for node in nodes if (each := _period(node, sources, log))]
    if log:
        raise refusal(rulebook / FOLDER, tuple(log))
    return {(each.programme, each.kind): each for each in found}


def _period(node: Node, sources: Sources, log: FaultLog) -> Period | None:
    held = shape.mapped(node, "period", log)
    if held is None or not shape.check_keys(held, "period", log, required="programme kind years by source"):
        return None
    programme = shape.text(held.entries["programme"], "period.programme", log)
    kind = _word(held.entries["kind"], "period.kind", KeptKind, log)
    by = _word(held.entries["by"], "period.by", ErasedBy, log)
    written = held.entries["years"]
    is_unsaid = isinstance(written, Scalar) and written.is_null
    years = None if is_unsaid else shape.whole(written, "period.years", log)
    citation = cited(held, "period", sources, log)
    if programme is None or kind is None or by is None or citation is None:
        return None
    return Period(programme, kind, years, by, citation)


def _word(node: Node, field: str, words: type[Word], log: FaultLog) -> Word | None:
    text = shape.text(node, field, log)
    if text is None or text in set(words):
        return words(text) if text else None
    template = gettext_noop("“{value}” in {field} is none of {known}.")
    log.add("oversight.retention.word", template, node.place, named=field, value=text, known=", ".join(words))
    return None


_PERIODS: Final = Kept(load_periods)


def periods_now() -> Periods:
    """Return the periods of this installation; raises `Invalid`."""
    return _PERIODS.of(Path(settings.LIONROCK_RULEBOOK))
