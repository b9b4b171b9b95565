"""How a cluster is reached: which words a connection may have, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message

_CLUSTER = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PATH = re.compile(r"/[\w./+@-]+")
USERNAME: Final = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")


def _is_prefix(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(word, str) for word in value) and "{user}" in value


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value)) and ".." not in value


def _is_texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair)


KEYS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "cluster": (_matches(_CLUSTER), gettext_noop("the cluster's name in its accounting (ClusterName in slurm.conf)")),
    "conf": (_matches(_PATH), gettext_noop("the whole path of slurm.conf on this machine")),
    "folder": (_matches(_PATH), gettext_noop("the whole path of a folder that this machine and all nodes share")),
    "service_user": (_matches(USERNAME), gettext_noop("the user whose jobs are those of persons without an account")),
    "as_user": (_is_prefix, gettext_noop("the words before a command that run it as somebody, {{user}} among them")),
    "longest_seconds": (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0,
        gettext_noop("the longest time limit of a job, in seconds"),
    ),
    "environment": (_is_texts, gettext_noop("variables that Slurm's programs need here, name and value")),
    "rest": (_is_texts, gettext_noop("the REST interface: url, version, token_file and user")),
}
"""Key → whether a value can be right, and what it is."""

NEEDED: Final = ("cluster", "folder")


def faults_of(connection: Mapping[str, object]) -> list[Fault]:
    """Return what is wrong with a connection: keys that are not known or missing, values that cannot be."""
    faults = []
    for key, value in connection.items():
        if key not in KEYS:
            template = gettext_noop("“{value}” is nothing that a connection has. It has: {known}.")
            faults.append(_fault(key, key, template, known=", ".join(KEYS)))
        elif not KEYS[key][0](value):
            template = gettext_noop("“{value}” cannot be {key}: it is {what}.")
            faults.append(_fault(key, str(value), template, key=key, what=message(KEYS[key][1])))
    missing = gettext_noop("The connection lacks {key}: {what}.")
    return faults + [
        _fault(key, "", missing, key=key, what=message(KEYS[key][1])) for key in NEEDED if key not in connection
    ]


def _fault(field: str, value: str, template: str, **more: object) -> Fault:
    said = message(template, **({"value": value} | more))
    return Fault("sites.connection.invalid", said, field=field, value=value)
