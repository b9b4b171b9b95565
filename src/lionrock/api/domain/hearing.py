"""Which of the things that are recorded a webhook is told of, and in which words: the table of topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from lionrock.api.domain.webhooks import Topic

BASE: Final = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Heard:
    """A row: an action that is recorded, and the topic that it is told under.

    `thing` is what it is done to and `place` its address below the API. `key` names the detail that decides: with
    `states` it has to be one of them, and is told in their words; without them, anything but nothing.
    `number` names the detail that the thing is known by, where that is not what the record is about.
    """

    topic: Topic
    action: str
    thing: str
    place: str
    key: str = ""
    states: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    number: str = ""
    state: str = ""

    def state_told(self, details: Mapping[str, object]) -> str | None:
        """Return the state that is told; None where nothing is."""
        found = details.get(self.key) if self.key else None
        if self.states:
            return self.states.get(str(found))
        return self.state if found or not self.key else None

    def told(self, subject: str, details: Mapping[str, object]) -> dict[str, str]:
        """Return what is told of the thing besides its state: its name and its address."""
        name = str(details[self.number]) if self.number else subject.partition("/")[0]
        return {self.thing: name, "address": BASE + self.place.format(name)}


def _same(*states: str) -> Mapping[str, str]:
    return MappingProxyType({state: state for state in states})


_JOB: Final[Any] = {"thing": "job", "place": "jobs/{}"}
_APPLICATION: Final[Any] = {"thing": "application", "place": "applications/{}"}
_PAYMENT: Final[Any] = {"thing": "payment", "place": "payments/{}", "number": "number"}
_AWARD: Final[Any] = {"thing": "award", "place": "awards/{}"}
_QUOTA: Final[Any] = {"thing": "award", "place": "awards/{}/quota"}
_HELD: Final[Any] = {"thing": "source", "place": "usage/held", "key": "held", "state": "held"}
_ENDS: Final = _same("COMPLETED", "FAILED", "TIMEOUT", "NODE_FAIL")
_DECIDED: Final = MappingProxyType({"approve": "approved", "decline": "declined"})

ROWS: Final = (
    Heard(Topic.JOB_QUEUED, "jobs.submit_job", **_JOB, state="PENDING"),
    Heard(Topic.JOB_QUEUED, "jobs.refresh_jobs", **_JOB, key="state", states=_same("PENDING")),
    Heard(Topic.JOB_RUNNING, "jobs.refresh_jobs", **_JOB, key="state", states=_same("RUNNING")),
    Heard(Topic.JOB_ENDED, "jobs.refresh_jobs", **_JOB, key="state", states=_ENDS),
    Heard(Topic.JOB_ENDED, "jobs.hand_over", **_JOB, key="state", states=_ENDS),
    Heard(Topic.JOB_CANCELLED, "jobs.refresh_jobs", **_JOB, key="state", states=_same("CANCELLED")),
    Heard(Topic.JOB_CANCELLED, "jobs.cancel_job", **_JOB, key="state", states=_same("CANCELLED")),
    Heard(Topic.APPLICATION_SUBMITTED, "applications.submit_application", **_APPLICATION, state="submitted"),
    Heard(Topic.APPLICATION_WITHDRAWN, "applications.withdraw_application", **_APPLICATION, state="withdrawn"),
    Heard(Topic.APPLICATION_RETURNED, "intake.return_application", **_APPLICATION, state="returned"),
    Heard(Topic.APPLICATION_DECIDED, "intake.reject_application", **_APPLICATION, state="ineligible"),
    Heard(Topic.APPLICATION_DECIDED, "awards.decide_application", **_APPLICATION, key="decision", states=_DECIDED),
    Heard(Topic.AWARD_SUSPENDED, "awards.suspend_award", **_AWARD, state="suspended"),
    Heard(Topic.AWARD_RESUMED, "awards.resume_award", **_AWARD, state="active"),
    Heard(Topic.ALLOCATION_GRANTED, "allocations.grant_allocation", **_QUOTA, state="granted"),
    Heard(Topic.ALLOCATION_REPLACED, "allocations.replace_allocation", **_QUOTA, state="replaced"),
    Heard(Topic.ALLOCATION_CLOSED, "allocations.close_allocation", **_QUOTA, state="closed"),
    Heard(Topic.PAYMENT_RECEIVED, "receivables.record_payment", **_PAYMENT, state="received"),
    Heard(Topic.PAYMENT_REVERSED, "receivables.reverse_payment", **_PAYMENT, state="reversed"),
    Heard(Topic.USAGE_HELD, "charging.import_usage_file", **_HELD),
    Heard(Topic.USAGE_HELD, "charging.record_usage", **_HELD),
)
"""Every row; the topics of awards made, varied and ended, of months and matched payments have their own events."""

BY_ACTION: Final[Mapping[str, tuple[Heard, ...]]] = MappingProxyType(
    {each.action: tuple(row for row in ROWS if row.action == each.action) for each in ROWS}
)
_EXAMPLES: Final[Mapping[Topic, Mapping[str, str]]] = MappingProxyType(
    {
        Topic.AWARD_MADE: {"award": "AW-2026-0001", "address": f"{BASE}awards/AW-2026-0001"},
        Topic.AWARD_VARIED: {"award": "AW-2026-0001", "address": f"{BASE}awards/AW-2026-0001"},
        Topic.AWARD_ENDED: {"award": "AW-2026-0001", "address": f"{BASE}awards/AW-2026-0001"},
        Topic.MONTH_CLOSED: {"month": "2026-10", "address": f"{BASE}statements"},
        Topic.STATEMENT_ISSUED: {
            "statement": "ST-2026-0001", "month": "2026-10", "address": f"{BASE}statements/ST-2026-0001",
        },
        Topic.PAYMENT_MATCHED: {"payment": "7", "state": "matched", "address": f"{BASE}payments/7"},
    }
)  # fmt: skip
"""What is told under the topics that have no row."""
_WHOSE: Final = {"programme": "hk-aiss-demo", "organisation": "harbour-university"}
_NAMES: Final = MappingProxyType(
    {
        "job": "JOB-2026-0001", "application": "APP-2026-0001", "payment": "7", "award": "AW-2026-0001",
        "source": "october.csv",
    }
)  # fmt: skip


def example_of(topic: Topic) -> dict[str, str]:
    """Return an example of what is told under a topic."""
    if topic is Topic.PING:
        return {}
    row = next((row for row in ROWS if row.topic is topic), None)
    if row is None:
        return {**_EXAMPLES[topic], **_WHOSE}
    name = _NAMES[row.thing]
    state = next(iter(row.states.values()), row.state)
    return {**row.told(name, {row.number: name}), "state": state, **_WHOSE}
