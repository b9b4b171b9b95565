"""What if: other prices, shares and caps; and nothing in the database is touched by asking."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from tests.calls.world import holder
from tests.charging.books import FINANCE, PROGRAMME, Books, used

from lionrock.charging import reckoning
from lionrock.charging.commands.charge import charge
from lionrock.charging.domain.supposing import ALL, Sums, Supposition
from lionrock.charging.queries import preview
from lionrock.charging.what_if import what_if
from lionrock.kernel.errors import Invalid, NotAllowed
from lionrock.kernel.periods import Month
from lionrock.people.domain import Role
from lionrock.terminal.errors import Group

MARCH, APRIL = Month(2026, 3), Month(2026, 4)
NOTHING = Supposition()


@pytest.fixture
def used_up(books: Books) -> Books:
    """Two accounts; the award of the second has 10.00 in all, of which March takes 7.00."""
    books.put_award("A2", "u2", cap=1000)
    for month, jobs in (("2026-03", ("1", "2")), ("2026-04", ("3", "4"))):
        books.take(
            used(jobs[0], f"{month}-10T00:00:00", f"{month}-10T02:00:00"),
            used(jobs[1], f"{month}-10T00:00:00", f"{month}-10T01:00:00", account="u2"),
        )
    return books


def _ask(*months: Month, **supposed: Any) -> dict[str, tuple[int, int, int]]:
    found = what_if(FINANCE, PROGRAMME, months, Supposition(**supposed))
    assert sum((found.difference(one) for one in found.accounts), Sums()) == found.total_supposed - found.total_as_is
    return {one: (sums.gross, sums.subsidy, sums.user) for one, sums in found.supposed.items()}


def test_as_it_is_is_what_the_preview_says(used_up: Books) -> None:
    found = what_if(FINANCE, PROGRAMME, [MARCH], Supposition(caps={"A1": 10**9}))
    seen = preview(FINANCE, PROGRAMME, MARCH).lines
    assert found.total_as_is == Sums.of(seen) == Sums(3000, 2100, 900)
    assert found.as_is == found.supposed


@pytest.mark.parametrize("closed", [False, True])
def test_another_share_another_cap(used_up: Books, closed: bool) -> None:
    """Of an open month and of a closed one the same, as caps begin before the first of the months."""
    if closed:
        used_up.close("2026-03")
    half = Fraction(1, 2)
    assert _ask(MARCH, shares={ALL: half}) == {"u1": (2000, 1000, 1000), "u2": (1000, 500, 500)}
    assert _ask(MARCH, shares={"A2": half}) == {"u1": (2000, 1400, 600), "u2": (1000, 500, 500)}
    assert _ask(MARCH, shares={ALL: half, "A2": Fraction(0)})["u2"] == (1000, 0, 1000)
    assert _ask(MARCH, caps={"A2": 100})["u2"] == (1000, 100, 900)
    assert _ask(MARCH, caps={ALL: 1, "A1": 2}) == {"u1": (2000, 2, 1998), "u2": (1000, 1, 999)}
    # Month after month: 10.00 in all, of which April gets what March leaves.
    assert _ask(MARCH, APRIL, caps={"A1": 10**9})["u2"] == (2000, 1000, 1000)
    assert _ask(APRIL, MARCH, caps={"A2": 1200})["u2"] == (2000, 1200, 800)
    if closed:
        assert _ask(APRIL, caps={"A1": 10**9})["u2"] == (1000, 300, 700)
        assert _ask(APRIL, caps={"A2": 600})["u2"] == (1000, 0, 1000)


@pytest.mark.parametrize("many", [0, 100_000])
def test_the_database_refuses_to_be_changed_by_asking(
    used_up: Books, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(reckoning, "MANY", many)
    used_up.close("2026-03")
    before = _rows()
    told = [_ask(MARCH, APRIL, caps={ALL: 5}), _ask(MARCH, shares={ALL: Fraction(1)})]
    assert told[0]["u2"] == (2000, 5, 1995)
    assert _rows() == before
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",), "what comes after may write again"


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return of each table every row's place and the transaction that wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT ctid, xmin, xmax FROM "{table}" ORDER BY ctid')
            found[table] = cursor.fetchall()
    return found


def test_who_may_ask_and_what(used_up: Books) -> None:
    with pytest.raises(NotAllowed):
        what_if(holder(Role.FINANCE, "other"), PROGRAMME, [MARCH], Supposition(caps={ALL: 1}))
    with pytest.raises(Invalid, match="Nothing is supposed"):
        what_if(FINANCE, PROGRAMME, [MARCH], NOTHING)
    with pytest.raises(Invalid) as raised:
        what_if(FINANCE, PROGRAMME, [MARCH], Supposition(caps={"A9": 1}, shares={"A8": Fraction(1)}))
    assert [fault.value for fault in raised.value.faults] == ["A8", "A9"]


def _run(*words: str) -> Result:
    group = Group("cli", commands={"charge": charge})
    return CliRunner().invoke(group, ["charge", "what-if", "--programme", PROGRAMME, "--month", "2026-03", *words])


def test_another_price_list_by_the_command(used_up: Books, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("item,from,price\ngpu,2020-01-01,10.00\ngpu,2026-03-10T01:00,30\n")
    shown = _run("--prices", str(file), "--json")
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.stdout)
    assert told["accounts"][0] == {
        "account": "u1",
        "as_is": {"gross": 2000, "subsidy": 1400, "user": 600},
        "supposed": {"gross": 4000, "subsidy": 2800, "user": 1200},
        "difference": {"gross": 2000, "subsidy": 1400, "user": 600},
    }
    assert told["difference"] == {"gross": 2000, "subsidy": 1400, "user": 600}
    table = _run("--prices", str(file), "--until", "2026-04", "--share", "0.5", "--cap", "A2=1.00").stdout
    last = table.splitlines()[-1]
    assert last.startswith("all"), table
    assert ("HKD 140.00" in last, "HKD 51.00" in last) == (True, True)  # 40 + 10 in March, 90 in April


def test_every_fault_of_a_price_list_is_told_by_its_line(used_up: Books, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("item,from,price\ngpu,yesterday,1\nfpga,2026-01-01,1\ngpu,2026-01-01,-1\ngpu,,1\ngpu,2026-01-01,1\n"
                    "gpu,2026-01-01,2\n")  # fmt: skip
    shown = _run("--prices", str(file))
    assert shown.exit_code == 2
    assert [f"prices.csv:{line}:" in shown.output for line in range(1, 8)] == [False, *[True] * 4, False, True]
    file.write_text("item,from,price\n")
    assert "There is no price" in _run("--prices", str(file)).output
    assert "cannot be read" in _run("--prices", str(tmp_path / "no.csv")).output
    assert _run("--share", "1.5").exit_code == 2
    assert "before the first month" in _run("--until", "2026-02", "--share", "0.5").output
