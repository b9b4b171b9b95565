"""One field of an application form as `questions.yaml` writes it; whatever is wrong goes into the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.forms import ALWAYS_ASKED, Core, FieldKind, FormField, Longest, Option, Portion
from lionrock.rules.shape import LANGUAGES, Names
from lionrock.rules.yamltree import Mapped, Node, Scalar

_OPTIONAL = (
    "help required languages required_languages longest least most options shown_to core identifies note portion unit"
)
_WORDED = frozenset({FieldKind.LINE, FieldKind.PARAGRAPH})
_CHOSEN = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
_COUNTED = frozenset({FieldKind.WHOLE, FieldKind.CHOICES})
_ONLY_FOR: Mapping[str, frozenset[FieldKind]] = MappingProxyType(
    {
        "languages": _WORDED,
        "longest": _WORDED,
        "least": _COUNTED,
        "most": _COUNTED,
        "options": _CHOSEN,
        "portion": frozenset({FieldKind.WHOLE}),
    }
)
_KIND_OF: Mapping[Core, FieldKind] = MappingProxyType(
    {
        Core.CATEGORY: FieldKind.CHOICE,
        Core.TITLE: FieldKind.LINE,
        Core.PURPOSE: FieldKind.PARAGRAPH,
        Core.ITEM: FieldKind.CHOICE,
        Core.COUNT: FieldKind.WHOLE,
        Core.MONTHS: FieldKind.WHOLE,
        Core.HOURS: FieldKind.WHOLE,
        Core.STARTS: FieldKind.DATE,
        Core.OTHER_SUBSIDY: FieldKind.FLAG,
    }
)
_CHOOSES_FROM_PROGRAMME = frozenset({Core.CATEGORY, Core.ITEM})
Chosen = TypeVar("Chosen", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FieldContext:
    """What a field is read against: the categories of applicant, and the languages that every text must have."""

    categories: Collection[str]
    languages: Collection[str]
    log: FaultLog

    def names(self, node: Node, field: str) -> Names | None:
        """Return names in every language in which the programme itself is named."""
        read = shape.names(node, field, self.log)
        held = node.entries if isinstance(node, Mapped) else {}
        missing = [code for code in self.languages if code not in held and code != "en"]
        if read is not None and missing:
            self.log.add(
                "rules.form.language",
                gettext_noop("{field} is not given in {value}, in which the programme has a name. Add it."),
                node.place,
                named=field,
                value=", ".join(missing),
            )
        return read


def read_field(path: str, name: str, node: Node, context: FieldContext) -> FormField | None:
    """Return the field; None when it cannot stand, with every reason in the log."""
    before = len(context.log)
    held = shape.mapped(node, path, context.log)
    if held is None or not shape.check_keys(held, path, context.log, required="kind names", optional=_OPTIONAL):
        return None
    reader = _Field(path, held, context)
    kind = reader.one_of("kind", FieldKind)
    core = reader.one_of("core", Core)
    if kind is None:
        return None
    languages = reader.languages("languages")
    read = FormField(
        id=name,
        kind=kind,
        names=context.names(held.entries["names"], f"{path}.names") or Names(name),
        help=context.names(held.entries["help"], f"{path}.help") if "help" in held.entries else None,
        required=reader.flag("required"),
        languages=languages,
        required_languages=reader.languages("required_languages") or languages,
        longest=reader.longest(),
        least=reader.whole("least"),
        most=reader.whole("most"),
        options=reader.options(),
        shown_to=reader.shown_to(),
        core=core,
        identifies=reader.flag("identifies"),
        note=shape.optional_text(held.entries.get("note"), f"{path}.note", context.log),
        portion=reader.one_of("portion", Portion),
        unit=shape.optional_text(held.entries.get("unit"), f"{path}.unit", context.log),
    )
    reader.check(read)
    return read if len(context.log) == before else None


@dataclass(frozen=True, slots=True)
class _Field:
    """The entries of one field, each read by itself."""

    path: str
    held: Mapped
    context: FieldContext

    def fault(self, code: str, template: str, key: str = "", **more: object) -> None:
        place = self.held.key_places.get(key, self.held.place)
        self.context.log.add(code, template, place, named=self.path, **more)

    def one_of(self, key: str, words: type[Chosen]) -> Chosen | None:
        node = self.held.entries.get(key)
        if node is None:
            return None
        written = node.text if isinstance(node, Scalar) else ""
        if written in set(words):
            return words(written)
        self.context.log.add(
            "rules.form.word",
            gettext_noop("“{value}” in {field} is not known. Perhaps you meant: {known}."),
            node.place,
            named=f"{self.path}.{key}",
            value=written,
            known=shape.nearest(written, words),
        )
        return None

    def flag(self, key: str) -> bool:
        node = self.held.entries.get(key)
        return node is not None and bool(shape.flag(node, f"{self.path}.{key}", self.context.log))

    def whole(self, key: str) -> int | None:
        node = self.held.entries.get(key)
        return None if node is None else shape.whole(node, f"{self.path}.{key}", self.context.log)

    def words(self, key: str, known: Collection[str], code: str, template: str) -> tuple[str, ...]:
        """Return the words of a list; each must be known, and stand once."""
        node = self.held.entries.get(key)
        entries = () if node is None else shape.listed(node, f"{self.path}.{key}", self.context.log)
        read: list[str] = []
        for entry in entries:
            word = entry.text if isinstance(entry, Scalar) else "…"
            if word not in known or word in read:
                shown = ", ".join(known)
                self.context.log.add(code, template, entry.place, named=f"{self.path}.{key}", value=word, known=shown)
            read.append(word)
        return tuple(read)

    def languages(self, key: str) -> tuple[str, ...]:
        return self.words(
            key,
            LANGUAGES,
            "rules.form.languages",
            gettext_noop("“{value}” in {field} is no language of Lionrock, or stands twice. Write some of {known}."),
        )

    def shown_to(self) -> tuple[str, ...]:
        return self.words(
            "shown_to",
            self.context.categories,
            "rules.form.category",
            gettext_noop(
                "“{value}” in {field} is not one of the programme's categories, or stands twice. Write some of {known}."
            ),
        )

    def longest(self) -> Longest:
        node, field = self.held.entries.get("longest"), f"{self.path}.longest"
        held = None if node is None else shape.mapped(node, field, self.context.log)
        if held is None or not shape.check_keys(held, field, self.context.log, optional="words characters"):
            return Longest()
        read = {key: shape.whole(each, f"{field}.{key}", self.context.log) for key, each in held.entries.items()}
        return Longest(read.get("words"), read.get("characters"))

    def options(self) -> tuple[Option, ...]:
        node, field = self.held.entries.get("options"), f"{self.path}.options"
        held = None if node is None else shape.mapped(node, field, self.context.log)
        return tuple(self._options(held, field)) if held else ()

    def _options(self, held: Mapped, field: str) -> Iterator[Option]:
        for key, node, place in shape.pairs(held):
            self.context.log.attempt(place, partial(check_slug, key, field=field))
            names = self.context.names(node, f"{field}.{key}")
            if names is not None:
                yield Option(key, names)

    def check(self, read: FormField) -> None:
        """Report what does not fit together."""
        for key, kinds in _ONLY_FOR.items():
            if key in self.held.entries and read.kind not in kinds:
                self._not_for(key, read.kind, kinds)
        if read.least is not None and read.most is not None and read.least > read.most:
            self.fault(
                "rules.form.bounds", gettext_noop("{field} has more at least than at most. Swap the two."), "least"
            )
        if not set(read.required_languages) <= set(read.languages):
            self.fault(
                "rules.form.required_languages",
                gettext_noop("{field} requires a language that it does not offer. Add it to “languages”."),
                "required_languages",
            )
        if (read.portion is Portion.COUNT) != (read.unit is not None):
            self.fault(
                "rules.form.portion",
                gettext_noop("{field} needs both “portion: count” and the unit that it is counted in, or neither."),
                "portion",
            )
        self._check_options(read)
        if read.core is not None:
            self._check_core(read, read.core)

    def _not_for(self, key: str, kind: FieldKind, kinds: frozenset[FieldKind]) -> None:
        self.fault(
            "rules.form.not_for",
            gettext_noop(
                "“{entry}” in {field} is for fields of kind {kinds}, and this one is of kind {value}. Remove it."
            ),
            key,
            entry=key,
            value=kind.value,
            kinds=", ".join(sorted(kinds)),
        )

    def _check_options(self, read: FormField) -> None:
        own = read.core not in _CHOOSES_FROM_PROGRAMME
        if own and read.kind in _CHOSEN and "options" not in self.held.entries:
            self.fault("rules.form.no_options", gettext_noop("{field} offers nothing to choose. Add “options:”."))
        if not own and "options" in self.held.entries:
            self.fault(
                "rules.form.options",
                gettext_noop("{field} offers what the programme has (core field {value}). Remove “options”."),
                "options",
                value=read.core,
            )

    def _check_core(self, read: FormField, core: Core) -> None:
        if read.kind is not _KIND_OF[core]:
            self.fault(
                "rules.form.core_kind",
                gettext_noop(
                    "{field} is the core field {core}, which is of kind {kind} and not {value}. Change the kind."
                ),
                "kind",
                value=read.kind.value,
                core=core.value,
                kind=_KIND_OF[core].value,
            )
        if core in ALWAYS_ASKED and (not read.required or read.shown_to):
            self.fault(
                "rules.form.core_optional",
                gettext_noop(
                    "{field} is the core field {value}, which everybody must fill. "
                    "Write “required: true” and no “shown_to”."
                ),
                value=core.value,
            )
