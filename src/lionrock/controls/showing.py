"""A determination as plain values for machines, and as text for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lionrock.controls.domain.answers import Determination, Near, Part
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.choosing import Choice
from lionrock.controls.domain.comparing import Comparison, Step, answered
from lionrock.controls.domain.explaining import QUANTITIES, shown, value_shown
from lionrock.controls.domain.figures import Figure, measures
from lionrock.controls.domain.rules import UNKNOWN_PARAGRAPH, Authorisation, Review
from lionrock.controls.rows import Answered
from lionrock.kernel.errors import Fault
from lionrock.kernel.findings import Citation, as_json
from lionrock.kernel.findings import Outcome as Answer
from lionrock.kernel.messages import gettext_noop
from lionrock.terminal.output import facts

DISCLAIMER: Final = gettext_noop(
    "This supports a decision; it is no legal advice. "
    "A compliance officer confirms it before anything is ordered or shipped."
)
_MARKS: Final = {Answer.MET: "+", Answer.NOT_MET: "-", Answer.UNKNOWN: "?"}


def row_data(row: Answered) -> dict[str, object]:
    """Return the answer to a row of a file; what is wrong with it leaves it unknown, and is said."""
    if row.answer is None:
        return {
            "case_id": row.case,
            "eccn_para": UNKNOWN_PARAGRAPH,
            "authorisation": Authorisation.UNKNOWN.value,
            "review_policy": Review.NOT_APPLICABLE.value,
            "citations": [],
            "flags": [],
            "faults": [fault_data(fault) for fault in row.faults],
        }
    return {"case_id": row.case, **summary(row.answer)}


def fault_data(fault: Fault) -> dict[str, object]:
    """Return what is wrong as plain values."""
    return {
        "code": fault.code,
        "message": str(fault.message),
        "field": fault.field,
        "value": fault.value,
        "line": fault.line,
    }


def summary(answer: Determination) -> dict[str, object]:
    """Return the answer in the words of the cases, with what it rests on."""
    return {
        "eccn_para": answer.paragraph,
        "authorisation": answer.authorisation.value,
        "review_policy": answer.review.value,
        "citations": citation_texts(answer),
        "flags": list(answer.flags),
        "missing": list(answer.missing),
    }


def citation_texts(answer: Determination) -> list[str]:
    """Return what is cited: the articles of the outcomes that decided, then every source with its address."""
    articles = [outcome.cites for outcome in answer.deciding]
    return list(dict.fromkeys([*articles, *(citation_text(cited) for cited in answer.citations)]))


def citation_text(cited: Citation) -> str:
    """Return a source in a line."""
    return f"{cited.title}: {cited.address}" if cited.address else cited.title


def full_data(answer: Determination) -> dict[str, object]:
    """Return everything that an answer says and rests on."""
    question = answer.question
    return {
        "date": question.on,
        "destination": question.destination,
        "exporting_from": question.exporting_from,
        "end_user_hq_country": question.headquarters,
        "version": answer.version.id,
        **summary(answer),
        "parts": [_part_data(part) for part in answer.parts],
        "findings": [as_json(finding) for finding in answer.findings],
        "disclaimer": DISCLAIMER,
    }


def _part_data(part: Part) -> dict[str, object]:
    return {
        "chip_id": part.item.id,
        "eccn_para": part.paragraph,
        "possible": list(part.possible),
        "authorisation": part.authorisation.value,
        "review_policy": part.review.value,
        "quantities": {quantity.value: str(value_shown(measure)) for quantity, measure in part.measured.items()},
        "near": [_near_data(near) for near in part.near],
        "certify": [names.en for names in part.certify],
        "missing": list(part.missing),
    }


def _near_data(near: Near) -> dict[str, object]:
    return {
        "quantity": near.test.quantity.value,
        "line": near.test.read.value,
        "value": str(value_shown(near.measure)),
        "per_cent_off": shown(near.distance * 100, 2),
        "borderline": near.borderline,
        "across": {
            "eccn_para": near.paragraph,
            "authorisation": near.authorisation.value,
            "review_policy": near.review.value,
        },
    }


def text(answer: Determination) -> str:
    """Return the answer for people at a terminal: what, then why, line by line."""
    lines = [
        f"paragraph      {answer.paragraph}",
        f"authorisation  {answer.authorisation.value}",
        f"review policy  {answer.review.value}",
        f"flags          {', '.join(answer.flags) or '–'}",
    ]
    if answer.missing:
        lines.append(f"missing        {', '.join(answer.missing)}")
    lines += ["", "Why"]
    for finding in answer.findings:
        lines.append(f"  {_MARKS[finding.outcome]} {_rule(finding.rule)}{finding.message}")
        lines += [
            f"      {read.path} = {read.value}"
            + (f", since {read.since}" if read.since else "")
            + (f"; {citation_text(read.citation)}" if read.citation else "")
            for read in finding.parameters
        ]
        if finding.remedy:
            lines.append(f"      {finding.remedy}")
    lines += [*_near_lines(answer), "", DISCLAIMER]
    return "\n".join(lines)


def _rule(rule: str) -> str:
    """Return the paragraph that a test belongs to, to stand before it."""
    name = rule.removeprefix("controls.")
    return f"{name}: " if name.startswith(("3A090", "excluded")) else ""


def _near_lines(answer: Determination) -> Iterator[str]:
    found = [near for part in answer.parts for near in part.near]
    if found:
        yield from ("", "Close to a line")
    for near in found:
        mark = "borderline, " if near.borderline else ""
        yield (
            f"  {QUANTITIES[near.test.quantity]} {value_shown(near.measure)}, line {near.test.read.value} "
            f"({mark}{shown(near.distance * 100, 2)}% off): on its other side {near.paragraph}, "
            f"{near.authorisation.value}, {near.review.value}"
        )


def comparison_data(found: Comparison) -> dict[str, object]:
    """Return what changed between two days as plain values."""
    return {
        "before": {"date": found.before.question.on, **summary(found.before)},
        "after": {"date": found.after.question.on, **summary(found.after)},
        "steps": [_step_data(step) for step in found.steps],
    }


def _step_data(step: Step) -> dict[str, object]:
    causes = [
        {
            "id": cause.id,
            "name": str(cause.names or cause.id),
            "ended": cause.ended,
            "source": citation_text(cause.citation),
        }
        for cause in step.causes
    ]
    return {"date": step.on, "changed": step.changed, **summary(step.answer), "causes": causes}


def comparison_text(found: Comparison) -> str:
    """Return what changed between two days for people at a terminal."""
    lines = [f"{found.before.question.on}  {_in_words(found.before)}"]
    for step in found.steps:
        lines.append(f"{step.on}  {_in_words(step.answer) if step.changed else 'unchanged'}")
        lines += [
            f"    {'ends' if cause.ended else 'begins'}: {cause.names or cause.id}; {citation_text(cause.citation)}"
            for cause in step.causes
        ]
    return "\n".join([*lines, f"{found.after.question.on}  {_in_words(found.after)}", "", DISCLAIMER])


def _in_words(answer: Determination) -> str:
    return ", ".join(answered(answer))


def choice_data(choice: Choice) -> dict[str, object]:
    """Return what could be bought instead as plain values; what is not known is null."""
    power = choice.item.figures.known.get(Figure.POWER)
    figures = {"fp16": choice.rate, "power_w": power, "per_watt": choice.per_watt, "per_price": choice.per_price}
    return {
        "chip_id": choice.item.id,
        "name": choice.item.name,
        "way": choice.way.value,
        **{key: value for key, value in summary(choice.answer).items() if key not in ("citations", "flags", "missing")},
        **{key: None if value is None else shown(value) for key, value in figures.items()},
    }


def item_data(item: Item) -> dict[str, object]:
    """Return an item of the catalogue with its quantities, and each figure with its source."""
    measured = measures(item.figures)
    return {
        "chip_id": item.id,
        "name": f"{item.vendor} {item.name}",
        "launch": item.launch,
        **{quantity.value: str(value_shown(measure)) for quantity, measure in measured.items()},
        "figures": {
            figure.value: {
                "value": shown(value),
                "source": item.sources.get(figure),
                "verified": figure not in item.unverified,
            }
            for figure, value in item.figures.known.items()
        },
        "note": item.note,
    }


def item_lines(data: dict[str, object]) -> list[str]:
    """Return an item of the catalogue for people at a terminal."""
    figures = data["figures"]
    lines = facts(data, without=("figures",))
    if isinstance(figures, dict):
        lines += [
            f"{name} = {each['value']}{'' if each['verified'] else ' (not verified)'}; {each['source'] or 'no source'}"
            for name, each in figures.items()
        ]
    return lines
