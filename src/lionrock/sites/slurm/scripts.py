"""What is handed to `sbatch`: the options and the script of a job, and which requests are refused before."""

from __future__ import annotations

import io
import re
import shlex
import tarfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.sites.drivers.protocol import AFTER, JobSpec

RUN_FOLDER = "run"
_GRES = re.compile(r"gres/(\w+):([\w.-]+)")
_ARRAY = re.compile(r"\d{1,6}(-\d{1,6})?(:\d{1,6})?(,\d{1,6}(-\d{1,6})?(:\d{1,6})?)*(%\d{1,6})?")
_NAME = re.compile(r"[A-Za-z0-9][\w.@+-]{0,127}")
_USER = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
_HANDLE = re.compile(r"(?P<cluster>[\w-]+)/(?P<job>\d{1,10})/(?P<submitted>\d{1,12})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LONGEST_NAME: Final = 100
TWICE: Final = 75
"""The exit code of a job that finds that another submission of it runs already (EX_TEMPFAIL)."""


def faults_of(spec: JobSpec, cluster: str) -> list[Fault]:
    """Return what is wrong with a job before a cluster is asked.

    A GPU must be asked for with its type: Slurm checks no limit on a type for a job that names none.
    """
    names = {"account": spec.account, "partition": spec.partition, "qos": spec.qos}
    faults = [
        _fault(field, name, gettext_noop("“{value}” cannot be a name on a cluster."))
        for field, name in names.items()
        if name and not _NAME.fullmatch(name)
    ]
    if spec.user and not _USER.fullmatch(spec.user):
        faults.append(_fault("user", spec.user, gettext_noop("“{value}” cannot be a user of a cluster.")))
    if spec.array and not _ARRAY.fullmatch(spec.array):
        template = gettext_noop("“{value}” is no array. Write it as 0-9, or as 0-9%2 to run two at once.")
        faults.append(_fault("array", spec.array, template))
    return faults + _device_faults(spec) + _after_faults(spec, cluster)


def _device_faults(spec: JobSpec) -> list[Fault]:
    template = gettext_noop("“{value}” names no type of device. Ask for one by its type, as gres/gpu:h800.")
    wrong = [name for name in spec.gres if name not in {"cpu", "mem"} and not _GRES.fullmatch(name)]
    few = gettext_noop("A job needs a whole number of devices and nodes from 1 up, not {value}.")
    counts = {f"gres {name}": count for name, count in spec.gres.items()} | {"nodes": spec.nodes}
    return [_fault("gres", name, template) for name in wrong] + [
        _fault(field, str(count), few) for field, count in counts.items() if count < 1
    ]


def _after_faults(spec: JobSpec, cluster: str) -> list[Fault]:
    template = gettext_noop("“{value}” is nothing that a job of this cluster can wait for.")
    return [
        _fault("after", f"{when}:{handle}", template)
        for when, handle in spec.after
        if when not in AFTER or (parse_handle(handle) or ("", 0, 0))[0] != cluster
    ]


def _fault(field: str, value: str, template: str) -> Fault:
    said: Message = message(template, value=value)
    return Fault(f"sites.slurm.{field.partition(' ')[0]}", said, field=field, value=value)


def check(spec: JobSpec, cluster: str) -> None:
    """Raise `Invalid` with every fault of a job; see `faults_of`."""
    if faults := faults_of(spec, cluster):
        said = message(gettext_noop("The cluster cannot take the job so: {first}"), first=faults[0].message)
        raise Invalid("sites.slurm.job", said, faults=faults)


def parse_handle(handle: str) -> tuple[str, int, int] | None:
    """Return cluster, job number and submission (seconds since 1970) of a handle; None for no handle of ours."""
    found = _HANDLE.fullmatch(handle)
    return (found["cluster"], int(found["job"]), int(found["submitted"])) if found else None


def run_folder(folder: str) -> str:
    """Return where the job of a folder runs and keeps its own files; beside it lies what it wrote."""
    return f"{folder}/{RUN_FOLDER}"


def options(spec: JobSpec, folder: str) -> list[str]:
    """Return the options of `sbatch`; a time limit is rounded up to whole minutes, as Slurm keeps them.

    All that a job writes is appended, so that what was read stays where it was when it runs again.
    """
    given = {
        "job-name": plain_name(spec.name or spec.code),
        "chdir": run_folder(folder),
        "output": f"{folder}/stdout",
        "error": f"{folder}/stderr",
        "time": str(-(-spec.time_limit_seconds // 60)),
        "nodes": str(spec.nodes),
        "account": spec.account,
        "partition": spec.partition,
        "qos": spec.qos,
        "array": spec.array,
        "comment": f"lionrock:{plain_name(spec.code)}",
        "dependency": _dependency(spec),
        **_devices(spec.gres),
    }
    flags = ["--parsable", "--open-mode=append", "--kill-on-invalid-dep=yes"]
    flags.append("--requeue" if spec.requeue else "--no-requeue")
    return flags + [f"--{name}={value}" for name, value in given.items() if value]


def _dependency(spec: JobSpec) -> str:
    jobs = [(when, found[1]) for when, handle in spec.after if (found := parse_handle(handle))]
    return ",".join(f"{when}:{job}" for when, job in jobs)


def _devices(wanted: Mapping[str, int]) -> dict[str, str]:
    gres = [f"{found[1]}:{found[2]}:{count}" for name, count in wanted.items() if (found := _GRES.fullmatch(name))]
    given = {"gres": ",".join(gres)}
    if "cpu" in wanted:
        given |= {"ntasks-per-node": "1", "cpus-per-task": str(wanted["cpu"])}
    if "mem" in wanted:
        given["mem"] = f"{wanted['mem']}M"
    return given


def plain_name(name: str) -> str:
    """Return a name without what breaks lines, and not too long; everything else, in any script, stays."""
    return _CONTROL.sub(" ", name).strip()[:_LONGEST_NAME] or "job"


def script(spec: JobSpec, folder: str) -> str:
    """Return the batch script: it claims the job, then becomes its program.

    The first submission that starts makes the claim, a link that names its number. Should `sbatch`
    have taken a job although it seemed not to answer, and another have been submitted since, the
    second finds the claim and runs nothing.
    """
    words = " ".join(quoted(word) for word in spec.argv)
    claim, variables = shlex.quote(f"{folder}/claim"), _variables(spec)
    return f"""#!/bin/bash
run=${{SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}}
ln -s "$run" {claim} 2>/dev/null
if [ "$(readlink {claim})" != "$run" ]; then
    echo "This job was submitted twice; number $(readlink {claim}) runs it." >&2
    exit {TWICE}
fi
export HOME="${{HOME:-$PWD}}" {variables}
exec {words}
"""


def _variables(spec: JobSpec) -> str:
    given = {"JOB_CODE": spec.code, "JOB_TIME_LIMIT_SECONDS": str(spec.time_limit_seconds)}
    return " ".join(f"{name}={quoted(value)}" for name, value in given.items())


def quoted(word: str) -> str:
    """Return a word as bash reads it back; `sbatch` refuses a carriage return in a script, so that is spelt."""
    if not _CONTROL.search(word):
        return shlex.quote(word)
    spelt = "".join(f"\\x{ord(sign):02x}" if ord(sign) < 32 or sign in "\\'\x7f" else sign for sign in word)
    return f"$'{spelt}'"


def archive(files: Mapping[str, str]) -> bytes:
    """Return the files of a job as an archive of its working folder; raises `Invalid` for a name that leads out."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archived:
        for name, text in files.items():
            path = PurePosixPath(name)
            if not name or path.is_absolute() or ".." in path.parts or _CONTROL.search(name):
                template = gettext_noop("“{value}” cannot be a file of a job. Name it relative to the job's folder.")
                raise Invalid(
                    "sites.slurm.file_name",
                    message(template, value=name),
                    faults=[_fault("file_name", name, template)],
                )
            content = text.encode("utf-8", "surrogateescape")
            entry = tarfile.TarInfo(f"{RUN_FOLDER}/{path}")
            entry.size, entry.mode = len(content), 0o700
            archived.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
