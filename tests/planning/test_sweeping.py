"""Sweeps: kept by digest, gone on with after a stop, the same over one core or more, and what is said of them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.planning.options import H800, RULEBOOK, fleet, option

from lionrock.kernel.errors import Conflict, Invalid
from lionrock.planning.commands import plan
from lionrock.planning.exports import answer_csv
from lionrock.planning.replaying import Engine
from lionrock.planning.scenarios.answers import Answer, answer, from_data, to_data
from lionrock.planning.scenarios.comparing import Verdict, compare
from lionrock.planning.scenarios.values import Scenario
from lionrock.planning.sweep_commands import told
from lionrock.planning.sweeping import Part, collect, kept, place_of, sweep
from lionrock.planning.wording import plainly, said
from lionrock.terminal.output import to_json

SEEDS = 3


def pair(folder: Path) -> list[Scenario]:
    small = option(folder, "small", names="{en: Small}")
    large = option(
        folder, "large", names="{en: Large}", fleet=fleet(f"id: first, accelerator: {H800}, count: 24, week: 0")
    )
    return [small, large]


def quietly(_: int) -> None:
    return None


def answered(folder: Path, judged_by: str = "wait") -> Answer:
    scenarios = pair(folder)
    sweep(folder / "kept", scenarios, SEEDS, told=quietly, processes=1)
    return answer(compare(collect(folder / "kept", scenarios, SEEDS), judged_by))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.json"))}


def test_a_sweep_that_was_stopped_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    scenarios = pair(tmp_path)
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    sweep(whole, scenarios, SEEDS, told=quietly, processes=1)

    class StoppedError(Exception):
        pass

    def stop(done: int) -> None:
        if done:
            raise StoppedError

    with pytest.raises(StoppedError):
        sweep(stopped, scenarios, SEEDS, told=stop, processes=1)
    assert 0 < len(contents(stopped)) < len(contents(whole))
    half = place_of(stopped, scenarios[1], 1)
    half.write_text(half.read_text()[:200])
    counts: list[int] = []
    sweep(stopped, scenarios, SEEDS, told=counts.append, processes=1)
    assert contents(stopped) == contents(whole)
    assert counts == [1, 2, 4, 6], "what was whole is not done again, what was half is"


def test_two_processes_the_definition_and_parts_come_to_the_same(tmp_path: Path) -> None:
    scenarios = pair(tmp_path)
    one, two, parts, slow = (tmp_path / name for name in ("one", "two", "parts", "slow"))
    sweep(one, scenarios, SEEDS, told=quietly, processes=1)
    sweep(two, scenarios, SEEDS, told=quietly, processes=2)
    sweep(slow, scenarios, SEEDS, told=quietly, processes=1, engine=Engine.REFERENCE)
    for number in range(2):
        with pytest.raises(Conflict):
            collect(parts, scenarios, SEEDS)
        sweep(parts, scenarios, SEEDS, told=quietly, processes=1, part=Part(number, 2))
    assert contents(one) == contents(two) == contents(parts) == contents(slow)


def test_results_of_a_file_that_changed_are_not_taken(tmp_path: Path) -> None:
    [before, _] = pair(tmp_path)
    sweep(tmp_path / "kept", [before], 1, told=quietly, processes=1)
    after = option(tmp_path, "small", names="{en: Small}", policy="fcfs")
    assert kept(tmp_path / "kept", before, 1) is not None
    assert kept(tmp_path / "kept", after, 1) is None


def test_which_is_better_by_how_much_and_how_sure(tmp_path: Path) -> None:
    found = answered(tmp_path)
    large = found.options[1]
    assert large.judged("wait") is Verdict.BETTER
    sentence = plainly(said(found, large))
    assert sentence.startswith("“Large” is better: waits are ")
    assert " shorter, 95 per cent sure between " in sentence
    differs = large.differences["wait"]
    assert differs is not None
    assert differs.high < 0
    assert large.judged("device_hours") in {Verdict.MORE, Verdict.NOT_SHOWN}, "more use is neither better nor worse"
    assert large.judged("cost_of_work") is Verdict.NOT_SHOWN
    assert not found.first.keeps_up
    assert any("“Small” cannot keep up" in line for line in told(found))


def test_an_option_beside_itself_shows_no_difference(tmp_path: Path) -> None:
    [small, _] = pair(tmp_path)
    twin = option(tmp_path, "twin", names="{en: Twin}")
    sweep(tmp_path / "kept", [small, twin], SEEDS, told=quietly, processes=1)
    found = compare(collect(tmp_path / "kept", [small, twin], SEEDS), "wait")
    assert {found.verdict(found.options[1], name) for name in found.measures} == {Verdict.NOT_SHOWN}
    differs = found.difference(found.options[1], "wait")
    assert differs is not None
    assert (differs.mean, differs.margin) == (Fraction(0), Fraction(0))


def test_what_cannot_be_paired_is_refused(tmp_path: Path) -> None:
    [small, _] = pair(tmp_path)
    longer = option(tmp_path, "longer", weeks="4")
    sweep(tmp_path / "kept", [small, longer], 2, told=quietly, processes=1)
    options = collect(tmp_path / "kept", [small, longer], 2)
    with pytest.raises(Invalid):
        compare(options, "wait")
    with pytest.raises(Invalid):
        compare(options[:1], "happiness")


def test_an_answer_is_kept_as_data_and_read_back(tmp_path: Path) -> None:
    found = answered(tmp_path)
    assert from_data(json.loads(to_json(to_data(found)))) == found
    rows = answer_csv(found).splitlines()
    assert len(rows) == 1 + 2 * len(found.first.measures)
    assert any(row.startswith("large,wait,seconds,") and ",better,95,3,3,2026-01-05" in row for row in rows)


def test_the_commands_simulate_collect_and_compare(tmp_path: Path) -> None:
    files = [str(each.file) for each in pair(tmp_path)]
    where = ["--results", str(tmp_path / "kept"), "--rulebook", str(RULEBOOK), "--seeds", "2"]
    runner = CliRunner()
    early = runner.invoke(plan, ["collect", *files, *where])
    assert isinstance(early.exception, Conflict)
    for part in ("0/2", "1/2"):
        done = runner.invoke(plan, ["scenario", *files, *where, "--processes", "1", "--part", part])
        assert done.exit_code == 0, done.output
    assert runner.invoke(plan, ["collect", *files, *where]).exit_code == 0
    told_ = runner.invoke(plan, ["compare", *files, *where, "--by", "turnaround"])
    assert "“Large” is better: results come " in told_.output
    data = runner.invoke(plan, ["compare", *files, *where, "--json"], catch_exceptions=False)
    assert json.loads(data.stdout)["options"][1]["id"] == "large"
    assert runner.invoke(plan, ["scenario", *files, *where, "--part", "2/2"]).exit_code == 2


def test_a_load_is_fitted_and_taken(tmp_path: Path) -> None:
    option(tmp_path)
    rows = ["; a trace"]
    for each in range(1, 400):
        rows.append(f"{each} {each * 2000} 0 {500 + each} 4 -1 -1 4 -1 -1 1 7 1 1 1 1 -1 -1")
    (tmp_path / "few.swf").write_text("\n".join(rows) + "\n")
    made = CliRunner().invoke(
        plan,
        ["fit", str(tmp_path / "few.swf"), "--unit", "cpus", "--source", "planning-own", "--into",
         str(tmp_path / "loads" / "fitted.yaml")],
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    taken = option(tmp_path, "fitted", load='{model: fitted, levels: [{week: 0, level: "1.00"}], source: planning-own}')
    assert [shape.size for shape in taken.demand.model.shapes] == [4]
