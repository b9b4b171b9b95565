"""`lionrock charge adjust`, `share-fee` and `decided`: what is charged by decision."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.charging.actions import adjust, pause_lease, share_fee
from lionrock.charging.models import DecidedAdjustment, DecidedFee
from lionrock.charging.queries import adjustments, fees
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option, read_instant
from lionrock.terminal.output import Table, json_option, show


@click.command("adjust")
@click.option("--programme", required=True, metavar="ID")
@click.option("--account", required=True, metavar="CODE", help="The organisation that is charged.")
@click.option("--amount", required=True, help="At list price, such as 120.00; below zero it is a credit.")
@click.option("--month", required=True, help="The month that it concerns, such as 2026-10.")
@click.option("--reason", required=True, help="Stands on the statement.")
@click.option("--cause", required=True, help="The reference of the decision; deciding it twice changes nothing.")
@click.option("--award", help="The only award that may pay (default: those that run in that month).")
@click.option("--site", help="Where it is earned (default: the programme's first site).")
@as_option
@at_option
@json_option
def adjust_account(
    *,
    programme: str,
    account: str,
    amount: str,
    month: str,
    reason: str,
    cause: str,
    award: str | None,
    site: str | None,
    actor: Actor,
    now: datetime,
    as_json: bool,
) -> None:
    """Charge an amount to an organisation by decision, or credit it; the next close has a line of it.

    Example: lionrock charge adjust --programme hk-aiss-demo --account harbour-university --amount -500.00
    --month 2026-10 --reason "Outage of 12 October" --cause "note 7"
    """
    made = adjust(
        actor=actor,
        programme=programme,
        account=account,
        amount=Money.parse(amount, programme_on_file(programme).currency),
        month=Month.parse(month),
        reason=reason,
        cause=cause,
        award=award,
        site=site,
        now=now,
    )
    _show([made], as_json=as_json)


@click.command("share-fee")
@click.option("--programme", required=True, metavar="ID")
@click.option("--amount", required=True, help="To be shared, such as 300.00; below zero it is given back.")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    required=True,
    metavar="CODE=WEIGHT",
    help="An organisation, or a site, and its weight; may be repeated.",
)
@click.option("--month", required=True, help="The month that it concerns, such as 2026-10.")
@click.option("--reason", required=True, help="Stands on the statements.")
@click.option("--cause", required=True, help="The reference of the decision; deciding it twice changes nothing.")
@click.option("--site", help="Where it is earned, or who has laid it out (default: the programme's first site).")
@as_option
@at_option
@json_option
def share_amount(
    *,
    programme: str,
    amount: str,
    weights: tuple[str, ...],
    month: str,
    reason: str,
    cause: str,
    site: str | None,
    actor: Actor,
    now: datetime,
    as_json: bool,
) -> None:
    """Have organisations, or sites, share an amount by weight; the next close charges or settles it.

    Example: lionrock charge share-fee --programme hk-aiss-demo --amount 300.00 --weight harbour-university=2
    --weight kite-robotics=1 --month 2026-10 --reason Network --cause "contract 3"
    """
    made = share_fee(
        actor=actor,
        programme=programme,
        amount=Money.parse(amount, programme_on_file(programme).currency),
        weights=dict(map(_weight, weights)),
        month=Month.parse(month),
        reason=reason,
        cause=cause,
        site=site,
        now=now,
    )
    _show([made], as_json=as_json)


def _weight(text: str) -> tuple[str, int]:
    name, equals, weight = text.rpartition("=")
    if not equals or not name or not (weight.isascii() and weight.isdigit()):
        said = message(gettext_noop("“{value}” is not a code and a weight. Write CODE=2, a whole number."), value=text)
        fault = Fault("charging.decision.weight", said, field="weight", value=text)
        raise Invalid("charging.decision.weight", said, faults=[fault])
    return name, int(weight)


@click.command("pause-lease")
@click.option("--award", required=True, metavar="CODE")
@click.option("--from", "starts", required=True, help="Such as 2026-10-12T00:00+08:00.")
@click.option("--to", "ends", required=True, help="Up to, not including, such as 2026-10-14T00:00+08:00.")
@click.option("--reason", required=True)
@click.option("--cause", required=True, help="The reference of the decision; deciding it twice changes nothing.")
@as_option
@at_option
@json_option
def pause(
    award: str, starts: str, ends: str, reason: str, cause: str, actor: Actor, now: datetime, as_json: bool
) -> None:
    """Leave a span of a lease unbilled, because what was leased was not there.

    Example: lionrock charge pause-lease --award AW-2026-0001 --from 2026-10-12T00:00+08:00
    --to 2026-10-14T00:00+08:00 --reason "Cooling failed" --cause "note 8"
    """
    made = pause_lease(
        actor=actor,
        award=award,
        starts=read_instant(starts),
        ends=read_instant(ends),
        reason=reason,
        cause=cause,
        now=now,
    )
    told = {"award": made.award, "from": made.starts, "to": made.ends, "reason": made.reason, "cause": made.cause}
    show(told, Table(list(told), [list(told.values())]), as_json=as_json)


@click.command("decided")
@as_option
@json_option
def list_decided(actor: Actor, as_json: bool) -> None:
    """List adjustments and shared fees, and which close has charged them.

    Example: lionrock charge decided
    """
    _show([*adjustments(actor), *fees(actor)], as_json=as_json)


def _show(found: list[DecidedAdjustment | DecidedFee], *, as_json: bool) -> None:
    rows = [_told(one) for one in found]
    names = ["programme", "cause", "who", "month", "reason", "amount", "charged in"]
    cells = [[_amount(row) if name == "amount" else row[name] or "" for name in names] for row in rows]
    show(rows, Table(names, cells, right=frozenset({"amount"})), as_json=as_json)


def _amount(row: dict[str, object]) -> str:
    return str(Money(int(str(row["amount"])), str(row["currency"])))


def _told(one: DecidedAdjustment | DecidedFee) -> dict[str, object]:
    shared = isinstance(one, DecidedFee)
    weights = one.weights if isinstance(one, DecidedFee) else {}
    parties = ", ".join(f"{name}={weight}" for name, weight in sorted(weights.items()))
    return {
        "programme": one.programme,
        "kind": "fee" if shared else "adjustment",
        "cause": one.cause,
        "who": one.account if isinstance(one, DecidedAdjustment) else parties,
        "site": one.site,
        "month": str(Month.containing(one.month)),
        "reason": one.reason,
        "amount": one.amount,
        "currency": programme_on_file(one.programme).currency,
        "charged in": str(Month.containing(one.charged_in.month)) if one.charged_in else None,
    }
