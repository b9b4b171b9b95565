"""The six kinds of entry in a profile's file; what is wrong with one goes into the log."""

from __future__ import annotations

from lionrock.assurance.domain.rules import (
    TIER,
    Binding,
    Contradiction,
    Item,
    Oversight,
    Question,
    Test,
    Tier,
    Trigger,
)
from lionrock.assurance.domain.states import Expertise
from lionrock.assurance.reading.parts import Context
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.yamltree import Mapped, Node, Scalar

_DATED = "from until"


def question(held: Mapped, context: Context) -> Question | None:
    """Read a question. It may ask only about those above it, and from then on others may ask about it."""
    log = context.log
    if not shape.check_keys(
        held, "question", log, required="id names many options answers_to", optional=f"when {_DATED}"
    ):
        return None
    common = context.common(held, "question")
    if common is None:
        return None
    name = common["id"]
    options = context.options(held.entries["options"], name)
    when = context.when(held, "when", name)
    many = bool(shape.flag(held.entries["many"], f"{name}.many", log))
    context.known[name] = context.known.get(name, frozenset()) | {option.id for option in options}
    if any(test.question in {TIER, *context.by_tier} for group in when for test in group):
        context.by_tier.add(name)
    return Question(**common, names=context.names(held, "names", name), options=options, many=many, when=when)


def tier(held: Mapped, context: Context) -> Tier | None:
    """Read a tier."""
    if not shape.check_keys(held, "tier", context.log, required="id rank names asks answers_to", optional=_DATED):
        return None
    common = context.common(held, "tier")
    if common is None:
        return None
    name = common["id"]
    rank = shape.whole(held.entries["rank"], f"{name}.rank", context.log)
    names, asks = context.names(held, "names", name), context.names(held, "asks", name)
    return None if rank is None else Tier(**common, rank=rank, names=names, asks=asks)


def trigger(held: Mapped, context: Context) -> Trigger | None:
    """Read a trigger. It may not rest on the tier, nor on a question that is asked by tier: that would be a circle."""
    if not shape.check_keys(held, "trigger", context.log, required="id tier names when answers_to", optional=_DATED):
        return None
    common = context.common(held, "trigger")
    if common is None:
        return None
    name = common["id"]
    into = _word(held.entries["tier"], f"{name}.tier", frozenset(context.known.get(TIER, ())), context)
    when = context.when(held, "when", name)
    _check_no_circle(when_tests=tuple(test for group in when for test in group), held=held, context=context)
    return None if into is None else Trigger(**common, tier=into, names=context.names(held, "names", name), when=when)


def _check_no_circle(*, when_tests: tuple[Test, ...], held: Mapped, context: Context) -> None:
    for test in when_tests:
        if test.question == TIER or test.question in context.by_tier:
            context.log.add(
                "assurance.file.circle",
                gettext_noop("“{value}” depends on the tier, and {field} decides on it. Rest it on other answers."),
                held.entries["when"].place,
                named="when",
                value=test.question,
            )


def oversight(held: Mapped, context: Context) -> Oversight | None:
    """Read a level of oversight."""
    if not shape.check_keys(held, "oversight", context.log, required="id rank names when answers_to", optional=_DATED):
        return None
    common = context.common(held, "oversight")
    if common is None:
        return None
    name = common["id"]
    rank = shape.whole(held.entries["rank"], f"{name}.rank", context.log)
    names, when = context.names(held, "names", name), context.when(held, "when", name)
    return None if rank is None else Oversight(**common, rank=rank, names=names, when=when)


def item(held: Mapped, context: Context) -> Item | None:
    """Read an item of review."""
    needed, more = "id names evidence binds expertise answers_to", f"when settled {_DATED}"
    if not shape.check_keys(held, "item", context.log, required=needed, optional=more):
        return None
    common = context.common(held, "item")
    if common is None:
        return None
    name = common["id"]
    binds = _word(held.entries["binds"], f"{name}.binds", frozenset(Binding), context)
    expertise = _word(held.entries["expertise"], f"{name}.expertise", frozenset(Expertise), context)
    return Item(
        **common,
        names=context.names(held, "names", name),
        evidence=context.names(held, "evidence", name),
        when=context.when(held, "when", name),
        settled=context.when(held, "settled", name, absent=()),
        binds=Binding(binds or Binding.BEFORE_AWARD),
        expertise=Expertise(expertise or Expertise.GOVERNANCE),
    )


def contradiction(held: Mapped, context: Context) -> Contradiction | None:
    """Read what cannot both be true."""
    if not shape.check_keys(held, "contradiction", context.log, required="id names when answers_to", optional=_DATED):
        return None
    common = context.common(held, "contradiction")
    if common is None:
        return None
    name = common["id"]
    return Contradiction(**common, names=context.names(held, "names", name), when=context.when(held, "when", name))


def _word(node: Node, field: str, known: frozenset[str], context: Context) -> str | None:
    written = node.text if isinstance(node, Scalar) else ""
    if written in known:
        return written
    context.unknown(written, field, node.place, known)
    return None
