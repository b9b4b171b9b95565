"""Awards, and the quota that they give."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from http import HTTPMethod

from pydantic import BaseModel, Field

from lionrock.allocations.commands import allocation_data
from lionrock.allocations.queries import allocations
from lionrock.api.calls import Call, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import operation
from lionrock.api.shapes import OfProgramme
from lionrock.awards.commands.awards import award_data
from lionrock.awards.queries import KEPT_LONG, award_by_code, awards
from lionrock.jobs.costing import quota_left


class AwardShown(BaseModel):
    """An award, as it was decided and as it stands."""

    code: str
    application: str
    programme: str
    organisation: str
    item: str
    mode: str = Field(description="lease or metered.")
    count: int
    hours: int | None
    share: Decimal = Field(description="The scheme's share of the list price.")
    exceptional: bool
    list_price: str
    cap: str
    valid_from: date
    valid_to: date = Field(description="Its first day on which it is no longer valid.")
    conditions: str
    accept_by: date
    signatory: str
    in_force_from: date | None
    decided_by: str
    reason: str
    state: str
    ended_at: datetime | None
    end_reason: str


class AllocationShown(BaseModel):
    """The right to use so many device-seconds of an item."""

    award: str
    organisation: str
    item: str
    count: int
    device_seconds: int
    used: int
    remaining: int
    starts: datetime
    ends: datetime
    state: str


class QuotaShown(BaseModel):
    """What is left of an award's quota now, in device-seconds, and how long it lasts at the present pace."""

    award: str
    item: str
    granted: int
    left: int = Field(description="Without what running jobs hold.")
    held: int
    used_lately: int = Field(description="In the last 14 days.")
    lasts_days: int | None
    ends: date


class OfAward(Piece):
    """A list that can be narrowed to one award."""

    award: str = Field("", max_length=32, description="Only of this one.")


@operation(HTTPMethod.GET, "awards", Scope.READ, pages=("awards:list",), commands=("award list",))
def list_awards(call: Call[OfProgramme, Nothing]) -> Listed[AwardShown]:
    """List the awards that one may see, the newest first."""
    found = awards(call.actor).select_related("application", "organisation").defer(*KEPT_LONG)
    found = found.filter(programme=call.query.programme) if call.query.programme else found
    return piece_of(found, call.query, lambda each: AwardShown.model_validate(award_data(each)))


@operation(HTTPMethod.GET, "awards/{code}", Scope.READ, pages=("awards:show",), commands=("award show",))
def read_award(call: Call[Nothing, Nothing], code: str) -> AwardShown:
    """Show one award."""
    return AwardShown.model_validate(award_data(award_by_code(call.actor, code)))


@operation(
    HTTPMethod.GET, "awards/{code}/quota", Scope.READ, pages=("awards:show", "jobs:show"), commands=("job quota",)
)
def read_quota(call: Call[Nothing, Nothing], code: str) -> QuotaShown:
    """Tell what is left of an award's quota, with what running jobs hold taken off."""
    quota = quota_left(award_by_code(call.actor, code), call.now)
    return QuotaShown(
        award=code,
        item=quota.item,
        granted=quota.granted,
        left=quota.left,
        held=quota.held,
        used_lately=quota.lately,
        lasts_days=quota.lasts_days,
        ends=quota.ends,
    )


@operation(HTTPMethod.GET, "allocations", Scope.READ, pages=("awards:show",), commands=("allocation list",))
def list_allocations(call: Call[OfAward, Nothing]) -> Listed[AllocationShown]:
    """List the allocations under the awards that one may see, with what is used and left."""
    found = allocations(call.actor)
    found = found.filter(award__code=call.query.award) if call.query.award else found
    return piece_of(found, call.query, lambda each: AllocationShown.model_validate(allocation_data(each)))
