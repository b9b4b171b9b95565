"""The demonstration's story as data: who is in it, what they ask for, what is decided."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from lionrock.charging.replay.located import read_located

STORY = Path(__file__).parent / "story.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(_Part):
    """A name in the three languages."""

    en: str
    zh_hant: Annotated[str, Field(alias="zh-hant")]
    zh_hans: Annotated[str, Field(alias="zh-hans")]


class Member(_Part):
    """Somebody with an address and a name."""

    email: str
    name: str


class Staff(Member):
    """Somebody who works for the programme."""

    role: str


class Operator(Member):
    """The one who signs in when the demonstration is ready."""

    roles: tuple[str, ...]


class OnCluster(_Part):
    """Who of an organisation is on the cluster, and its weight in the generated load."""

    users: tuple[str, ...]
    weight: int


class Strangers(OnCluster):
    """Users of an account that is not on file."""

    account: str


Answers = dict[str, Any]
"""What is answered in the application form: part, field, and language where there are several."""


class Organisation(_Part):
    """An organisation, its member, its part in the load; what it answers in every form, and which documents it has."""

    code: str
    names: Names
    member: Member
    answers: Answers
    has: tuple[str, ...] = ()
    cluster: OnCluster | None = None


class Asked(_Part):
    """What is asked for; `day` is the first day of use within the month that is shown."""

    item: str
    count: int
    months: int
    day: int
    hours: int | None = None


class Exceptional(_Part):
    """A share above the general level, and why."""

    share: str
    reason: str


class Proposal(_Part):
    """What stands in the proposal, and in which language."""

    language: str
    text: str


class Reached(StrEnum):
    """How far an application has come when the demonstration is ready."""

    SUBMITTED = "submitted"
    ASSESSING = "assessing"
    ASSESSED = "assessed"
    DECIDED = "decided"


class Application(_Part):
    """An application, the marks that two assessors give it and what they say, and what is decided about it."""

    organisation: str
    category: str
    names: Names
    request: Asked
    proposal: Proposal
    answers: Answers
    marks: tuple[int, int] = (4, 4)
    comment: str
    exceptional: Exceptional | None = None
    declined: str = ""
    reached: Reached = Reached.DECIDED


class Workload(_Part):
    """The generated load: how many devices there are, and which part of their time is asked for."""

    devices: int
    utilisation: str
    counted: str
    item: str


class Site(_Part):
    """Where it runs."""

    code: str
    names: Names


class CallText(_Part):
    """The call's title."""

    names: Names


class Story(_Part):
    """All of it."""

    programme: str
    seed: int
    workload: Workload
    site: Site
    organisations: tuple[Organisation, ...]
    strangers: Strangers
    staff: tuple[Staff, ...]
    operator: Operator
    call: CallText
    usual: Answers
    specimen: Names
    applications: tuple[Application, ...]
    meetings: dict[str, Names]
    signs_as: str


def read_story() -> Story:
    """Return the story that comes with Lionrock."""
    return Story.model_validate(read_located(STORY))
