"""`lionrock usage import`: a slip in an option stops it before a row is read, and what is held is pointed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.calls.world import OPERATOR, World

from lionrock.charging.commands.charge import charge
from lionrock.charging.commands.usage import usage
from lionrock.charging.models import RecordedRun, UsageImport
from lionrock.kernel.errors import LionrockError, NotFound
from lionrock.sites.actions import register_site

HEAD = "JobID|User|Account|State|Start|End|ElapsedRaw|AllocTRES"
ROW = "1|wong|{account}|COMPLETED|2026-04-02T10:00:00+08:00|2026-04-02T12:00:00+08:00|7200|gres/gpu:h800=2,node=1"
PLAIN = ("--programme", "hk-aiss-demo", "--site", "here", "--item", "gres/gpu:h800=h800-gpu")


def imported(tmp_path: Path, *options: str, account: str = "harbour-university") -> Result:
    file = tmp_path / "april.psv"
    file.write_text(f"{HEAD}\n{ROW.format(account=account)}\n")
    return CliRunner().invoke(usage, ["import", str(file), *PLAIN, *options])


def test_a_row_is_taken_in_once(world: World, tmp_path: Path) -> None:
    for _ in range(2):
        assert imported(tmp_path).exit_code == 0
    assert RecordedRun.objects.count() == 1


def test_a_site_that_is_not_on_file_charges_nothing_twice(world: World, tmp_path: Path) -> None:
    ended = imported(tmp_path, "--site", "hear")
    assert isinstance(ended.exception, NotFound)
    assert "There is no site hear" in str(ended.exception)
    assert not UsageImport.objects.exists()


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        (["--item", "cpu=moon-base"], ["item"]),
        (["--all-accounts", "nowhere"], ["account"]),
        (["--account", "a=nowhere", "--account", "b=harbour-university"], ["account"]),
        (["--account", "a=x", "--all-accounts", "y", "--item", "cpu=moon-base"], ["item", "account", "account"]),
    ],
)
def test_every_name_in_the_options_must_be_on_file(
    world: World, tmp_path: Path, options: list[str], fields: list[str]
) -> None:
    ended = imported(tmp_path, *options)
    assert isinstance(ended.exception, LionrockError)
    assert [fault.field for fault in ended.exception.faults] == fields
    assert ended.exception.exit_code == 2
    assert not UsageImport.objects.exists()


def test_a_site_of_another_programme_is_refused(world: World, tmp_path: Path) -> None:
    register_site(actor=OPERATOR, code="there", name="There", programme="hk-aiss", driver="local", now=world.now)
    ended = imported(tmp_path, "--site", "there")
    assert isinstance(ended.exception, LionrockError)
    assert "computes for hk-aiss, not for hk-aiss-demo" in str(ended.exception)


@pytest.mark.parametrize("options", [["--revision", "-1"], ["--revision", "99999999999"], ["--revision", "x"]])
def test_a_revision_that_cannot_be_kept_is_refused_at_once(world: World, tmp_path: Path, options: list[str]) -> None:
    assert imported(tmp_path, *options).exit_code == 2
    assert not UsageImport.objects.exists()


def test_what_is_held_is_pointed_to_and_told_with_line_and_reason(world: World, tmp_path: Path) -> None:
    ended = imported(tmp_path, account="strangers")
    assert "lionrock usage held" in ended.stdout
    told = CliRunner().invoke(usage, ["held", "--limit", "1"]).stdout
    assert "april.psv" in told
    assert "strangers, which is not on file" in told
    assert "lionrock usage held" not in imported(tmp_path, "--account", "strangers=harbour-university").stdout


def test_a_preview_shows_amounts_in_the_fund_s_currency(world: World, tmp_path: Path) -> None:
    imported(tmp_path)
    shown = CliRunner().invoke(charge, ["preview", "--programme", "hk-aiss-demo", "--month", "2026-04"]).stdout
    assert "HKD 219.18" in shown
    assert "21918" not in shown


def test_use_without_a_price_is_told_below_the_preview(world: World, tmp_path: Path) -> None:
    file = tmp_path / "april.csv"
    row = "harbour-university,2026-04-02T10:00:00+08:00,2026-04-02T12:00:00+08:00"
    file.write_text(f"job,account,start,end,devices\nj1,{row},moon=2\nj2,{row},h800-gpu=1\n")
    CliRunner().invoke(usage, ["import", str(file), *PLAIN[:4]], catch_exceptions=False)
    shown = CliRunner().invoke(charge, ["preview", "--programme", "hk-aiss-demo", "--month", "2026-04"]).stdout
    assert "2026-04: 1 runs of 14,400 device-seconds have no price and are held: here/j1" in shown
    assert "HKD 109.59" in shown
