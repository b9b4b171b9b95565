"""YAML in which every mapping knows the line of each key, and decimals and dates stay text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message


class Located(dict[str, Any]):
    """A mapping with the line (from 1) of each of its keys in `lines`, and its own in `line`."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class _TextLoader(yaml.SafeLoader):
    """Reads whole numbers, true, false and null; leaves decimals, dates, “007” and “no” as text."""

    yaml_implicit_resolvers = {}


for _kind, _pattern, _first in (
    ("int", r"-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"(?:<<)$", "<"),
):
    _TextLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), list(_first))


def _construct_mapping(loader: _TextLoader, node: yaml.MappingNode) -> Located:
    loader.flatten_mapping(node)
    found = Located(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in found:
            raise yaml.MarkedYAMLError(problem=f"“{key}” is given twice", problem_mark=key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = key_node.start_mark.line + 1
    return found


_TextLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def read_located(path: Path) -> Located:
    """Read a YAML file whose top is a mapping; raises `Invalid` naming file and line."""
    try:
        top = yaml.load(path.read_text("utf-8"), Loader=_TextLoader)  # noqa: S506 - a SafeLoader
    except OSError as unreadable:
        raise _invalid(path, None, unreadable.strerror or str(unreadable)) from unreadable
    except UnicodeDecodeError as garbled:
        raise _invalid(path, None, f"not UTF-8 at byte {garbled.start}") from garbled
    except RecursionError as deep:
        raise _invalid(path, None, "its lists and mappings are nested too deep") from deep
    except yaml.MarkedYAMLError as malformed:
        mark = malformed.problem_mark
        raise _invalid(path, mark.line + 1 if mark else None, malformed.problem or str(malformed)) from malformed
    except yaml.YAMLError as malformed:
        raise _invalid(path, None, " ".join(str(malformed).split())) from malformed
    if not isinstance(top, Located):
        raise _invalid(path, 1, "the top of the file is not a mapping")
    return top


def _invalid(path: Path, line: int | None, problem: str) -> Invalid:
    said = message(
        gettext_noop("{file} cannot be read as a case file: {problem}. Correct it and try again."),
        file=path.name,
        problem=problem,
    )
    return Invalid(
        "charging.replay.unreadable", said, faults=[Fault("charging.replay.unreadable", said, str(path), line)]
    )
