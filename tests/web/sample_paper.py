"""An invented statement with everything that one can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from lionrock.kernel.findings import Citation, Grade, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, Price
from lionrock.kernel.periods import Month
from lionrock.rules.shape import Names
from lionrock.statements.papers import AwardTotal, Note, Paid, Paper, PaperLine

NODE = Names("Node with eight H800", "八卡 H800 節點", "八卡 H800 节点")
HOUR = Names("H800 hour", "H800 卡時", "H800 卡时")
CITATION = Citation("vote-7", "Digital Office", "Guide to the scheme", date(2024, 10, 7), None, Grade.PRIMARY)


def hkd(text: str) -> Money:
    """Return an amount in Hong Kong dollars."""
    return Money.parse(text, "HKD")


def line(gross: str, subsidy: str, user: str, *, corrects: Month | None = None, what: Names = NODE) -> PaperLine:
    """Return one line of the sample."""
    leased = what is NODE
    return PaperLine(
        kind="correction" if corrects else "usage",
        what=what,
        site="harbour-centre",
        quantity=Decimal("0.935484") if leased else Decimal("1234.5"),
        unit="node_month" if leased else "device_hour",
        unit_price=Price.parse("320000.00" if leased else "54.794521", "HKD"),
        price_from=date(2025, 1, 1),
        paid=(Paid("AW-2025-0001", Decimal("0.7"), hkd(subsidy)),),
        gross=hkd(gross),
        subsidy=hkd(subsidy),
        user=hkd(user),
        corrects=corrects,
    )


def paper(*, lines: int = 3, organisation: str = "Harbour University") -> Paper:
    """Return a statement with so many lines; its totals are the sums of them."""
    middle = [line("67643.84", "47350.69", "20293.15", what=HOUR) for _each in range(lines - 2)]
    rows = (line("299354.84", "209548.39", "89806.45"), *middle)
    rows += (line("-1200.00", "-840.00", "-360.00", corrects=Month(2025, 2), what=HOUR),)
    return Paper(
        number="HK-AISS-DEMO-INV-2025-0042",
        kind="invoice",
        programme=Names("AI Subsidy Scheme (demonstration)", "人工智能資助計劃（示範）", "人工智能资助计划（示范）"),
        organisation=Names(organisation, "海港大學", "海港大学"),
        organisation_code="harbour-university",
        month=Month(2025, 3),
        issued_at=datetime(2025, 4, 1, 3, 0, tzinfo=UTC),
        zone=ZoneInfo("Asia/Hong_Kong"),
        currency="HKD",
        gross=Money(sum(row.gross.minor for row in rows), "HKD"),
        subsidy=Money(sum(row.subsidy.minor for row in rows), "HKD"),
        user=Money(sum(row.user.minor for row in rows), "HKD"),
        lines=rows,
        awards=(
            AwardTotal(
                "AW-2025-0001",
                Names("A language model for court judgments", "法院判詞模型", "法院判词模型"),
                hkd("256059.08"),
                hkd("1243940.92"),
            ),
        ),
        notes=(
            Note(message(gettext_noop("Each line is reckoned exactly and rounded once, halves away from zero."))),
            Note(
                message(gettext_noop("Subsidy is the share of the list price that the award gives.")),
                (ParameterRead("subsidy.general_rate", "0.70", date(2024, 10, 7), CITATION),),
            ),
        ),
    )
