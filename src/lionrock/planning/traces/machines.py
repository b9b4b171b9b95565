"""Files that say which virtual cluster has how many nodes of how many units: Parquet, or CSV with a header."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Unit


def read_machines(path: Path, unit: Unit) -> dict[str, Machine]:
    """Read the columns vc, nodes and (such as) gpus_per_node; raises `Invalid` with a fault for each wrong row."""
    size = f"{unit.value}_per_node"
    try:
        with duckdb.connect(config={"threads": 1}) as database:
            read = database.read_parquet if path.suffix == ".parquet" else database.read_csv
            rows = read(str(path)).project(f"vc::varchar, nodes::bigint, {size}::bigint").fetchall()
    except duckdb.Error as wrong:
        said = message(
            gettext_noop(
                "{file} cannot be read as a machine: {reason}. It needs the columns vc, nodes and {size}, as Parquet "
                "or as CSV with a header."
            ),
            file=path.name,
            reason=str(wrong).splitlines()[0].rstrip("."),
            size=size,
        )
        raise Invalid("planning.machine.unread", said, faults=[_fault(path, said, "file")]) from wrong
    return _checked(path, rows, size)


def _checked(path: Path, rows: list[tuple[str | None, int | None, int | None]], size: str) -> dict[str, Machine]:
    machines: dict[str, Machine] = {}
    faults = []
    for name, nodes, units in rows:
        if not name or name in machines:
            said = gettext_noop("{file} names the virtual cluster “{name}” twice, or not at all. Give each one row.")
            faults.append(_fault(path, message(said, file=path.name, name=name or ""), "vc"))
        elif nodes is None or units is None or nodes < 1 or units < 1:
            said = gettext_noop("“{name}” in {file} has no nodes, or none of {size}. Give it at least one of each.")
            faults.append(_fault(path, message(said, file=path.name, name=name, size=size), "nodes"))
        else:
            machines[name] = Machine(nodes, units)
    if faults or not machines:
        said = gettext_noop("{file} does not describe a machine: it has {count} wrong rows of {rows}.")
        raise Invalid(
            "planning.machine.rows", message(said, file=path.name, count=len(faults), rows=len(rows)), faults=faults
        )
    return machines


def _fault(path: Path, said: Message, field: str) -> Fault:
    return Fault("planning.machine", said, file=path.name, field=field)
