"""Telling a case: its operations carried out one after the other, and the answer in the agreed shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from lionrock.charging.domain.awards import AwardBook, ShareSteps
from lionrock.charging.domain.closing import (
    Adjustment,
    MonthFacts,
    SharedFee,
    close_month,
    document_kind,
    settlement_by_site,
)
from lionrock.charging.domain.lines import Line, totals
from lionrock.charging.domain.prices import PriceBook
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.standing import Standing, unknown_award
from lionrock.charging.domain.subsidy import Purse
from lionrock.charging.domain.tariff import Gathered, LineKey, Rated, rate_month
from lionrock.charging.replay.story import Close, Ingest, SetPrice, Story
from lionrock.kernel.money import settle
from lionrock.kernel.periods import Interval, Month, months_touched

Billed = dict[Month, dict[LineKey, Gathered]]


class Telling:
    """The state of a case while it is told."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.prices = PriceBook(version for price in story.prices for version in price.versions)
        self.awards = AwardBook(story.awards, ShareSteps(story.shares))
        self.purse = Purse(
            left={award.code: award.cap for award in story.awards if award.cap is not None}, fund_left=story.budget
        )
        self.standing = Standing()
        self.adjustments: list[Adjustment] = []
        self.fees: list[SharedFee] = []
        self.billed: Billed = {}
        self.invoices: list[dict[str, object]] = []
        self.lines: list[Line] = []
        self.last_closed: Month | None = None
        self.rated: dict[Month, Rated] = {}

    def tell(self) -> dict[str, object]:
        """Carry out the timeline and return the part `expect`."""
        for operation in self.story.timeline:
            self._carry_out(operation)
        return self._expect()

    def _carry_out(self, operation: object) -> None:
        match operation:
            case Ingest(runs):
                self._take(runs)
            case SetPrice(site, item, versions):
                self.prices.replace(site, item, versions)
            case Adjustment():
                self.adjustments.append(operation)
            case SharedFee():
                self.fees.append(operation)
            case Close(month):
                self._close(month)

    def _take(self, runs: Iterable[Run]) -> None:
        for run in runs:
            self.standing.take(run, unknown_award(run, self.awards))

    def _close(self, month: Month) -> None:
        """Close a month; again, or one before the last, changes nothing: closed months are never told anew."""
        if self.last_closed is not None and month <= self.last_closed:
            return
        due = [one for one in self.adjustments if one.month <= month]
        fees = [replace(fee, between_sites=self._between_sites(fee)) for fee in self.fees if fee.month <= month]
        lines = self._lines(month, due, fees)
        self.adjustments = [one for one in self.adjustments if one.month > month]
        self.fees = [fee for fee in self.fees if fee.month > month]
        self.lines += lines
        self.last_closed = month
        self.invoices.append(self._invoice(month, lines, fees))

    def _lines(self, month: Month, adjustments: list[Adjustment], fees: list[SharedFee]) -> list[Line]:
        """Return the lines of a month as things stand now, and note that they are billed."""
        self.rated = {one: self._rate(one) for one in self._months_until(month)}
        facts = MonthFacts(
            month=month,
            zone=self.story.zone,
            awards=self.awards,
            standing={one: rated.lines for one, rated in self.rated.items()},
            billed=self.billed,
            adjustments=tuple(adjustments),
            fees=tuple(fees),
        )
        lines = close_month(facts, self.purse)
        self.billed = {**self.billed, **{one: rated.lines for one, rated in self.rated.items()}}
        return lines

    def _rate(self, month: Month) -> Rated:
        story, runs = self.story, self.standing.runs.values()
        return rate_month(month, story.zone, self.prices, self.awards, runs, story.proration)

    def _months_until(self, month: Month) -> list[Month]:
        touched = {month, *self.billed}
        for run in self.standing.runs.values():
            touched.update(months_touched(Interval(run.start, run.end), self.story.zone))
        return sorted(one for one in touched if one <= month)

    def _between_sites(self, fee: SharedFee) -> bool:
        """Tell whether sites share the fee: not all of its parties are accounts, and some are sites."""
        of_use = self._parties()
        sites, accounts = self.prices.sites() | of_use[0], self.awards.accounts() | of_use[1]
        parties = set(fee.weights)
        return not parties <= accounts and not parties.isdisjoint(sites)

    def _parties(self) -> tuple[set[str], set[str]]:
        """Return the sites and the accounts of the runs that stand."""
        runs = self.standing.runs.values()
        return {run.site for run in runs}, {run.account for run in runs}

    def _invoice(self, month: Month, lines: list[Line], fees: list[SharedFee]) -> dict[str, object]:
        gross, subsidy, user = totals(lines)
        invoice: dict[str, object] = {
            "month": str(month),
            "gross": gross,
            "subsidy": subsidy,
            "user": user,
            "lines": [_line(line) for line in lines],
            "by_account": _by_account(lines),
        }
        owed = settlement_by_site(lines)
        if owed:
            invoice["site_settlement_gross"] = dict(sorted(owed.items()))
        if fees:
            invoice["shared_fees"] = [{"reason": fee.reason, "shares": fee.shares()} for fee in fees]
        return invoice

    def _expect(self) -> dict[str, object]:
        gross, subsidy, user = totals(self.lines)
        expect: dict[str, object] = {"invoices": self.invoices}
        if self.purse.left:
            expect["award_left"] = dict(self.purse.left)
        if self.purse.fund_left is not None:
            expect["budget_left"] = self.purse.fund_left
        expect["ledger"] = {
            "revenue_credit": gross,
            "scheme_receivable_debit": subsidy,
            "user_receivable_debit": user,
        }
        return expect | self._held()

    def _held(self) -> dict[str, object]:
        found: dict[str, object] = {}
        jobs = self._held_jobs()
        unpriced = self._unpriced_seconds()
        if jobs:
            found["quarantined_jobs"] = [self.story.names[job] for job in dict.fromkeys(jobs)]
        if unpriced:
            found["unpriced_tres_seconds"] = settle(unpriced)
        return found

    def _held_jobs(self) -> list[str]:
        return [held.run.job for held in self.standing.held.values()] + self._wholly_unpriced()

    def _unpriced_seconds(self) -> Fraction | int:
        return sum((rated.unpriced_seconds for rated in self.rated.values()), Fraction(0))

    def _wholly_unpriced(self) -> list[str]:
        """Return the jobs of which nothing could be rated for want of a price."""
        return [run.job for run in self.standing.runs.values() if run.billable and self._wholly(run)]

    def _wholly(self, run: Run) -> bool:
        months = [one for one in months_touched(Interval(run.start, run.end), self.story.zone) if one in self.rated]
        return bool(months) and all(self.rated[one].unpriced.get(run.key, False) for one in months)


def _line(line: Line) -> dict[str, object]:
    charge = line.charge
    shown: dict[str, object] = {"kind": charge.kind.value, "account": charge.account}
    if charge.item is not None:
        shown["sku"] = charge.item
    shown |= {"gross": line.gross, "subsidy": line.subsidy, "user": line.user}
    if charge.site:
        shown["site"] = charge.site
    if charge.corrects:
        shown["corrects"] = str(charge.corrects)
    if charge.price is not None:
        shown["price_from"] = charge.price.label
    shown["subsidy_by_award"] = dict(line.subsidy_by_award)
    if charge.device_seconds is not None:
        shown["tres_seconds"] = settle(charge.device_seconds)
    return shown


def _by_account(lines: list[Line]) -> dict[str, dict[str, object]]:
    accounts = sorted({line.charge.account for line in lines})
    return {account: _document([line for line in lines if line.charge.account == account]) for account in accounts}


def _document(lines: list[Line]) -> dict[str, object]:
    gross, subsidy, user = totals(lines)
    return {"gross": gross, "subsidy": subsidy, "user": user, "document": document_kind(lines).value}
