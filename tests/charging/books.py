"""A programme made for one test: its own price list, organisations and awards, with use and closes in a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from tests.calls.world import INVENTED, holder

from lionrock.allocations.actions import grant_allocation
from lionrock.applications.models import Application
from lionrock.awards.models import Award
from lionrock.calls.models import Call
from lionrock.charging.actions import close_month, record_usage
from lionrock.charging.actions.intake import Intake
from lionrock.charging.models import MonthClose
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.actions import appropriate, post
from lionrock.ledger.domain import commitment
from lionrock.ledger.queries import balances
from lionrock.people.domain import Role, terminal_operator
from lionrock.people.models import Organisation

PROGRAMME = "told"
FINANCE = holder(Role.FINANCE, PROGRAMME)
CLUSTER_ADMIN = holder(Role.CLUSTER_ADMIN, PROGRAMME)
MADE = datetime(2026, 1, 1, tzinfo=UTC)
NO_CAP = 10**14

OPENS = "1990-01-01"

HOUR = {"sku": "gpu", "versions": [["2000-01-01", "10.00"]]}


def utc(text: str) -> datetime:
    """Read an instant; one without offset is in Hong Kong."""
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo("Asia/Hong_Kong"))).astimezone(UTC)


def used(job: str, start: str, end: str, *, line: int = 1, **facts: Any) -> UsageRecord:
    """Return a record of one device held by u1."""
    given: dict[str, Any] = {
        "site": "north",
        "job": job,
        "start": utc(start),
        "end": utc(end),
        "account": "u1",
        "award": None,
        "devices": {"gpu": 1},
        "device_seconds": {},
        "state": "COMPLETED",
        "revision": 1,
        "interim": False,
        "origin": Origin("use.csv", line),
        "cluster_key": "",
    }
    return UsageRecord(**(given | facts))


@dataclass
class Books:
    """A programme of its own in an otherwise empty database."""

    folder: Path
    currency: str = "HKD"
    zone: str = "Asia/Hong_Kong"
    proration: str = "by_second"
    prices: dict[str, Mapping[str, Any]] = field(default_factory=lambda: {"gpu": HOUR})
    programme: str = PROGRAMME

    def __post_init__(self) -> None:
        self.folder.joinpath("programmes", self.programme).mkdir(parents=True)
        settings.LIONROCK_RULEBOOK = self.folder
        self.state_rules()

    def state_rules(self) -> None:
        """Write the rulebook: the invented one's terms with our currency, zone, rule and prices."""
        units = (INVENTED / "units.yaml").read_text().replace("by_day", "by_second, by_day")
        terms = (INVENTED / "programmes" / "lagoon" / "terms.yaml").read_text()
        first = next(iter(self.prices.values()))
        terms = terms.replace("capacity.pod:", f"capacity.{first['sku']}:")
        for old, new in (("2026-02-01", OPENS), ("by_day", self.proration), ("1000.500", "1000"), ("0.005", "0")):
            terms = terms.replace(old, new)
        programme = {
            "id": self.programme,
            "names": {"value": {"en": "Told"}, "source": "statute"},
            "currency": {"value": self.currency, "source": "statute"},
            "time_zone": {"value": self.zone, "source": "statute"},
            "opens": {"value": OPENS, "source": "statute"},
        }
        items = _items(self.prices.values())
        own = self.folder / "programmes" / self.programme
        (self.folder / "units.yaml").write_text(units)
        (self.folder / "sources.yaml").write_text((INVENTED / "sources.yaml").read_text())
        own.joinpath("terms.yaml").write_text(terms)
        own.joinpath("programme.yaml").write_text(_json(programme))
        own.joinpath("items.yaml").write_text(_json(items))

    def set_price(self, price: Mapping[str, Any]) -> None:
        """Replace an item's versions, everywhere or at a site."""
        self.prices[listed_as(price)] = price
        self.state_rules()

    def put_award(self, code: str = "A1", account: str = "u1", *, cap: int = NO_CAP, **facts: Any) -> Award:
        """Put an award on file, commit its cap and grant its quota."""
        organisation, _ = Organisation.objects.get_or_create(
            code=account, defaults={"name": account, "created_at": MADE}
        )
        given: dict[str, Any] = {
            "code": code,
            "application": _application(code, organisation, self.programme, self.currency),
            "programme": self.programme,
            "organisation": organisation,
            "item": "gpu",
            "mode": "metered",
            "count": 1,
            "share": Decimal("0.7"),
            "list_minor": cap,
            "cap_minor": cap,
            "currency": self.currency,
            "valid_from": date(2000, 1, 1),
            "valid_to": date(2099, 1, 1),
            "decided_by": "Committee",
            "made_at": MADE,
            "accept_by": date(2000, 1, 1),
            "accepted_at": MADE,
            "state": "active",
        }
        given |= facts
        award = Award.objects.create(**({"in_force_from": given["valid_from"]} | given))
        self.commit(code, cap)
        grant_allocation(actor=terminal_operator("root"), award=code, now=MADE)
        return award

    def commit(self, award: str, minor: int) -> None:
        """Commit money to an award, and have just as much appropriated."""
        if minor:
            cap = Money(minor, self.currency)
            actor = holder(Role.FINANCE, self.programme)
            appropriate(
                actor=actor, programme=self.programme, amount=cap, reason="vote", cause=f"vote {award}", now=MADE
            )
            post(commitment(self.programme, award, cap, at=MADE, cause=f"awards.{award}"), actor="test")

    def take(self, *records: UsageRecord, source: str = "use.csv") -> Intake:
        """Take in records."""
        return record_usage(
            records, actor=holder(Role.CLUSTER_ADMIN, self.programme), programme=self.programme, now=MADE, source=source
        )

    def close(self, month: str, *, late_by: timedelta = timedelta()) -> MonthClose:
        """Close a month when it has just ended."""
        now = Month.parse(month).interval(ZoneInfo(self.zone)).end + late_by
        return close_month(
            actor=holder(Role.FINANCE, self.programme), programme=self.programme, month=Month.parse(month), now=now
        )

    def balances(self, prefix: str) -> dict[str, int]:
        """Return the balances below a path that are not zero, without the path."""
        found = balances(self.programme, prefix, self.currency)
        return {path.removeprefix(prefix).strip("/"): amount for path, amount in found.items() if amount}


def _json(content: object) -> str:
    """Return content as JSON, which is YAML; dates without quotes."""
    return json.dumps(content, indent=1)


def listed_as(price: Mapping[str, Any]) -> str:
    """Return the key of a price list among those of `Books`: the item's name, and the site's if it is a site's own."""
    return " at ".join([price["sku"], *([price["site"]] if "site" in price else [])])


def _items(prices: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the items as the rulebook has them; one that only sites list has no price anywhere else."""
    items: dict[str, dict[str, Any]] = {}
    for price in sorted(prices, key=lambda price: "site" in price):
        item = items.setdefault(price["sku"], _item(price))
        if "site" in price:
            item.setdefault("at_sites", {})[price["site"].lower()] = _listed(price, price["versions"])
        else:
            item |= _listed(price, price["versions"])
    return items


def _item(price: Mapping[str, Any]) -> dict[str, Any]:
    leased = price.get("unit") == "calendar_month"
    return {
        "names": {"en": price["sku"]},
        "mode": "lease" if leased else "metered",
        "unit": "calendar_month" if leased else "hour",
        "consists_of": [{"kind": "device", "count": 1, "source": "statute"}],
        **_listed({}, []),
    }


def _listed(price: Mapping[str, Any], versions: Iterable[Any]) -> dict[str, Any]:
    stated = [tuple(version) for version in versions]
    rows = [(OPENS, dict(stated).get(OPENS)), *((start, value) for start, value in stated if start != OPENS)]
    prices = [{"from": start, "value": value, "source": "statute"} for start, value in rows]
    return {"prices": prices} | ({"time_zone": price["time_zone"]} if "time_zone" in price else {})


def _application(award: str, organisation: Organisation, programme: str, currency: str) -> Application:
    call, _ = Call.objects.get_or_create(
        code="CALL-2026-0001" if programme == PROGRAMME else f"CALL-{programme.upper()}",
        defaults={"programme": programme, "title": "All", "opens": MADE, "currency": currency, "created_at": MADE},
    )
    return Application.objects.create(
        code=f"APP-{award}",
        call=call,
        organisation=organisation,
        applicant="chan@harbour.example",
        category="startup",
        title="Work",
        item="gpu",
        count=1,
        months=1,
        starts=date(2026, 1, 1),
        state="approved",
        created_at=MADE,
        submitted_at=MADE,
        state_since=MADE,
        decided_at=MADE,
    )


def shown(close: MonthClose, *names: str) -> list[tuple[Any, ...]]:
    """Return the named columns of a close's lines, in order."""
    return list(close.lines.order_by("position").values_list(*names))


def jobs_of(records: Iterable[UsageRecord]) -> list[str]:
    """Return the job ids of records, in order."""
    return sorted({record.job for record in records})
