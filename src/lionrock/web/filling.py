"""Small forms: boxes with their labels, what was typed in them, and what is wrong with it.

An action raises `Invalid` with the faults of all fields; the page shows the same boxes again with
what was typed, each fault beside its own, and a summary of them on top (`web/parts/boxes.html`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused
from lionrock.kernel.messages import Message

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a form: `name` is the field of the action; `kind` an input's type, "area" or "choice"."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    autocomplete: str = ""
    lang: str = ""
    required: bool = True
    longest: int = 200
    choices: Sequence[tuple[str, str]] = ()
    value: str = ""
    faults: Sequence[Fault] = field(default_factory=tuple)

    @property
    def described_by(self) -> str:
        """The ids of the texts that belong to it, for `aria-describedby`."""
        parts = [f"{self.name}-help"] * bool(self.help) + [f"{self.name}-fault"] * bool(self.faults)
        return " ".join(parts)


def in_words(wrong: Invalid, boxes: Sequence[Box]) -> Invalid:
    """Return the same error, its faults in the order of the boxes, naming each by its label and not by its code."""
    labels, order = {box.name: box.label for box in boxes}, [box.name for box in boxes]
    named = [replace(fault, message=_with_label(fault.message, labels)) for fault in wrong.faults]
    faults = sorted(named, key=lambda fault: order.index(fault.field) if fault.field in order else len(order))
    return Invalid(wrong.code, faults[0].message if faults else wrong.message, faults=faults)


def _with_label(said: Message, labels: Mapping[str, str]) -> Message:
    label = labels.get(str(said.fields.get("field")))
    return Message(said.template, {**said.fields, "field": f"“{label}”"}) if label else said


SECRET = frozenset({"password"})
"""Kinds of boxes that never show again what was typed in them."""


def filled(boxes: Sequence[Box], typed: Mapping[str, str], faults: Sequence[Fault] = ()) -> list[Box]:
    """Return the boxes with what was typed and with their faults."""
    return [
        replace(
            box,
            value="" if box.kind in SECRET else typed.get(box.name, box.value),
            faults=tuple(fault for fault in faults if fault.field == box.name),
        )
        for box in boxes
    ]


def typed_in(boxes: Sequence[Box], posted: Mapping[str, str]) -> dict[str, str]:
    """Return what was posted for these boxes: line ends as we keep them, no blanks around but in a password.

    The character NUL, which no keyboard writes and no database keeps, is left out.
    """
    texts = {box.name: posted.get(box.name, "").replace("\0", "") for box in boxes}
    texts = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in texts.items()}
    return {box.name: texts[box.name] if box.kind in SECRET else texts[box.name].strip() for box in boxes}


@dataclass(frozen=True, slots=True)
class Tried(Generic[Result]):
    """What came of a form that was sent: the result, or what stood in the way with the boxes as they were typed."""

    boxes: Sequence[Box]
    result: Result | None = None
    wrong: LionrockError | None = None


def tried(boxes: Sequence[Box], posted: Mapping[str, str], act: Callable[[Mapping[str, str]], Result]) -> Tried[Result]:
    """Do what was posted; bad input, a rule that says no and a wrong state are told, all else is raised."""
    typed = typed_in(boxes, posted)
    try:
        return Tried(boxes, act(typed))
    except Invalid as wrong:
        worded = in_words(wrong, boxes)
        return Tried(filled(boxes, typed, worded.faults), wrong=worded)
    except (Refused, Conflict) as wrong:
        return Tried(filled(boxes, typed, wrong.faults), wrong=wrong)
