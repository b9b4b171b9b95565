"""`questions.yaml`: the versions of an application form, read strictly; whatever is wrong goes into the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from lionrock.kernel.findings import Citation
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.fields import FieldContext, read_field
from lionrock.rules.forms import ALWAYS_ASKED, ApplicationForm, Core, DatedForm, FormField, FormPart
from lionrock.rules.sources import Sources, cited
from lionrock.rules.values import check_order
from lionrock.rules.yamltree import Mapped, Node, is_null

MOST_ENTRIES = 99


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a form is read against: sources, categories of applicant, languages, the forms that it inherits.

    `whole` is false when forms that it should inherit could not be read: what only follows from that is no fault.
    """

    sources: Sources
    fields: FieldContext
    inherited: tuple[DatedForm, ...]
    whole: bool
    log: FaultLog


def read_forms(tree: Mapped, context: FormContext) -> tuple[DatedForm, ...]:
    """Return the inherited versions and those of the file, in order of date."""
    log = context.log
    if not shape.check_keys(tree, "questions.yaml", log, required="versions"):
        return context.inherited
    read = [_Version(entry, context).read() for entry in shape.listed(tree.entries["versions"], "versions", log)]
    own = [version for version in read if version is not None]
    context = replace(context, whole=context.whole and len(own) == len(read) and all(each.sound for each in own))
    check_order("versions", [(version.dated.since, version.dated.place) for version in own], log)
    return _merged(_resolved(own, context), context)


@dataclass(frozen=True, slots=True)
class _Read:
    """A version as written; `same_as` names the day of the version whose parts it takes.

    One that is not `sound` has parts that could not be read: its day is taken, and no more.
    """

    dated: DatedForm
    same_as: date | None
    asked_at: Place
    sound: bool


@dataclass(frozen=True, slots=True)
class _Version:
    """One entry of `versions`, to be read."""

    node: Node
    context: FormContext

    def read(self) -> _Read | None:
        """Return the version; None when it cannot stand, with every reason in the log."""
        log = self.context.log
        held = shape.mapped(self.node, "version", log)
        if held is None:
            return None
        complete = shape.check_keys(held, "version", log, required="from", optional="source note parts same_as")
        citation = cited(held, "version", self.context.sources, log)
        note = shape.optional_text(held.entries.get("note"), "version.note", log)
        since = shape.day(held.entries["from"], "version.from", log) if complete else None
        before = len(log)
        form = self._form(held, since, citation, note) if self._one_of(held) else None
        node = held.entries.get("same_as")
        same_as = None if node is None else shape.day(node, "version.same_as", log)
        if since is None or citation is None:
            return None
        asked_at = held.place if node is None else node.place
        return _Read(DatedForm(since, form, citation, note, held.place), same_as, asked_at, len(log) == before)

    def _form(
        self, held: Mapped, since: date | None, citation: Citation | None, note: str | None
    ) -> ApplicationForm | None:
        node = held.entries.get("parts")
        parts = None if node is None or is_null(node) else _parts(node, self.context)
        if parts is None or since is None or citation is None:
            return None
        return ApplicationForm(since, citation, parts, note)

    def _one_of(self, held: Mapped) -> bool:
        if ("parts" in held.entries) != ("same_as" in held.entries):
            return True
        self.context.log.add(
            "rules.form.parts",
            gettext_noop(
                "A version of the form has either “parts” (null: not known) or “same_as” with the day of another "
                "version. Write one of the two."
            ),
            held.place,
            named="version",
        )
        return False


def _resolved(read: list[_Read], context: FormContext) -> list[DatedForm]:
    known = {each.since: each.form for each in (*context.inherited, *(version.dated for version in read)) if each.form}
    return [each for version in read if (each := _like(version, known, context)) is not None]


def _like(version: _Read, known: Mapping[date, ApplicationForm], context: FormContext) -> DatedForm | None:
    """Return a version with the parts that it takes from another one."""
    dated = version.dated
    if version.same_as is None:
        return dated
    if version.same_as in known:
        model = known[version.same_as]
        return replace(dated, form=replace(model, since=dated.since, citation=dated.citation, note=dated.note))
    if context.whole:
        context.log.add(
            "rules.form.same_as",
            gettext_noop("There is no form from {value} whose parts could be taken. Those that there are: {known}."),
            version.asked_at,
            named="version.same_as",
            value=version.same_as,
            known=", ".join(day.isoformat() for day in sorted(known)) or "–",
        )
    return None


def _merged(own: list[DatedForm], context: FormContext) -> tuple[DatedForm, ...]:
    """Return both in order of date; a form that the parent has cannot be rewritten, only followed."""
    parent = context.inherited
    fitting = [version for version in own if _may_follow(parent, version, context.log)]
    replaced = {version.since for version in fitting}
    kept = [version for version in parent if version.since not in replaced]
    return tuple(sorted([*kept, *fitting], key=lambda version: version.since))


def _may_follow(parent: tuple[DatedForm, ...], own: DatedForm, log: FaultLog) -> bool:
    before = [version for version in parent if version.since <= own.since]
    if not before or before[-1].form is None or own.since > parent[-1].since:
        return True
    log.add(
        "rules.form.rewritten",
        gettext_noop(
            "The programme that this one extends has a form from {since}. {value} would rewrite it: "
            "give a date after {last}."
        ),
        own.place,
        named="version.from",
        value=own.since,
        since=before[-1].since,
        last=parent[-1].since,
    )
    return False


def _parts(node: Node, context: FormContext) -> tuple[FormPart, ...] | None:
    held = shape.mapped(node, "parts", context.log)
    if held is None:
        return None
    before = len(context.log)
    read = [_part(key, entry, place, context) for key, entry, place in shape.pairs(held)]
    parts = tuple(part for part in read if part is not None)
    if len(parts) == len(read):
        _check_core(parts, held, context.log)
    return parts if len(context.log) == before else None


def _part(key: str, node: Node, place: Place, context: FormContext) -> FormPart | None:
    log = context.log
    check_name(key, "part", place, log)
    held = shape.mapped(node, key, log)
    if held is None:
        return None
    complete = shape.check_keys(held, key, log, required="names fields", optional="help repeats least most source")
    if not complete:
        return None
    names = context.fields.names(held.entries["names"], f"{key}.names")
    help_ = context.fields.names(held.entries["help"], f"{key}.help") if "help" in held.entries else None
    repeats, least, most = _repeating(key, held, log)
    fields = _fields(key, held.entries["fields"], context)
    if names is None or fields is None:
        return None
    return FormPart(key, names, help_, repeats, most, fields, least, _own_source(key, held, context))


def _own_source(key: str, held: Mapped, context: FormContext) -> Citation | None:
    return cited(held, key, context.sources, context.log) if "source" in held.entries else None


def _repeating(key: str, held: Mapped, log: FaultLog) -> tuple[bool, int, int]:
    """Return whether a part repeats, and how often at least and at most; 1 and 1 for one that does not."""
    if "repeats" not in held.entries or not shape.flag(held.entries["repeats"], f"{key}.repeats", log):
        for name in ("least", "most"):
            if name in held.entries:
                _only_repeating(key, name, held.key_places[name], log)
        return False, 1, 1
    shape.check_keys(held, key, log, required="most", optional=" ".join(held.entries))
    least, most = _bound(key, "least", held, log), _bound(key, "most", held, log)
    if not least <= most <= MOST_ENTRIES or most < 1:
        log.add(
            "rules.form.entries",
            gettext_noop("{field} repeats from {least} to {value} times. Write numbers in order, at most {limit}."),
            held.key_places.get("most", held.place),
            named=key,
            value=most,
            least=least,
            limit=MOST_ENTRIES,
        )
    return True, least, most


def _bound(key: str, name: str, held: Mapped, log: FaultLog) -> int:
    """Return how often a part repeats; 1 where that is not said, or not readable and so in the log."""
    read = shape.whole(held.entries[name], f"{key}.{name}", log) if name in held.entries else None
    return 1 if read is None else read


def _only_repeating(key: str, name: str, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.form.not_repeating",
        gettext_noop("{field} does not repeat, so “{value}” says nothing. Remove it, or add “repeats: true”."),
        place,
        named=key,
        value=name,
    )


def _fields(key: str, node: Node, context: FormContext) -> tuple[FormField, ...] | None:
    held = shape.mapped(node, f"{key}.fields", context.log)
    if held is None:
        return None
    for name, _, place in shape.pairs(held):
        check_name(name, "field", place, context.log)
    read = [read_field(f"{key}.{name}", name, entry, context.fields) for name, entry, _ in shape.pairs(held)]
    return None if None in read else tuple(each for each in read if each is not None)


def check_name(text: str, what: str, place: Place, log: FaultLog) -> None:
    """Report an id of a part or field that is no slug, or only digits, which tell the entries of a part."""
    if text.isdigit():
        log.add(
            "rules.form.number",
            gettext_noop("“{value}” cannot name a {field}: numbers tell the entries of a part. Begin with a letter."),
            place,
            named=what,
            value=text,
        )
    log.attempt(place, lambda: check_slug(text, field=what))


def _check_core(parts: tuple[FormPart, ...], held: Mapped, log: FaultLog) -> None:
    """Report core fields that stand twice, in a part that repeats, or nowhere."""
    first: dict[Core, str] = {}
    for part, each in chain.from_iterable(((part, each) for each in part.fields) for part in parts):
        if each.core is None:
            continue
        place, name = _place_of(part, each, held), f"{part.id}.{each.id}"
        if each.core in first:
            _core_twice(each.core, name, first[each.core], place, log)
        first.setdefault(each.core, name)
        if part.repeats:
            _core_repeats(each.core, name, place, log)
    for core in ALWAYS_ASKED:
        if core not in first:
            _core_missing(core, held.place, log)


def _place_of(part: FormPart, each: FormField, held: Mapped) -> Place:
    node = held.entries[part.id]
    fields = node.entries["fields"] if isinstance(node, Mapped) else node
    return fields.key_places[each.id] if isinstance(fields, Mapped) else fields.place


def _core_twice(core: Core, name: str, first: str, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.form.core_twice",
        gettext_noop("{field} is the core field {value}, and so is {first}. Keep one of the two."),
        place,
        named=name,
        value=core.value,
        first=first,
    )


def _core_repeats(core: Core, name: str, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.form.core_repeats",
        gettext_noop("{field} is the core field {value} in a part that repeats. Put it into one that does not."),
        place,
        named=name,
        value=core.value,
    )


def _core_missing(core: Core, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.form.core_missing",
        gettext_noop(
            "No field of the form is the core field {value}, without which no application can be decided. Add it."
        ),
        place,
        named="parts",
        value=core.value,
    )
