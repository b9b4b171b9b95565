"""Who may do and see what: every role, for its own programme and for another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.calls.world import OPERATOR, holder, member
from tests.charging.books import MADE, PROGRAMME, Books, used

from lionrock.charging.actions import close_month, import_usage_file, record_usage
from lionrock.charging.models import HeldRow, MonthClose, RecordedRun, UsageImport
from lionrock.charging.queries import charge_lines, closes, held_rows, imports, preview
from lionrock.charging.usage_files import UsageOptions
from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.periods import Month
from lionrock.people.domain import SEE_ALL_OF_IT, Actor

A, B = "2026-03-10T00:00:00", "2026-03-10T01:00:00"
LATER = MADE.replace(month=6)
CSV = "job,account,start,end,devices\n1,u1,2026-03-10T00:00:00+08:00,2026-03-10T01:00:00+08:00,gpu=1\n2,u9,x,y,z\n"

OWN = {role.value: holder(role, PROGRAMME) for role in SEE_ALL_OF_IT}
OTHER = {f"{role.value} elsewhere": holder(role, "other") for role in SEE_ALL_OF_IT}
REST = {"operator": OPERATOR, "member": member("u1"), "nobody": Actor("nobody@example.org")}
EVERYBODY = OWN | OTHER | REST


def _record(actor: Actor, folder: Path) -> object:
    return record_usage([used("1", A, B)], actor=actor, programme=PROGRAMME, now=MADE, source="x")


def _import(actor: Actor, folder: Path) -> object:
    file = folder / "use.csv"
    file.write_text(CSV)
    told = {"site": "north"}
    options = UsageOptions(site="north")
    return import_usage_file(file, options, actor=actor, programme=PROGRAMME, now=MADE, told=told)


def _close(actor: Actor, folder: Path) -> object:
    return close_month(actor=actor, programme=PROGRAMME, month=Month(2026, 3), now=LATER)


def _preview(actor: Actor, folder: Path) -> object:
    return preview(actor, PROGRAMME, Month(2026, 3))


ALLOWED: dict[Callable[[Actor, Path], object], set[str]] = {
    _record: {"cluster_admin", "operator"},
    _import: {"cluster_admin", "operator"},
    _close: {"finance", "operator"},
    _preview: {*OWN, "operator"},
}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
@pytest.mark.parametrize("act", ALLOWED, ids=lambda act: act.__name__.strip("_"))
def test_each_act_takes_its_role(books: Books, tmp_path: Path, act: Callable[[Actor, Path], object], who: str) -> None:
    if who in ALLOWED[act]:
        assert act(EVERYBODY[who], tmp_path) is not None
        return
    with pytest.raises(NotAllowed) as raised:
        act(EVERYBODY[who], tmp_path)
    assert EVERYBODY[who].email in str(raised.value)
    assert not any(model.objects.exists() for model in (RecordedRun, UsageImport, HeldRow, MonthClose))


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_lists_show_the_programmes_that_one_works_for(books: Books, tmp_path: Path, who: str) -> None:
    _import(OPERATOR, tmp_path)
    _close(OPERATOR, tmp_path)
    viewer: Any = EVERYBODY[who]
    sees = int(who in {*OWN, "operator"})
    assert [found(viewer).count() for found in (closes, imports, held_rows)] == [sees, sees, sees]


def test_the_lines_of_an_account_are_its_own(books: Books) -> None:
    books.put_award("A2", "u2")
    books.take(used("1", A, B), used("2", A, B, account="u2"))
    closed = books.close("2026-03")
    assert [line.account for line in charge_lines(closed, "u2")] == ["u2"]


def test_a_closed_month_has_no_preview(books: Books) -> None:
    books.close("2026-03")
    for month in (Month(2026, 2), Month(2026, 3)):
        with pytest.raises(NotFound, match="is closed"):
            preview(OPERATOR, PROGRAMME, month)
    assert preview(OPERATOR, PROGRAMME, Month(2026, 4)).lines == []


def test_an_unknown_programme_is_not_there(books: Books) -> None:
    for act in (
        lambda: preview(OPERATOR, "atlantis", Month(2026, 3)),
        lambda: close_month(actor=OPERATOR, programme="atlantis", month=Month(2026, 3), now=LATER),
    ):
        with pytest.raises(NotFound):
            act()
