"""Jobs: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items
from lionrock_client.operations.shared import ProblemFinding


class Cost(TypedDict):
    """What it would cost at most, in minor units of `currency`, and who pays."""

    currency: str

    list_price: int

    scheme: int

    own: int

    complete: bool
    """False where a part has no price."""


class EstimateShown(TypedDict):
    """The worst case, when the job runs for all its time limit."""

    award: str

    site: str

    cost: Cost | None
    """Null for a leased award: it costs nothing on top."""

    device_seconds: int

    quota_left: int

    starts: str | None
    """When it would start by what is known now."""

    not_known_because: str | None

    findings: list[ProblemFinding]

    stands_against: int
    """How many of the findings are not met."""


class JobAsked(TypedDict):
    """A job: a command (`argv`) with its `time_limit_seconds`, or a `template` with its `values`."""

    award: str

    argv: NotRequired[list[str]]

    time_limit_seconds: NotRequired[int | None]

    devices: NotRequired[dict[str, int]]
    """Item to count; else one of the award's item."""

    files: NotRequired[dict[str, str]]
    """Name in the job's folder to text."""

    template: NotRequired[str]

    values: NotRequired[dict[str, str]]
    """Values of the template; else its defaults."""

    name: NotRequired[str]

    site: NotRequired[str]

    array: NotRequired[str]
    """Tasks, such as 0-9 or 0-9%2."""

    after: NotRequired[list[str]]
    """Jobs to wait for: a code, or afterany: and a code."""

    requeue: NotRequired[bool]


class JobShown(TypedDict):
    """A job: what was asked, what became of it, what it used."""

    code: str

    name: str

    award: str

    organisation: str

    site: str

    submitted_by: str

    command: str

    files: list[str]

    devices: dict[str, int]

    time_limit_seconds: int

    template: str | None

    array: str | None

    after: list[str]

    state: str

    why: str | None
    """Why it waits, or ended as it did."""

    submitted_at: str

    started_at: str | None

    ended_at: str | None

    seconds: int | None

    exit_code: int | None

    cpu_milliseconds: int | None

    peak_memory_bytes: int | None

    cancel_requested_at: str | None

    usage_recorded_at: str | None

    usage_held_because: str | None


class ListedJobShown(TypedDict):
    """ListedJobShown."""

    items: list[JobShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class OutputShown(TypedDict):
    """A file of a job's folder."""

    name: str

    size: int


class Outputs(TypedDict):
    """The files of a job's folder by name."""

    items: list[OutputShown]


class JobsPart(Part):
    """The operations below /api/v1/jobs."""

    def submit_job(self, body: JobAsked, *, key: str | None = None) -> JobShown:
        """Submit a job. It is on file with the answer, and handed to its site right after; then follow it.

        Scope: `jobs`.
        """
        asked = Asked("POST", "jobs", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("JobShown", self._connection.document(asked))

    def list_jobs(
        self, *, limit: int | None = None, cursor: str | None = None, award: str | None = None, open: bool | None = None
    ) -> Items[JobShown]:
        """List the jobs that one may see as they were known last, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "jobs", query={"limit": limit, "cursor": cursor, "award": award, "open": open})
        return self._items(asked)

    def estimate_job(self, body: JobAsked) -> EstimateShown:
        """Tell what a job would cost and when it would start; nothing is written.

        Scope: `read`.
        """
        asked = Asked("POST", "jobs/estimate", headers=typed(JSON), content=json_of(body))
        return cast("EstimateShown", self._connection.document(asked))

    def read_job(self, code: str) -> JobShown:
        """Show one job as it stands now: its site is asked, at most every two seconds.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("jobs/{code}", code=code))
        return cast("JobShown", self._connection.document(asked))

    def cancel_job(self, code: str, *, key: str | None = None) -> JobShown:
        """Stop a job, waiting or running; a running one may take a while.

        Scope: `jobs`.
        """
        asked = Asked("POST", path_of("jobs/{code}/cancel", code=code), headers=keyed(key))
        return cast("JobShown", self._connection.document(asked))

    def read_output(self, code: str, *, name: str, offset: int | None = None, limit: int | None = None) -> Download:
        """Hand out a file of a job's folder, as bytes: from an offset on; behind its end there are none.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("jobs/{code}/file", code=code), query={"name": name, "offset": offset, "limit": limit}
        )
        return self._connection.file(asked)

    def list_outputs(self, code: str) -> Outputs:
        """List the files of a job's folder, with their bytes; none where its site hands none out.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("jobs/{code}/files", code=code))
        return cast("Outputs", self._connection.document(asked))

    def read_log(
        self,
        code: str,
        *,
        stream: Literal["stdout", "stderr"] | None = None,
        offset: int | None = None,
        limit: int | None = None,
    ) -> Download:
        """Hand out what a job wrote, as bytes: from an offset on, or its end.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("jobs/{code}/log", code=code), query={"stream": stream, "offset": offset, "limit": limit}
        )
        return self._connection.file(asked)

    def requeue_job(self, code: str, *, key: str | None = None) -> JobShown:
        """Run a running job again from its start; what it has used is billed as a run of its own.

        Scope: `jobs`.
        """
        asked = Asked("POST", path_of("jobs/{code}/requeue", code=code), headers=keyed(key))
        return cast("JobShown", self._connection.document(asked))
