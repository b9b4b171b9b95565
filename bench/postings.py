"""Postings a second with every guard on, beside a bare COPY of the same rows: `python -m bench.postings`.

Each journal is that of a statement line: user and scheme owe, the site has earned, a commitment is spent. The bare
COPY writes the same journals and postings into tables without keys, checks or triggers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import click

from bench.books import database
from bench.measuring import Measured, wall
from lionrock.kernel.money import Money
from lionrock.ledger.domain.drafts import AccrualLine, accrual, appropriation, commitment
from lionrock.ledger.domain.journals import JournalDraft
from lionrock.terminal.output import Table

HEADINGS = ["posting", "postings a second", "÷ bare COPY"]
PROGRAMME = "bench"
AT = datetime(2026, 3, 31, tzinfo=UTC)
AWARDS = 200
ONE_BY_ONE = 1000
"""Journals that are posted one by one: enough to know the rate."""


def journals(count: int, cause: str) -> list[JournalDraft]:
    """Return so many journals, each of a line of some award."""
    chance = Random(count)  # noqa: S311 - not a secret
    found = []
    for number in range(count):
        award, site = chance.randrange(AWARDS), chance.choice(("north", "south"))
        subsidy, user = chance.randrange(1, 100_000), chance.randrange(1, 40_000)
        line = AccrualLine(f"account-{award:03d}", site, Money(subsidy, "HKD"), Money(user, "HKD"), f"AW-{award:04d}")
        draft = accrual(PROGRAMME, [line], at=AT, cause=f"{cause} {number}", memo="A line", details={"line": number})
        if draft is not None:
            found.append(draft)
    return found


def measure(count: int) -> list[list[str]]:
    """Return the rows of the table; there must be a database."""
    from lionrock.ledger.actions import post  # noqa: PLC0415 - needs settings
    from lionrock.ledger.bulk import post_all  # noqa: PLC0415

    _open()
    single, many = journals(ONE_BY_ONE, "one by one"), journals(count, "at once")
    rows = sum(len(draft.entries) for draft in many)
    copy = wall("bare COPY into tables without keys, checks or triggers", rows, lambda: _copy(many))
    all_at_once = wall("at once, all guards on", rows, lambda: post_all(many, actor="bench"))
    each = wall(
        "one by one, a transaction each, all guards on",
        sum(len(draft.entries) for draft in single),
        lambda: [post(draft, actor="bench") for draft in single],
    )
    found: Sequence[Measured] = [all_at_once, each]
    return [one.row(copy) for one in [*found, copy]]


def _open() -> None:
    """Put money into the fund and commit it, so that every line finds what it takes."""
    from lionrock.ledger.actions import post  # noqa: PLC0415

    each = Money(10**12, "HKD")
    post(appropriation(PROGRAMME, Money(AWARDS * each.minor, "HKD"), at=AT, cause="vote", reason="vote"), actor="bench")
    for number in range(AWARDS):
        award = f"AW-{number:04d}"
        post(commitment(PROGRAMME, award, each, at=AT, cause=f"commit {award}"), actor="bench")


def _copy(drafts: Sequence[JournalDraft]) -> None:
    """Write the same rows, their accounts as numbers, as somebody would who trusts everybody."""
    from django.db import connection, transaction  # noqa: PLC0415

    numbers: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BARE)
        with cursor.copy("COPY bare_journal FROM STDIN") as copy:
            for number, one in enumerate(drafts):
                details = json.dumps(dict(one.details))
                copy.write_row((number, one.programme, one.cause, one.unit, one.memo, one.at, "bench", details))
        with cursor.copy("COPY bare_posting FROM STDIN") as copy:
            for number, one in enumerate(drafts):
                for entry in one.entries:
                    copy.write_row((number, numbers.setdefault(entry.account, len(numbers)), entry.amount))


_BARE = """
CREATE TABLE bare_journal (id bigint, programme text, cause text, unit text, memo text, at timestamptz, actor text,
    details jsonb);
CREATE TABLE bare_posting (journal_id bigint, account_id bigint, amount bigint)
"""


@click.command()
@click.option("--journals", "count", default=40_000, show_default=True, help="Journals that are posted at once.")
def bench(count: int) -> None:
    """Measure posting beside a bare COPY: look at the ratio."""
    with database():
        click.echo(Table(HEADINGS, measure(count), right=frozenset(HEADINGS[1:])).render() + "\n")


if __name__ == "__main__":
    bench()
