"""Programmes, their calls, and the sites where work runs."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPMethod

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, Given, Nothing
from lionrock.api.cursors import Listed, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import operation
from lionrock.api.shapes import Day, OfProgramme, Plain
from lionrock.calls.commands import call_data
from lionrock.calls.queries import call_by_code, calls
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import programme_on_file, programmes_on_file
from lionrock.rules.presenting import programme_data
from lionrock.sites.queries import sites


class ProgrammeShown(BaseModel):
    """A programme on file."""

    id: str
    name: str
    currency: str
    time_zone: str
    opens: date


class Programmes(BaseModel):
    """All programmes."""

    items: list[ProgrammeShown]


class OnDay(Given):
    """As of a day."""

    on: Day | None = None


class CallShown(BaseModel):
    """A call."""

    code: str
    programme: str
    state: str
    opens: datetime
    closes: datetime | None
    budget: str | None = Field(description="Currency and amount; null where the fund alone is the limit.")
    title: str
    title_zh_hant: str
    title_zh_hans: str


class SiteShown(BaseModel):
    """A place where work runs."""

    code: str
    name: str
    programme: str
    driver: str


class Sites(BaseModel):
    """All sites."""

    items: list[SiteShown]


@operation(HTTPMethod.GET, "programmes", Scope.READ, pages=("public:front",), commands=("programme list",))
def list_programmes(call: Call[Nothing, Nothing]) -> Programmes:  # noqa: ARG001 - every handler is called alike
    """List the programmes on file."""
    return Programmes(
        items=[
            ProgrammeShown(
                id=each.id,
                name=each.names.en,
                currency=each.currency,
                time_zone=each.zone.key,
                opens=each.opens,
            )
            for each in programmes_on_file().values()
        ]
    )


class Terms(BaseModel):
    """The terms of a programme on a day, each value with its source, as `lionrock programme show --json` has them."""

    terms: Plain


@operation(
    HTTPMethod.GET, "programmes/{programme}", Scope.READ, pages=("public:programme",), commands=("programme show",)
)
def read_programme(call: Call[OnDay, Nothing], programme: str) -> Terms:
    """Show the terms of a programme on a day, each with its source and grade."""
    found = programme_on_file(programme)
    return Terms(terms=programme_data(found.at(call.query.on or local_date(call.now, found.zone))))


@operation(HTTPMethod.GET, "calls", Scope.READ, pages=("calls:of_programme",), commands=("call list",))
def list_calls(call: Call[OfProgramme, Nothing]) -> Listed[CallShown]:
    """List the calls that one may see, the newest first."""
    found = calls(call.actor)
    found = found.filter(programme=call.query.programme) if call.query.programme else found
    return piece_of(found, call.query, lambda each: CallShown.model_validate(call_data(each)))


@operation(HTTPMethod.GET, "calls/{code}", Scope.READ, pages=("calls:show",))
def read_call(call: Call[Nothing, Nothing], code: str) -> CallShown:
    """Show one call."""
    return CallShown.model_validate(call_data(call_by_code(call.actor, code)))


@operation(HTTPMethod.GET, "sites", Scope.READ, pages=("sites:list",), commands=("site list",))
def list_sites(call: Call[Nothing, Nothing]) -> Sites:
    """List the sites where work runs."""
    return Sites(
        items=[
            SiteShown(code=each.code, name=each.name, programme=each.programme, driver=each.driver)
            for each in sites(call.actor)
        ]
    )
