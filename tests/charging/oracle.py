"""A second way to the answer of a billing case, for comparison with the first.

It reads the case as plain data and works on exact amounts, not on device-time. All edges of a case
(months, prices, shares, awards, runs) are laid on one axis; between two edges nothing changes, so
that each piece of each run has one price, one set of awards and one line. Nothing of
`lionrock.charging` is used here. Slow, and meant to be read beside docs/explanation/charging.md.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

MINOR_DIGITS = {"HKD": 2, "EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "KRW": 0, "KWD": 3, "JOD": 3}
NOT_BILLED = ("NODE_FAIL", "BOOT_FAIL")

LATER_THAN_ANYTHING = datetime.max.replace(tzinfo=UTC)

Case = Mapping[str, Any]


def nearest(exact: Fraction) -> int:
    """Round to an integer, halves away from zero."""
    up = math.floor(abs(exact) + Fraction(1, 2))
    return up if exact > 0 else -up


def utc(text: str, zone: str) -> datetime:
    """Read a date, a local date-time or an instant; a local time counts with the offset of its first reading."""
    stated = datetime.fromisoformat(text)
    if stated.utcoffset() is not None:
        return stated.astimezone(UTC)
    offset = ZoneInfo(zone).utcoffset(stated)
    assert offset is not None
    return (stated - offset).replace(tzinfo=UTC)


def month_edges(month: str, zone: str) -> tuple[datetime, datetime]:
    """Return where a month begins and where the next one does."""
    year, number = int(month[:4]), int(month[5:])
    following = f"{year + number // 12:04d}-{number % 12 + 1:02d}"
    return utc(f"{month}-01", zone), utc(f"{following}-01", zone)


def month_of(instant: datetime, zone: str) -> str:
    """Return the month that an instant falls in."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m")


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the length of a span in seconds."""
    return int((end - start) / timedelta(seconds=1))


class Step(NamedTuple):
    """A price from an instant on, in the major unit."""

    start: datetime
    price: Fraction
    unit: str
    label: str


class LineOf(NamedTuple):
    """What two pieces must share to stand on one line; `pays` are awards and shares, first to serve first."""

    month: str
    account: str
    site: str
    item: str
    price: tuple[datetime, Fraction, str]
    pays: tuple[tuple[str, Fraction], ...]


@dataclass
class Gathering:
    """The exact amount of a line in minor units, its device-seconds, where it begins, how its price is written."""

    gross: Fraction = Fraction(0)
    seconds: Fraction = Fraction(0)
    first: datetime = LATER_THAN_ANYTHING
    label: str = ""


@dataclass
class Record:
    """A record of use, read."""

    job: Any
    site: str
    account: str
    start: datetime
    end: datetime
    counts: dict[str, int]
    award: str | None
    metered: dict[str, int]
    state: str
    strength: tuple[bool, int, datetime]

    @property
    def key(self) -> tuple[str, str, datetime]:
        """Name the run that this is a record of."""
        return (self.site, str(self.job), self.start)

    def rate_of_use(self, item: str) -> Fraction:
        """Return the devices held at any moment, on average over the run."""
        length = seconds_between(self.start, self.end)
        return Fraction(self.metered.get(item, self.counts[item] * length), length)

    def facts(self) -> tuple[Any, ...]:
        """Return what two records of one strength must agree in."""
        return (self.end, self.account, self.counts, self.award, self.metered, self.state)


@dataclass
class Oracle:
    """The state of a case on the way through its timeline."""

    case: Case
    lists: dict[tuple[str | None, str], list[Step]] = field(default_factory=dict)
    site_zones: dict[str | None, str] = field(default_factory=dict)
    stands: dict[tuple[str, str, datetime], Record] = field(default_factory=dict)
    held: dict[tuple[str, str, datetime], Record] = field(default_factory=dict)
    pending: list[Case] = field(default_factory=list)
    billed: dict[str, dict[LineOf, Gathering]] = field(default_factory=dict)
    invoices: list[dict[str, Any]] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    budget: int | None = None
    unpriced: Fraction = Fraction(0)
    rated: set[tuple[str, str, datetime]] = field(default_factory=set)
    unrated: set[tuple[str, str, datetime]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.zone = self.case["billing_time_zone"]
        self.digits = MINOR_DIGITS[self.case["currency"]]
        scheme = self.case["scheme"]
        self.shares = sorted((utc(start, self.zone), Fraction(share)) for start, share in scheme["share"])
        if scheme.get("budget") is not None:
            self.budget = self.minor(scheme["budget"])
        self.awards = list(self.case.get("awards") or [])
        self.left = {one["id"]: self.minor(one["cap"]) for one in self.awards if one.get("cap") is not None}
        for price in self.case["prices"]:
            self.set_price(price)

    def minor(self, amount: str) -> int:
        """Return a decimal text of the currency in minor units."""
        exact = Fraction(str(amount)) * 10**self.digits
        assert exact.denominator == 1
        return int(exact)

    def set_price(self, price: Case) -> None:
        """Replace the versions of an item at a site."""
        zone = price.get("time_zone", self.zone)
        if "time_zone" in price:
            self.site_zones[price.get("site")] = zone
        steps = [
            Step(utc(start, zone), Fraction(str(value)), price.get("unit", "hour"), start)
            for start, value in price["versions"]
        ]
        self.lists[price.get("site"), price["sku"]] = sorted(steps)

    def answer(self) -> dict[str, Any]:
        """Go through the timeline and return what the case should expect."""
        for operation in self.case["timeline"]:
            if operation["op"] == "ingest":
                for record in operation["records"]:
                    self.take(self.read(record))
            elif operation["op"] == "set_price":
                self.set_price(operation["price"])
            elif operation["op"] == "close":
                self.close(operation["month"])
            else:
                self.pending.append(operation)
        return self.expected()

    # Records

    def read(self, record: Case) -> Record:
        """Read a record as it arrived."""
        site = record.get("site", "")
        zone = record.get("time_zone", self.site_zones.get(site, self.site_zones.get(None, self.zone)))
        start, end = (
            utc(record[name], self.zone) if name in record else utc(record[f"local_{name}"], zone)
            for name in ("start", "end")
        )
        interim = record.get("interim_of", False)
        job = record["job"] if isinstance(interim, bool) else interim
        is_interim = interim is not False
        return Record(
            job=job,
            site=site,
            account=record["account"],
            start=start,
            end=end,
            counts=dict(record["tres"]),
            award=record.get("award"),
            metered=dict(record.get("tres_seconds", {})),
            state=record.get("state", "COMPLETED"),
            strength=(not is_interim, record.get("revision", 1), end if is_interim else start),
        )

    def take(self, record: Record) -> None:
        """Let a record stand, pass over it, or hold it."""
        known = self.stands.get(record.key)
        sound = self.is_sound(record)
        if known is not None and (
            record.strength < known.strength or (record.strength == known.strength and not sound)
        ):
            return
        if not sound or (known and known.strength == record.strength and known.facts() != record.facts()):
            held = self.held.get(record.key)
            self.held[record.key] = held if held and held.strength > record.strength else record
        elif known is None or record.strength > known.strength:
            self.stands[record.key] = record
            if record.key in self.held and self.held[record.key].strength <= record.strength:
                del self.held[record.key]

    def is_sound(self, record: Record) -> bool:
        """Tell whether a record can be rated at all."""
        holders = {one["id"]: one["account"] for one in self.awards}
        length = seconds_between(record.start, record.end)
        return (
            length >= 0
            and bool(record.counts)
            and all(count > 0 for count in record.counts.values())
            and all(0 <= n <= record.counts.get(item, 0) * length for item, n in record.metered.items())
            and (record.award is None or holders.get(record.award) == record.account)
        )

    # Rating

    def price_at(self, site: str, item: str, instant: datetime) -> Step | None:
        """Return the step that holds: the site's own list, or the one for all sites."""
        steps = self.lists.get((site, item), self.lists.get((None, item), []))
        before = [step for step in steps if step.start <= instant]
        return before[-1] if before else None

    def payers(self, account: str, named: str | None, instant: datetime) -> tuple[tuple[str, Fraction], ...]:
        """Return who pays at an instant: the award that ends first at the front."""
        scheme = [share for start, share in self.shares if start <= instant]
        found = [
            (utc(one["valid_to"], self.zone), one["id"], Fraction(one.get("share") or (scheme or ["0"])[-1]))
            for one in self.awards
            if one["account"] == account and named in (None, one["id"])
            if utc(one["valid_from"], self.zone) <= instant < utc(one["valid_to"], self.zone)
        ]
        return tuple((code, share) for _, code, share in sorted(found))

    def edges(self, first: datetime, last: datetime) -> list[datetime]:
        """Return every instant between two at which anything at all changes, with the two."""
        found = {first, last}
        for steps in self.lists.values():
            found.update(step.start for step in steps)
        found.update(start for start, _ in self.shares)
        for one in self.awards:
            found.update((utc(one["valid_from"], self.zone), utc(one["valid_to"], self.zone)))
        for record in self.stands.values():
            found.update((record.start, record.end))
        return sorted(edge for edge in found if first <= edge <= last)

    def rate(self, month: str) -> dict[LineOf, Gathering]:
        """Return the exact lines of a month as things stand."""
        edges = self.edges(*month_edges(month, self.zone))
        found: dict[LineOf, Gathering] = {}
        for start, end in pairwise(edges):
            for record in self.stands.values():
                if record.start <= start and end <= record.end and not record.state.startswith(NOT_BILLED):
                    for item in record.counts:
                        self.rate_piece(month, record, item, start, end, found)
        return {line: one for line, one in found.items() if one.seconds}

    def rate_piece(
        self, month: str, record: Record, item: str, start: datetime, end: datetime, found: dict[LineOf, Gathering]
    ) -> None:
        """Add one piece, in which nothing changes, to its line."""
        seconds = record.rate_of_use(item) * seconds_between(start, end) * self.stretch(month, record, item)
        step = self.price_at(record.site, item, start)
        if step is None:
            self.unpriced += seconds
            self.unrated.add(record.key)
            return
        self.rated.add(record.key)
        price = (step.start, step.price, step.unit)
        pays = self.payers(record.account, record.award, start)
        line = found.setdefault(LineOf(month, record.account, record.site, item, price, pays), Gathering())
        unit = 3600 if step.unit == "hour" else seconds_between(*month_edges(month, self.zone))
        line.gross += step.price * 10**self.digits * seconds / unit
        line.seconds += seconds
        line.first = min(line.first, start)
        line.label = step.label

    def stretch(self, month: str, record: Record, item: str) -> Fraction:
        """Return what a leased second counts for where days begun or whole months are owed, not seconds."""
        rule = self.case["scheme"].get("proration", "by_second")
        steps = self.lists.get((record.site, item), self.lists.get((None, item), []))
        if rule == "by_second" or all(step.unit == "hour" for step in steps):
            return Fraction(1)
        first, until = month_edges(month, self.zone)
        leased = max(first, record.start), min(until, record.end)
        length = seconds_between(first, until)
        if rule == "by_day":
            tz = ZoneInfo(self.zone)
            day, last = (one.astimezone(tz).date() for one in (leased[0], leased[1] - timedelta(seconds=1)))
            days = (until - timedelta(seconds=1)).astimezone(tz).day
            return Fraction(length * ((last - day).days + 1), days * seconds_between(*leased))
        return Fraction(length, seconds_between(*leased))

    # Closing

    def close(self, month: str) -> None:
        """Close a month; again, or one before the last, changes nothing."""
        if self.invoices and month <= self.invoices[-1]["month"]:
            return
        self.unpriced, self.rated, self.unrated = Fraction(0), set(), set()
        now = {one: self.rate(one) for one in self.months_until(month)}
        lines = []
        for one in sorted(now):
            known = self.billed.get(one, {})
            lines += list(self.lines("usage" if one == month else "correction", now[one], known))
        due = [one for one in self.pending if one["month"] <= month]
        self.pending = [one for one in self.pending if one["month"] > month]
        lines += [self.adjusted(one, month) for one in due if one["op"] == "adjust"]
        fees = [one for one in due if one["op"] == "shared_fee"]
        lines += [line for fee in fees if self.is_between_accounts(fee) for line in self.fee_lines(fee, month)]
        self.billed |= now
        self.invoices.append(self.invoice(month, lines, fees))

    def months_until(self, month: str) -> set[str]:
        """Return the months up to this one that anything was used or billed in."""
        found = {month, *self.billed}
        for record in self.stands.values():
            instant = record.start
            while instant < record.end and (name := month_of(instant, self.zone)) <= month:
                found.add(name)
                instant = month_edges(name, self.zone)[1]
        return {one for one in found if one <= month}

    def lines(self, kind: str, now: Mapping[LineOf, Gathering], then: Mapping[LineOf, Gathering]) -> Iterator[Case]:
        """Yield the lines of a month of use in the order in which they use up caps, each split at once."""
        before = then if kind == "correction" else {}
        differences = []
        for line in {*now, *before}:
            new, old = now.get(line, Gathering()), before.get(line, Gathering())
            if new.seconds != old.seconds:
                first = new.first if line in now else old.first
                differences.append(
                    (first, line, new.gross - old.gross, new.seconds - old.seconds, new.label or old.label)
                )
        for _, line, gross, seconds, label in sorted(differences, key=lambda one: _turn(one[0], one[1])):
            shown = {"kind": kind, "account": line.account, "sku": line.item}
            shown |= self.split(nearest(gross), line.pays)
            shown |= {"site": line.site} if line.site else {}
            shown |= {"corrects": line.month} if kind == "correction" else {}
            yield shown | {"price_from": label, "tres_seconds": nearest(seconds)}

    def split(self, gross: int, pays: Iterable[tuple[str, Fraction]]) -> dict[str, Any]:
        """Split an amount between awards and user, and use up what the awards have left.

        Each award pays its share of the part that those before it have not covered. A credit is
        the same, mirrored: no award takes back more than it has paid.
        """
        sign = 1 if gross >= 0 else -1
        by_award: dict[str, int] = {}
        open_part = Fraction(abs(gross))
        for award, share in pays:
            wanted = nearest(open_part * share)
            can = self.can_pay(award) if sign > 0 else self.paid.get(award, 0)
            amount = max(0, wanted if can is None else min(wanted, can))
            if amount:
                by_award[award] = sign * amount
                self.move(award, sign * amount)
                open_part -= Fraction(amount) / share
            if amount == wanted:
                break
        subsidy = sum(by_award.values())
        return {"gross": gross, "subsidy": subsidy, "user": gross - subsidy, "subsidy_by_award": by_award}

    def can_pay(self, award: str) -> int | None:
        """Return how much an award can still pay; None when nothing limits it."""
        limits = [limit for limit in (self.left.get(award), self.budget) if limit is not None]
        return min(limits) if limits else None

    def move(self, award: str, amount: int) -> None:
        """Note that an award has paid."""
        self.paid[award] = self.paid.get(award, 0) + amount
        if award in self.left:
            self.left[award] -= amount
        if self.budget is not None:
            self.budget -= amount

    def adjusted(self, one: Case, month: str) -> dict[str, Any]:
        """Return the line of an adjustment: split by the awards that run in any part of its month."""
        start, end = month_edges(one["month"], self.zone)
        running = []
        for award in self.awards:
            first, last = utc(award["valid_from"], self.zone), utc(award["valid_to"], self.zone)
            named = one.get("award") in (None, award["id"]) and award["account"] == one["account"]
            if named and max(first, start) < min(last, end):
                share = self.payers(one["account"], award["id"], max(first, start))[0][1]
                running.append((last, award["id"], share))
        pays = [(code, share) for _, code, share in sorted(running)]
        line = {"kind": "adjustment", "account": one["account"], **self.split(self.minor(one["amount"]), pays)}
        return line | ({"corrects": one["month"]} if one["month"] < month else {})

    def is_between_accounts(self, fee: Case) -> bool:
        """Tell whether accounts share a fee: all of its parties are accounts, or none is a site."""
        stands = self.stands.values()
        accounts = {one["account"] for one in self.awards} | {record.account for record in stands}
        sites = {site for site, _ in self.lists if site} | {record.site for record in stands}
        return set(fee["weights"]) <= accounts or not set(fee["weights"]) & sites

    def parts(self, fee: Case) -> dict[str, int]:
        """Split a fee: floors, then one each to the largest remainders, ties to the smallest id."""
        total, whole = self.minor(fee["amount"]), sum(fee["weights"].values())
        exact = {name: Fraction(abs(total) * weight, whole) for name, weight in fee["weights"].items()}
        parts = {name: math.floor(part) for name, part in exact.items()}
        while sum(parts.values()) < abs(total):
            name = min(parts, key=lambda one: (parts[one] - exact[one], one))
            parts[name] += 1
        return {name: part if total >= 0 else -part for name, part in parts.items()}

    def fee_lines(self, fee: Case, month: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of a fee that accounts share; no award pays for it."""
        for account, part in sorted(self.parts(fee).items()):
            line = {"kind": "fee", "account": account, **self.split(part, ())}
            yield line | ({"corrects": fee["month"]} if fee["month"] < month else {})

    # The answer

    def invoice(self, month: str, lines: list[dict[str, Any]], fees: list[Case]) -> dict[str, Any]:
        """Return the entry of a closed month."""
        found: dict[str, Any] = {"month": month, **_sums(lines), "lines": lines, "by_account": {}}
        for account in sorted({line["account"] for line in lines}):
            sums = _sums([line for line in lines if line["account"] == account])
            document = "credit note" if sums["user"] < 0 else "invoice"
            found["by_account"][account] = {**sums, "document": document}
        owed = {line["site"]: 0 for line in lines if "site" in line}
        for line in lines:
            if "site" in line:
                owed[line["site"]] += line["gross"]
        if owed:
            found["site_settlement_gross"] = owed
        if fees:
            found["shared_fees"] = [{"reason": fee.get("reason", ""), "shares": self.parts(fee)} for fee in fees]
        return found

    def expected(self) -> dict[str, Any]:
        """Return the whole answer."""
        lines = [line for invoice in self.invoices for line in invoice["lines"]]
        sums = _sums(lines)
        answer: dict[str, Any] = {"invoices": self.invoices}
        if self.left:
            answer["award_left"] = self.left
        if self.budget is not None:
            answer["budget_left"] = self.budget
        answer["ledger"] = {
            "revenue_credit": sums["gross"],
            "scheme_receivable_debit": sums["subsidy"],
            "user_receivable_debit": sums["user"],
        }
        jobs = [record.job for record in self.held.values()] + self.without_any_price()
        if jobs:
            answer["quarantined_jobs"] = list(dict.fromkeys(jobs))
        if self.unpriced:
            answer["unpriced_tres_seconds"] = nearest(self.unpriced)
        return answer

    def without_any_price(self) -> list[Any]:
        """Return the jobs of which no part has a price in the months closed."""
        return [record.job for key, record in self.stands.items() if key in self.unrated - self.rated]


def _turn(first: datetime, line: LineOf) -> tuple[Any, ...]:
    return (first, line.site, line.account, [code for code, _ in line.pays], line.item, line.price[:2], line.pays)


def _sums(lines: Iterable[Case]) -> dict[str, int]:
    return {name: sum(line[name] for line in lines) for name in ("gross", "subsidy", "user")}


def answer(case: Case) -> dict[str, Any]:
    """Return what a case (its part `input`) should expect."""
    return Oracle(case).answer()


def cumulative(steps: Iterable[tuple[datetime, Fraction]], instant: datetime) -> Fraction:
    """Return what one device held from the first step on has cost up to an instant, at prices per hour.

    The integral of the price: piecewise linear, so that a run costs count × (C(end) - C(start))
    and needs no cutting at all.
    """
    ordered = sorted(steps)
    total = Fraction(0)
    index = bisect_right([start for start, _ in ordered], instant)
    for position, (start, price) in enumerate(ordered[:index]):
        until = ordered[position + 1][0] if position + 1 < index else instant
        total += price * seconds_between(start, until) / 3600
    return total
