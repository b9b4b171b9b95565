"""An application as one file: how it is written, and how one is read back with a line for each thing that is wrong.

    lionrock: application
    programme: hk-aiss
    form: 2026-02-01
    answers:
      request: {category: university, title: {en: …, zh-hant: …}, count: "2"}
      project:
        - {title: {en: …}}
    declarations: {guide: "yes"}
    documents:
      - {document: proposal, name: plan.pdf, file: files/1-plan.pdf}

Entries of a part that repeats stand in their order, without their numbers. What is empty is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lionrock.applications.domain.answers import NO, YES, Value, is_empty
from lionrock.applications.domain.asked import DECLARATION, Answers, Asked, Entries, declaration_key
from lionrock.kernel.messages import gettext_noop
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.forms import FieldKind, FormField, FormPart, key_of
from lionrock.rules.yamltree import Listing, Mapped, Node, Scalar

MARK: Final = "lionrock"
MARKED: Final = "application"
_MOST_DOCUMENTS: Final = 200
_TO_BE_ESCAPED = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
_PAIRS = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class FileInside:
    """A document in one file: for which document, under which name, and where its bytes lie, if they do."""

    document: str
    name: str
    file: str
    sha256: str = ""
    place: Place | None = None


def written(asked: Asked, answers: Answers, entries: Entries, documents: Sequence[FileInside]) -> dict[str, Any]:
    """Return an application as plain values, as the head of this module shows it."""
    parts = {part.id: _part(part, answers, entries) for part in asked.form.parts}
    declared = {each.id: answers.get(declaration_key(each.id), "") for each in asked.terms.declarations()}
    return {
        MARK: MARKED,
        "programme": asked.terms.programme.id,
        "form": asked.form.since.isoformat(),
        "answers": {name: held for name, held in parts.items() if held},
        "declarations": {name: value for name, value in declared.items() if not is_empty(value)},
        "documents": [
            {"document": each.document, "name": each.name, "file": each.file, "sha256": each.sha256}
            for each in documents
        ],
    }


def as_text(whole: Mapping[str, Any]) -> bytes:
    """Return it as JSON that is also the YAML which `read` reads, in UTF-8."""
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    return _TO_BE_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _part(part: FormPart, answers: Answers, entries: Entries) -> Any:
    if not part.repeats:
        return _entry(part, 0, answers)
    return [_entry(part, number, answers) for number in entries.get(part.id, ())]


def _entry(part: FormPart, number: int, answers: Answers) -> dict[str, Any]:
    held: dict[str, Any] = {}
    for each in part.fields:
        found = {
            language: value
            for language in each.languages or ("",)
            if (value := answers.get(key_of(part, each.id, number, language), "")) not in ("", [])
        }
        if found:
            held[each.id] = found if each.languages else found[""]
    return held


@dataclass(frozen=True, slots=True)
class Typed:
    """One answer in a file: for which box, and where it stands.

    Entries are counted from 1; 0: the part does not repeat. The part of a declaration is "declaration".
    """

    part: str
    entry: int
    field: str
    language: str
    value: Value
    place: Place


@dataclass
class Whole:
    """What could be read of a file: answers, how many entries each repeated part has, documents; the rest is faults."""

    log: FaultLog
    answers: list[Typed] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    documents: list[FileInside] = field(default_factory=list)


def read(tree: Mapped, asked: Asked, log: FaultLog) -> Whole:
    """Return all of a file that can be read; everything else is in the log, with its line."""
    return _Reader(asked, Whole(log)).read(tree)


@dataclass(frozen=True, slots=True)
class _Reader:
    asked: Asked
    whole: Whole

    def read(self, tree: Mapped) -> Whole:
        known = {"answers": self.answers, "declarations": self.declarations, "documents": self.documents}
        for name, node in tree.entries.items():
            if name in known:
                known[name](node)
            elif name not in (MARK, "programme", "form"):
                self.unknown(name, tree.key_places[name], [*known])
        if not known.keys() & tree.entries.keys():
            self.whole.log.add(
                "applications.import.nothing",
                gettext_noop("The file has none of: {value}. Write the answers under “answers”."),
                tree.place,
                named="file",
                value=", ".join(known),
            )
        return self.whole

    def unknown(self, name: str, place: Place, known: Sequence[str]) -> None:
        self.whole.log.add(
            "applications.import.unknown",
            gettext_noop("“{value}” has no place in this application, and was left out. What has: {known}."),
            place,
            named=name,
            value=name,
            known=", ".join(known) or "–",
        )

    def wrong_shape(self, node: Node, name: str, wanted: str) -> None:
        self.whole.log.add(
            "applications.import.shape",
            gettext_noop("{field} is not what is needed there, and was left out. Write {value}."),
            node.place,
            named=name,
            value=wanted,
        )

    def mapped(self, node: Node, name: str) -> Iterator[tuple[str, Node, Place]]:
        """Yield the entries of a mapping; anything else is a fault, but for nothing at all."""
        if isinstance(node, Mapped):
            yield from ((key, each, node.key_places[key]) for key, each in node.entries.items())
        elif not (isinstance(node, Scalar) and node.is_null):
            self.wrong_shape(node, name, "key: value")

    def answers(self, node: Node) -> None:
        for name, held, place in self.mapped(node, "answers"):
            part = self.asked.form.part(name)
            if part is None:
                self.unknown(name, place, [each.id for each in self.asked.form.parts])
            elif not part.repeats:
                self.entry(part, 0, held)
            elif isinstance(held, Listing):
                self.whole.entries[name] = len(held.entries)
                for number, each in enumerate(held.entries, 1):
                    self.entry(part, number, each)
            else:
                self.wrong_shape(held, name, "- key: value")

    def entry(self, part: FormPart, number: int, node: Node) -> None:
        known = {each.id: each for each in part.fields}
        for name, held, place in self.mapped(node, part.id):
            if name not in known:
                self.unknown(f"{part.id}.{name}", place, [*known])
            elif known[name].languages:
                self.languages(part, number, known[name], held)
            else:
                self.typed(part.id, number, known[name], "", held)

    def languages(self, part: FormPart, number: int, asked: FormField, node: Node) -> None:
        for language, held, place in self.mapped(node, f"{part.id}.{asked.id}"):
            if language in asked.languages:
                self.typed(part.id, number, asked, language, held)
            else:
                self.unknown(f"{part.id}.{asked.id}.{language}", place, asked.languages)

    def typed(self, part: str, number: int, asked: FormField, language: str, node: Node) -> None:
        """Note what stands for one box, as it was typed."""
        value = self.value(asked, node)
        if value is None:
            wanted = "[a, b]" if asked.kind is FieldKind.CHOICES else "…"
            self.wrong_shape(node, f"{part}.{asked.id}", wanted)
        else:
            self.whole.answers.append(Typed(part, number, asked.id, language, value, node.place))

    def value(self, asked: FormField, node: Node) -> Value | None:
        """Return what a node says for a field; None when its shape is not the field's."""
        if asked.kind is FieldKind.CHOICES:
            if isinstance(node, Listing) and all(isinstance(each, Scalar) for each in node.entries):
                return [text_of(each) for each in node.entries if isinstance(each, Scalar)]
            return [] if isinstance(node, Scalar) and node.is_null else None
        if not isinstance(node, Scalar):
            return None
        if asked.kind is FieldKind.FLAG and not node.quoted:
            return {"true": YES, "false": NO}.get(node.text.lower(), text_of(node))
        return text_of(node)

    def declarations(self, node: Node) -> None:
        slots = {slot.field.id: slot.field for slot in self.asked.boxes({}).values() if slot.part.id == DECLARATION}
        held = _signed(node) if isinstance(node, Listing) else self.mapped(node, "declarations")
        for name, each, place in held:
            if name in slots:
                self.typed(DECLARATION, 0, slots[name], "", each)
            else:
                self.unknown(name, place, [*slots])

    def documents(self, node: Node) -> None:
        if not isinstance(node, Listing) or len(node.entries) > _MOST_DOCUMENTS:
            if not (isinstance(node, Scalar) and node.is_null):
                self.wrong_shape(node, "documents", "- {document: …, name: …, file: …}")
            return
        for each in node.entries:
            texts = {
                name: text_of(held) for name, held, _ in self.mapped(each, "documents") if isinstance(held, Scalar)
            }
            if texts.get("document") and (texts.get("file") or texts.get("name")):
                file, name = texts.get("file", ""), texts.get("name", "")
                inside = FileInside(
                    texts["document"], name or file.rpartition("/")[2], file, texts.get("sha256", ""), each.place
                )
                self.whole.documents.append(inside)
            elif isinstance(each, Mapped):
                self.wrong_shape(each, "documents", "{document: …, name: …, file: …}")


def _signed(node: Listing) -> Iterator[tuple[str, Node, Place]]:
    """Yield what a list of signed declarations says of each of them."""
    for each in node.entries:
        if isinstance(each, Scalar):
            yield text_of(each), Scalar(each.place, YES, quoted=True), each.place


def text_of(node: Scalar) -> str:
    """Return the text of a node; halves of a character that JSON wrote as two escapes are one again."""
    if node.is_null:
        return ""
    return _PAIRS.sub(lambda found: found[0].encode("utf-16", "surrogatepass").decode("utf-16"), node.text)
