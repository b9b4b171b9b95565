"""Use and closes in a few words, for documents to come of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.calls.world import OPERATOR, World, holder, member

from lionrock.applications.domain import Request
from lionrock.charging.actions import close_month, record_usage
from lionrock.charging.models import MonthClose
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.kernel.periods import Month
from lionrock.people.domain import Role
from lionrock.people.models import Organisation
from lionrock.statements.models import Document

PROGRAMME, HARBOUR, DELTA = "hk-aiss-demo", "harbour-university", "delta-institute"
APRIL, MAY, JUNE = Month(2026, 4), Month(2026, 5), Month(2026, 6)
FINANCE, CLUSTER_ADMIN = holder(Role.FINANCE, PROGRAMME), holder(Role.CLUSTER_ADMIN, PROGRAMME)
CHAN, LEE = member(HARBOUR), member(DELTA)
MIDNIGHT = timedelta(hours=16)
"""Of Hong Kong, in UTC, on the day before."""


@dataclass
class Books:
    """What happens in the programme."""

    world: World

    def use(self, account: str, job: str, hours: int, *, revision: int = 0, day: date = date(2026, 4, 10)) -> None:
        """Take in the use of one processor node, at 16.00 an hour."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        run = UsageRecord(
            site="here", job=job, start=start, end=start + timedelta(hours=hours), account=account, award=None,
            devices={"cpu-node": 1}, device_seconds={}, state="COMPLETED", revision=revision, interim=False,
            origin=Origin("test", 1), cluster_key="",
        )  # fmt: skip
        assert not record_usage([run], actor=CLUSTER_ADMIN, programme=PROGRAMME, now=start, source="test").held

    def close(self, month: Month, programme: str = PROGRAMME) -> MonthClose:
        """Close a month on the first of the next."""
        on = datetime.combine(month.next.first_day, datetime.min.time(), UTC)
        return close_month(actor=FINANCE, programme=programme, month=month, now=on)

    def invoice_and_credit_note(self) -> tuple[Document, Document]:
        """Bill 50 hours of April to Harbour, take 30 of them back in May, and bill Delta 10 in each."""
        self.use(HARBOUR, "1", 50)
        self.use(DELTA, "2", 10)
        self.close(APRIL)
        self.use(HARBOUR, "1", 20, revision=1)
        self.use(DELTA, "3", 10, day=date(2026, 5, 10))
        self.close(MAY)
        harbour = Document.objects.filter(organisation__code=HARBOUR).order_by("month")
        return harbour[0], harbour[1]


def set_up(world: World) -> Books:
    """Give two organisations of the world an award for processor nodes each."""
    Organisation.objects.filter(code=HARBOUR).update(name="=Harbour University", name_zh_hant="海港大學")
    world.put_organisation(DELTA)
    world.put_fund("100000.00")
    call = world.open_call()
    for organisation in (HARBOUR, DELTA):
        asked = Request("cpu-node", 1, 6, date(2026, 4, 1), 100)
        assert world.decided(world.submitted(call, organisation=organisation, request=asked, actor=OPERATOR))
    return Books(world)


def numbers() -> list[str]:
    """Return the numbers of all documents, without what they share."""
    found = Document.objects.order_by("id").values_list("number", flat=True)
    return [number.removeprefix("HK-AISS-DEMO-") for number in found]
