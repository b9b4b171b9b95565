"""Reading the folder of one programme; whatever is wrong goes into the log and the rest is read on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from lionrock.kernel.findings import Citation
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import check_currency
from lionrock.kernel.periods import zone
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.fields import FieldContext
from lionrock.rules.forms import DatedForm
from lionrock.rules.items import Item
from lionrock.rules.parameters import check_programme_id, member
from lionrock.rules.pricelist import ItemContext, read_items
from lionrock.rules.programme import Identity, Programme
from lionrock.rules.questions import FormContext, read_forms
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited
from lionrock.rules.units import Units
from lionrock.rules.values import Context, Parameter, read_parameters
from lionrock.rules.yamltree import Mapped, Node, read_yaml

IDENTITY = "programme.yaml"
ITEMS = "items.yaml"
QUESTIONS = "questions.yaml"
_FALLBACK_ZONE = ZoneInfo("UTC")


class Shelf:
    """The programmes of a rulebook while they are read, each after the one that it extends."""

    def __init__(self, folder: Path, units: Units, sources: Sources, log: FaultLog) -> None:
        self.folders = {path.name: path for path in sorted(folder.iterdir()) if path.is_dir()}
        self.units = units
        self.sources = sources
        self.log = log
        self.read: dict[str, Programme | None] = {}
        self._open: list[str] = []
        self._broken_forms: set[str] = set()

    def programme(self, name: str) -> Programme | None:
        """Return the programme in the folder of that name; None when it cannot stand."""
        if name not in self.read:
            self._open.append(name)
            self.read[name] = self._programme(name)
            self._open.pop()
        return self.read[name]

    def _programme(self, name: str) -> Programme | None:
        folder = self.folders[name]
        tree = read_yaml(folder / IDENTITY, self.log)
        if tree is None:
            self._only_form(folder)
            return None
        parent = self._parent(tree)
        if parent is None and "extends" in tree.entries:
            _Identity(self, tree, name).read(None)
            self._only_form(folder)
            return None
        identity = _Identity(self, tree, name).read(parent)
        base = identity or (parent.identity if parent else None)
        parameters = self._parameters(folder, parent, base)
        items = self._items(folder, parent, base, extends="extends" in tree.entries)
        forms = self._forms(folder, parent, base, parameters)
        return Programme(identity, parameters, items, forms) if identity else None

    def _only_form(self, folder: Path) -> None:
        """Report files that are no YAML. What the others say cannot be judged without what stands above them."""
        for path in sorted(folder.glob("*.yaml")):
            if path.name != IDENTITY:
                read_yaml(path, self.log)

    def _parent(self, tree: Mapped) -> Programme | None:
        node = tree.entries.get("extends")
        wanted = None if node is None else shape.text(node, "extends", self.log)
        if node is None or wanted is None:
            return None
        if wanted in self.folders and wanted not in self._open:
            return self.programme(wanted)
        self.log.add(
            "rules.programme.extends",
            gettext_noop("“{value}” cannot be extended here. Name another of these programmes: {known}."),
            node.place,
            named="extends",
            value=wanted,
            known=", ".join(other for other in self.folders if other not in self._open),
        )
        return None

    def _parameters(self, folder: Path, parent: Programme | None, base: Identity | None) -> Mapping[str, Parameter]:
        inherited = dict(parent.parameters) if parent else {}
        currency = base.currency if base else ""
        context = Context(self.units, self.sources, currency, inherited, self.log)
        own: dict[str, Parameter] = {}
        for path in sorted(folder.glob("*.yaml")):
            tree = None if path.name in (IDENTITY, ITEMS, QUESTIONS) else read_yaml(path, self.log)
            if tree is not None:
                read_parameters(tree, own, context)
        return inherited | own

    def _items(
        self, folder: Path, parent: Programme | None, base: Identity | None, *, extends: bool
    ) -> Mapping[str, Item]:
        inherited = dict(parent.items) if parent else {}
        wanted = (folder / ITEMS).exists() or not extends
        tree = read_yaml(folder / ITEMS, self.log) if wanted else None
        if tree is None:
            return inherited
        currency, own_zone = (base.currency, base.zone) if base else ("", _FALLBACK_ZONE)
        context = ItemContext(self.sources, currency, own_zone, inherited, self.log)
        return inherited | read_items(tree, context)

    def _forms(
        self, folder: Path, parent: Programme | None, base: Identity | None, parameters: Mapping[str, Parameter]
    ) -> tuple[DatedForm, ...]:
        before = len(self.log)
        inherited, whole = (parent.forms, parent.id not in self._broken_forms) if parent else ((), True)
        path = folder / QUESTIONS
        tree = read_yaml(path, self.log) if path.exists() else None
        categories = [member(name) for name in parameters if name.startswith("categories.") and name.count(".") == 1]
        fields = FieldContext(categories, base.names.languages if base else (), self.log)
        forms = read_forms(tree, FormContext(self.sources, fields, inherited, whole, self.log)) if tree else inherited
        if len(self.log) > before or not whole:
            self._broken_forms.add(folder.name)
        return forms


class _Identity:
    """Reads `programme.yaml`: id, names, currency, zone, opening day, each with its source."""

    def __init__(self, shelf: Shelf, tree: Mapped, folder: str) -> None:
        self.log = shelf.log
        self.sources = shelf.sources
        self.tree = tree
        self.folder = folder
        self.citations: dict[str, Citation] = {}

    def read(self, parent: Programme | None) -> Identity | None:
        complete = self._check_keys()
        self._check_id()
        named = self._part("names")
        names = shape.names(named, "names", self.log) if named else None
        if not complete or names is None:
            return None
        if "extends" in self.tree.entries:
            return self._extending(names, parent)
        return self._own(names)

    def _check_keys(self) -> bool:
        required = "id names extends" if "extends" in self.tree.entries else "id names currency time_zone opens"
        return shape.check_keys(self.tree, IDENTITY, self.log, required=required)

    def _extending(self, names: Names, parent: Programme | None) -> Identity | None:
        if parent is None:
            return None
        base = parent.identity
        citations = {**base.citations, **self.citations}
        return Identity(self.folder, names, base.currency, base.zone, base.opens, parent.id, citations)

    def _own(self, names: Names) -> Identity | None:
        currency = self._checked("currency", check_currency)
        zone_name = self._checked("time_zone", lambda text: zone(text).key)
        opens = self._opens()
        if currency is None or zone_name is None or opens is None:
            return None
        return Identity(self.folder, names, currency, zone(zone_name), opens, None, self.citations)

    def _check_id(self) -> None:
        node = self.tree.entries.get("id")
        written = None if node is None else shape.text(node, "id", self.log)
        if node is None or written is None:
            return
        self.log.attempt(node.place, lambda: check_programme_id(written))
        if written != self.folder:
            self.log.add(
                "rules.programme.id",
                gettext_noop("“{value}” stands in the folder {folder}. Give both the same name."),
                node.place,
                named="id",
                value=written,
                folder=self.folder,
            )

    def _part(self, key: str) -> Node | None:
        """Return the `value` of a part, and keep the citation of its `source`."""
        node = self.tree.entries.get(key)
        held = None if node is None else shape.mapped(node, key, self.log)
        if held is None:
            return None
        complete = shape.check_keys(held, key, self.log, required="value", optional="source note")
        citation = cited(held, key, self.sources, self.log)
        if citation is not None:
            self.citations[key] = citation
        return held.entries["value"] if complete else None

    def _checked(self, key: str, check: Callable[[str], str]) -> str | None:
        node = self._part(key)
        written = None if node is None else shape.text(node, key, self.log)
        if node is None or written is None:
            return None
        return self.log.attempt(node.place, lambda: check(written))

    def _opens(self) -> date | None:
        node = self._part("opens")
        return None if node is None else shape.day(node, "opens", self.log)


def stray_files(folder: Path, log: FaultLog) -> None:
    """Report files that would be taken for rules and are not read, such as `subsidy.yml`."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in (".yaml", ".md"):
            log.add(
                "rules.programme.stray",
                gettext_noop("{value} is not read: only files that end in .yaml are. Rename or remove it."),
                Place(str(path), 1),
                named="file",
                value=path.name,
            )
