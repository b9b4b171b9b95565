"""Reading template files: one YAML file each, refused with every fault it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from lionrock.jobs.domain.requests import MOST_FILE_BYTES, read_time_limit
from lionrock.jobs.domain.templates import SCRIPT_FILE, Kind, Parameter, Template, fill_in
from lionrock.kernel.errors import Invalid
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.shape import Names
from lionrock.rules.yamltree import Mapped, Node, Scalar, read_yaml

FOLDER: Final = "job-templates"
"""Where they stand in a rulebook."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TAKEN: Final = frozenset({"award", "site", "name", "after", "requeue", "verb", "answer", "said", "wrong", "content"})
"""What every form has beside the boxes of its template: other boxes, and places of its page."""
_RESERVED: Final = re.compile(
    r"path|home|lang|tz|ifs|env|enc|user|shell|pwd|ps[0-9]|(bash|ld|lc|python|slurm|job|task)_.*"
)
_LINES_MOST: Final = 60
_TEXT_MOST: Final = 100_000
_LIMITED: Final = frozenset({Kind.INT, Kind.DECIMAL, Kind.DEVICES, Kind.TIME})
_OPTIONAL: Final = {
    Kind.INT: "least most",
    Kind.DECIMAL: "least most places",
    Kind.CHOICE: "choices",
    Kind.TEXT: "longest lines into",
    Kind.FILE: "longest into",
    Kind.DEVICES: "least most",
    Kind.TIME: "least most",
}

Fingerprint = tuple[tuple[str, int, int], ...]
_KEPT: dict[Path, tuple[Fingerprint, Mapping[str, Template]]] = {}


def load_templates(folder: Path) -> Mapping[str, Template]:
    """Return the templates in a folder by id, read again whenever a file of it has changed.

    A folder that is not there has none. Raises `Invalid` with every fault of every file.
    """
    files = sorted(folder.glob("*.yaml"))
    fingerprint = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    kept = _KEPT.get(folder)
    if kept is None or kept[0] != fingerprint:
        kept = _KEPT[folder] = (fingerprint, _read_all(folder, files))
    return kept[1]


def _read_all(folder: Path, files: list[Path]) -> dict[str, Template]:
    log = FaultLog()
    found = [read_template(path, log) for path in files]
    if log:
        said = message(
            gettext_noop("{count} faults in {path}. No template is used until they are corrected."),
            count=len(log),
            path=folder,
        )
        raise Invalid("jobs.template.faults", said, faults=tuple(log))
    return {one.id: one for one in found if one}


def read_template(path: Path, log: FaultLog) -> Template | None:
    """Read one file; None when it has faults, which are in the log."""
    before = len(log)
    top = read_yaml(path, log)
    if top is None or not shape.check_keys(
        top, "template", log, required="names about parameters script", optional="array"
    ):
        return None
    identity = log.attempt(top.place, lambda: check_slug(path.stem, field="template"))
    names = shape.names(top.entries["names"], "names", log)
    about = shape.names(top.entries["about"], "about", log)
    body = shape.text(top.entries["script"], "script", log)
    parameters = _parameters(top.entries["parameters"], log)
    array = shape.optional_text(top.entries.get("array"), "array", log)
    if len(log) > before or not (identity and names and about and body):
        return None
    template = Template(identity, names, about, parameters, body, array or "")
    _check_whole(template, top, log)
    return template if len(log) == before else None


def _parameters(node: Node, log: FaultLog) -> tuple[Parameter, ...]:
    held = shape.mapped(node, "parameters", log)
    if held is None:
        return ()
    read = [_parameter(name, entry, log) for name, entry, _ in shape.pairs(held)]
    return tuple(one for one in read if one)


def _parameter(name: str, node: Node, log: FaultLog) -> Parameter | None:
    where = f"parameters.{name}"
    if not _NAME.fullmatch(name) or name in _TAKEN or _RESERVED.fullmatch(name):
        _fault(log, node, where, name, "name", gettext_noop(
            "“{value}” cannot name a parameter. Use small letters, digits and _, and no name that a shell, "
            "Slurm or the form uses itself."
        ))  # fmt: skip
    held = shape.mapped(node, where, log)
    kind = _kind(held, where, log) if held else None
    if held is None or kind is None:
        return None
    optional = f"help default required {_OPTIONAL[kind]}"
    if not shape.check_keys(held, where, log, required="kind label", optional=optional):
        return None
    return _built(name, kind, held, where, log)


def _kind(held: Mapped, where: str, log: FaultLog) -> Kind | None:
    node = held.entries.get("kind", held)
    written = node.text if isinstance(node, Scalar) else ""
    if written in set(Kind):
        return Kind(written)
    template = gettext_noop("“{value}” in {field} is no kind. Write one of {known}.")
    _fault(log, node, f"{where}.kind", written, "kind", template, known=", ".join(Kind))
    return None


def _built(name: str, kind: Kind, held: Mapped, where: str, log: FaultLog) -> Parameter | None:
    entries = held.entries
    label = shape.names(entries["label"], f"{where}.label", log)
    if label is None:
        return None
    return Parameter(
        name,
        kind,
        label,
        shape.names(entries["help"], f"{where}.help", log) if "help" in entries else None,
        _default(entries.get("default"), where, log),
        shape.flag(entries["required"], f"{where}.required", log) is not False if "required" in entries else True,
        _limit(entries.get("least"), kind, f"{where}.least", log),
        _limit(entries.get("most"), kind, f"{where}.most", log),
        _count(entries.get("places"), 0, 12, f"{where}.places", log),
        _longest(kind, entries.get("longest"), f"{where}.longest", log),
        _count(entries.get("lines"), 1, _LINES_MOST, f"{where}.lines", log),
        tuple(_choices(entries.get("choices"), f"{where}.choices", log)),
        _into(kind, entries.get("into"), where, held, log),
    )


def _default(node: Node | None, where: str, log: FaultLog) -> str:
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return ""
    if isinstance(node, Scalar):
        return node.text
    return shape.text(node, f"{where}.default", log) or ""


def _limit(node: Node | None, kind: Kind, where: str, log: FaultLog) -> Decimal | None:
    if node is None:
        return None
    written = node.text if isinstance(node, Scalar) else ""
    try:
        return Decimal(read_time_limit(written)) if kind is Kind.TIME else Decimal(written)
    except (Invalid, ArithmeticError):
        template = gettext_noop("“{value}” in {field} is no limit. Write a number, or a time such as 10m.")
        _fault(log, node, where, written, "limit", template)
        return None


def _count(node: Node | None, otherwise: int, most: int, where: str, log: FaultLog) -> int:
    if node is None:
        return otherwise
    count = shape.whole(node, where, log)
    if count is not None and count > most:
        _fault(
            log, node, where, str(count), "count", gettext_noop("“{value}” in {field} is more than {most}."), most=most
        )
    return otherwise if count is None else count


def _longest(kind: Kind, node: Node | None, where: str, log: FaultLog) -> int:
    if kind is Kind.FILE:
        return _count(node, MOST_FILE_BYTES, MOST_FILE_BYTES, where, log)
    return _count(node, 200, _TEXT_MOST, where, log)


def _choices(node: Node | None, where: str, log: FaultLog) -> Iterator[tuple[str, Names]]:
    held = shape.mapped(node, where, log) if node is not None else None
    for value, entry, _ in shape.pairs(held) if held else ():
        label = shape.names(entry, f"{where}.{value}", log)
        if label:
            yield value, label


def _into(kind: Kind, node: Node | None, where: str, held: Mapped, log: FaultLog) -> str:
    written = shape.optional_text(node, f"{where}.into", log) or ""
    if (kind is Kind.FILE and not written) or (written and not _good_name(written)):
        template = gettext_noop("“{value}” in {field} cannot be the name of a file in the job's folder.")
        _fault(log, node or held, f"{where}.into", written, "into", template)
    return written


def _good_name(name: str) -> bool:
    return bool(_FILE_NAME.fullmatch(name)) and name != SCRIPT_FILE


def _check_whole(template: Template, top: Mapped, log: FaultLog) -> None:
    """Note what is wrong with the template as a whole, its defaults among it."""
    node = top.entries["parameters"]
    for kind, least in ((Kind.TIME, 1), (Kind.DEVICES, 0)):
        count = sum(one.kind is kind for one in template.parameters)
        if not least <= count <= 1:
            said = gettext_noop("{field} has {value} parameters of the kind {kind}. Keep exactly one.")
            _fault(log, node, "parameters", str(count), "whole", said, kind=kind.value)
            return
    counted = {one.name: one for one in template.parameters if one.kind is Kind.INT and (one.least or 0) >= 1}
    if template.array and template.array not in counted:
        said = gettext_noop("“{value}” in {field} is no parameter of the kind int with a least of 1 or more.")
        _fault(log, top.entries["array"], "array", template.array, "array", said)
        return
    for one in template.parameters:
        _check_parameter(one, node, log)
    _check_defaults(template, node, log)


def _check_parameter(one: Parameter, node: Node, log: FaultLog) -> None:
    where = f"parameters.{one.name}"
    if one.kind is Kind.CHOICE and not one.choices:
        _fault(log, node, where, "", "choices", gettext_noop("{field} has no choices. Write each under “choices”."))
    if one.kind in _LIMITED and one.least is not None and one.most is not None and one.least > one.most:
        said = gettext_noop("The least of {field} is above its most ({value}). Exchange them.")
        _fault(log, node, where, str(one.most), "limits", said)


def _check_defaults(template: Template, node: Node, log: FaultLog) -> None:
    """Note each default that its own parameter would refuse; what must be filled in may start empty."""
    given = {name: text for name, text in template.defaults().items() if text}
    try:
        fill_in(template, given)
    except Invalid as wrong:
        for fault in wrong.faults:
            if fault.field in given:
                said = gettext_noop("The default “{value}” of {field} is refused: {why}")
                where = f"parameters.{fault.field}.default"
                _fault(log, _entry(node, fault.field), where, fault.value or "", "default", said, why=fault.message)


def _entry(node: Node, name: str | None) -> Node:
    return node.entries.get(name or "", node) if isinstance(node, Mapped) else node


def _fault(log: FaultLog, node: Node, named: str, value: str, code: str, template: str, **more: object) -> None:
    log.add(f"jobs.template_file.{code}", template, node.place, named=named, value=value, **more)
