"""What a request would cost and meet, before anybody applies."""

from __future__ import annotations

from http import HTTPMethod

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, Given, Nothing
from lionrock.api.domain.tokens import Scope
from lionrock.api.problems import ProblemFinding, finding_shown
from lionrock.api.registry import operation
from lionrock.api.shapes import Code, Day
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import programme_on_file
from lionrock.public.domain import Estimate, MonthlyCost, Question, estimate
from lionrock.public.queries import circumstances

_MOST = 10**7


class RequestAsked(Given):
    """What would be asked for."""

    category: Code = Field(description="Of applicant, such as university.")
    item: Code = Field(description="Such as h800-node.")
    count: int = Field(ge=1, le=_MOST)
    months: int = Field(ge=1, le=_MOST)
    starts: Day
    hours: int | None = Field(None, ge=1, le=_MOST, description="A device and month, where use is metered.")
    other_subsidy: bool | None = Field(None, description="Whether the same scope has another public subsidy.")

    def question(self) -> Question:
        """Return it as a visitor types it on the page."""
        said = {None: "", True: "yes", False: "no"}[self.other_subsidy]
        numbers = {name: str(getattr(self, name) or "") for name in ("count", "months", "hours")}
        named = {"category": self.category, "item": self.item, "starts": self.starts.isoformat()}
        return Question({**named, **numbers, "other_subsidy": said})


class MonthEstimated(BaseModel):
    """What one calendar month comes to, in minor units."""

    month: str
    list_price: int
    scheme: int
    user: int


class RequestEstimated(BaseModel):
    """What it would cost at the prices of today and who would pay, in minor units, and what the rules say of it."""

    currency: str
    mode: str
    rate: str = Field(description="The share that the scheme pays, as a fraction such as 7/10.")
    list_price: int
    scheme: int
    user: int
    months: list[MonthEstimated] = Field(description="As billed; empty while nobody has said how a part of one counts.")
    findings: list[ProblemFinding]


@operation(HTTPMethod.POST, "programmes/{programme}/estimate", Scope.READ, pages=("public:estimate",))
def estimate_request(call: Call[Nothing, RequestAsked], programme: str) -> RequestEstimated:
    """Tell what a request would cost by month, and whether it would be eligible; nothing is written."""
    found = programme_on_file(programme)
    on = local_date(call.now, found.zone)
    return _shown(estimate(found, call.body.question(), circumstances(found.id, call.now), on))


def _shown(found: Estimate) -> RequestEstimated:
    quoted = found.quote
    return RequestEstimated(
        currency=quoted.list_price.currency,
        mode=quoted.mode.value,
        rate=str(quoted.rate),
        list_price=quoted.list_price.minor,
        scheme=quoted.scheme_share.minor,
        user=quoted.user_share.minor,
        months=[_month_shown(each) for each in found.months],
        findings=[finding_shown(each) for each in found.findings],
    )


def _month_shown(each: MonthlyCost) -> MonthEstimated:
    amounts = {name: getattr(each, name).minor for name in ("list_price", "scheme", "user")}
    return MonthEstimated(month=str(each.month), **amounts)
