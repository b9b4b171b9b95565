"""Asking the scheduler by REST where a cluster serves it: 22.05 (v0.0.36 to 38) and 24.11 (v0.0.40 to 42) alike.

A version's answers are read by what is in them and not by its number: until 22.05 a number is a
number and a state a word; later ones wrap numbers in {set, infinite, number} and list states.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.slurm.records import Queued
from lionrock.sites.slurm.states import instant

_NO_SUCH_JOB: Final = 2017
_LARGEST_ANSWER: Final = 64 << 20
_PATIENCE_SECONDS: Final = 20


class Rest:
    """One cluster's REST interface; `place` has url, version (“v0.0.38”), token_file and user."""

    def __init__(self, place: Mapping[str, object]) -> None:
        self.place = {name: str(value) for name, value in place.items()}

    def queued(self, job: int) -> list[Queued]:
        """Return what the scheduler has of a job, nothing when it has none; raises `Unavailable`."""
        return jobs(self._get(f"/slurm/{self.place.get('version', '')}/job/{job}"))

    def _get(self, path: str) -> str:
        address = urlsplit(self.place.get("url", ""))
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        try:
            asked = kind(address.hostname or "", address.port, timeout=_PATIENCE_SECONDS)
            try:
                asked.request("GET", f"{address.path.rstrip('/')}{path}", headers=self._headers())
                answer = asked.getresponse()
                said = answer.read(_LARGEST_ANSWER).decode("utf-8", "backslashreplace")
            finally:
                asked.close()
        except (OSError, ValueError, http.client.HTTPException) as why:
            raise _away(str(why)) from why
        if answer.status in {401, 403}:
            raise _away(f"HTTP {answer.status}")
        return said

    def _headers(self) -> dict[str, str]:
        token = Path(self.place.get("token_file", "")).read_text(encoding="ascii").strip()
        return {"X-SLURM-USER-NAME": self.place.get("user", "root"), "X-SLURM-USER-TOKEN": token}


def jobs(text: str) -> list[Queued]:
    """Return the jobs of an answer; an answer that is none, or that names an error, is `Unavailable`.

    Errors come with any HTTP status, 200 too, so only the answer itself counts.
    """
    try:
        read = json.loads(text)
        errors = [error for error in read.get("errors") or [] if error.get("error_number") != _NO_SUCH_JOB]
        if errors:
            raise _away(str(errors[0].get("error") or errors[0].get("description") or errors[0]))
        return [_queued(job) for job in read["jobs"]]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as wrong:
        raise _away(f"{type(wrong).__name__}: {text[:80]}") from wrong


def _queued(job: Mapping[str, Any]) -> Queued:
    task = _number(job.get("array_task_id"))
    states = job["job_state"]
    return Queued(
        job=int(job["job_id"]),
        array=_number(job.get("array_job_id")) or int(job["job_id"]),
        task=str(task) if task is not None else str(job.get("array_task_string") or "N/A"),
        word=states if isinstance(states, str) else str(states[0]),
        because=str(job.get("state_reason") or "None"),
        submitted=_number(job["submit_time"]) or 0,
        start=instant(str(_number(job.get("start_time")) or 0)),
        nodes=str(job.get("nodes") or ""),
        folder=str(job.get("current_working_directory") or ""),
    )


def _number(value: object) -> int | None:
    """Return a number, wrapped or not; None where it is not set or has no end."""
    if isinstance(value, Mapping):
        return int(value["number"]) if value.get("set") and not value.get("infinite") else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _away(why: str) -> Unavailable:
    return Unavailable(
        "sites.slurm.rest",
        message(gettext_noop("The REST interface of the cluster cannot be used now ({why})."), why=why),
    )
