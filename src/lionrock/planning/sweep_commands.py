"""`lionrock plan scenario`, `compare`, `fit`: options drawn many times and held side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from lionrock.kernel.periods import Month
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.planning.arrays import script
from lionrock.planning.domain.jobs import Unit
from lionrock.planning.exports import answer_csv
from lionrock.planning.replaying import Engine
from lionrock.planning.scenarios.answers import Answer, OptionAnswer, to_data
from lionrock.planning.scenarios.books import written as written_books
from lionrock.planning.scenarios.loadfiles import written
from lionrock.planning.scenarios.loads import fit
from lionrock.planning.sweeping import Part, collect, compared, read_all, run_sweep, write_whole
from lionrock.planning.traces.reading import read_trace
from lionrock.planning.wording import amount, measure_name, plainly, said, warning
from lionrock.rules.commands import rulebook_folder, rulebook_option
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show, to_json

FILE = click.Path(path_type=Path)
RESULTS = Path("planned")
Command = Callable[..., Any]


def sweep_options(command: Command) -> Command:
    """Add what a sweep is asked with: folder of results, seeds, processes, engine, rulebook."""
    engines = click.Choice([each.value for each in Engine])
    options = (
        click.option("--results", type=FILE, default=RESULTS, show_default=True, help="Where results are kept."),
        click.option("--seeds", type=click.IntRange(1, 10_000), help="How many (default: as the first file says)."),
        click.option("--processes", type=click.IntRange(1, 1_024), help="How many at once (default: one a core)."),
        click.option("--engine", type=engines, default=Engine.FAST.value, help="The kernel in C, or the definition."),
        rulebook_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@sweep_options
@click.option("--part", default="0/1", metavar="K/N", help="Only part K of N, counted from 0: for tasks of an array.")
@json_option
def scenario(
    files: Sequence[Path], folder: Path | None, seeds: int | None, part: str, as_json: bool, **how: Any
) -> None:
    """Simulate scenarios with many seeds. What is done is kept; run it again and it goes on where it stopped.

    Example: lionrock plan scenario rulebook/scenarios/petaflops-*.yaml
    """
    scenarios = read_all(files, rulebook_folder(folder))
    chosen = read_part(part)
    seeds = seeds or scenarios[0].seeds
    run_sweep(scenarios, seeds, chosen, **how)
    data = [{"scenario": each.id, "digest": each.digest, "file": str(each.file), "seeds": seeds} for each in scenarios]
    rows = [[each.id, each.digest[:16], seeds] for each in scenarios]
    show(data, Table(["scenario", "digest", "seeds"], rows, right=frozenset({"seeds"})), as_json=as_json)


@click.command("compare")
@click.argument("files", nargs=-1, required=True, type=FILE)
@sweep_options
@click.option("--by", "judged_by", default="wait", show_default=True, help="The measure that says which is better.")
@click.option("--into", type=FILE, help="Write the answer here, as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")
@json_option
def compare_(
    files: Sequence[Path],
    folder: Path | None,
    seeds: int | None,
    judged_by: str,
    into: Path | None,
    as_csv: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Say which option is better, by how much and how sure; the first is the one that others are held against.

    Example: lionrock plan compare rulebook/scenarios/petaflops-1300.yaml rulebook/scenarios/petaflops-3000.yaml
    """
    found = compared(files, rulebook_folder(folder), seeds, judged_by, **how)
    if into:
        write_whole(into, to_json(to_data(found)) + "\n")
    if as_csv:
        click.echo(answer_csv(found), nl=False)
    else:
        show(to_data(found), "\n".join(told(found)), as_json=as_json)


@click.command("array")
@click.argument("files", nargs=-1, required=True, type=FILE)
@sweep_options
@click.option("--parts", required=True, type=click.IntRange(1, 10_000), help="How many tasks.")
@click.option("--command", default="lionrock", show_default=True, help="How Lionrock is called on the nodes.")
@click.option("--into", required=True, type=FILE, help="Write the script here.")
def array_(
    files: Sequence[Path],
    folder: Path | None,
    seeds: int | None,
    parts: int,
    command: str,
    into: Path,
    results: Path,
    **_: Any,
) -> None:
    """Write a script that does a sweep as an array of jobs; collect tells when all of it is there.

    Example: lionrock plan array a.yaml b.yaml --parts 20 --results shared/planned --into sweep.sh
    """
    scenarios = read_all(files, rulebook_folder(folder))
    write_whole(into, script(scenarios, seeds or scenarios[0].seeds, parts, results, command))
    click.echo(f"lionrock job submit --award AWARD --time-limit 1h --array 0-{parts - 1} -- sh {into.name}")


@click.command("trace")
@click.option("--programme", required=True, help="Whose use.")
@click.option("--month", "first", required=True, metavar="YYYY-MM", help="What was submitted in it.")
@click.option("--to", "last", metavar="YYYY-MM", help="And in the months up to this one.")
@click.option("--into", required=True, type=FILE, help="Write the trace here, as Parquet.")
@as_option
def trace_(programme: str, first: str, last: str | None, into: Path, actor: Actor) -> None:
    """Write Lionrock's own usage as a trace: what ran for a programme, users by pseudonym.

    Example: lionrock plan trace --programme hk-aiss --month 2026-10 --into october.parquet
    """
    # The tables of use are there for this command alone; others run without a database.
    from lionrock.planning.usage_traces import write_usage  # noqa: PLC0415

    count = write_usage(actor, programme, Month.parse(first), Month.parse(last or first), into)
    click.echo(f"{count:,} runs: {into}")


@click.command("books")
@click.option("--programme", required=True, help="Whose equipment and orders.")
@click.option("--into", required=True, type=FILE, help="Write the books here, as YAML.")
@as_option
@at_option
def books_(programme: str, into: Path, actor: Actor, now: datetime) -> None:
    """Write down what a programme has and has ordered today, for scenarios whose fleet names these books.

    Example: lionrock plan books --programme hk-aiss --into scenarios/books/hk-aiss.yaml
    """
    # The tables of supply are there for this command alone; scenarios are simulated without a database.
    from lionrock.planning.queries import books_on  # noqa: PLC0415

    found = books_on(actor, programme, now)
    write_whole(into, "\n".join(written_books(found)) + "\n")
    click.echo(f"{len(found.changes):,} changes, as on {found.day}: {into}")


@click.command("collect")
@click.argument("files", nargs=-1, required=True, type=FILE)
@sweep_options
@json_option
def collect_(
    files: Sequence[Path], folder: Path | None, seeds: int | None, results: Path, as_json: bool, **_: Any
) -> None:
    """Tell whether all results of scenarios are there, as after an array of jobs; nothing is simulated.

    Example: lionrock plan collect rulebook/scenarios/petaflops-*.yaml --results shared/planned
    """
    scenarios = read_all(files, rulebook_folder(folder))
    seeds = seeds or scenarios[0].seeds
    options = collect(results, scenarios, seeds)
    rows = [[each.scenario.id, len(each.outcomes)] for each in options]
    data = [{"scenario": name, "seeds": count} for name, count in rows]
    show(data, Table(["scenario", "seeds"], rows, right=frozenset({"seeds"})), as_json=as_json)


@click.command("fit")
@click.argument("trace", type=FILE)
@click.option("--source", required=True, help="Its entry in sources.yaml.")
@click.option("--unit", type=click.Choice([each.value for each in Unit]), default=Unit.GPUS.value, show_default=True)
@click.option("--into", required=True, type=FILE, help="Write the load here, as YAML.")
def fit_(trace: Path, source: str, unit: str, into: Path) -> None:
    """Fit a load to a trace, for scenarios: how many jobs a week, at which hours, of which sizes and lengths.

    Example: lionrock plan fit itp-2021.parquet --source gu-2023 --into scenarios/loads/itp-2021.yaml
    """
    model = fit(read_trace(trace, Unit(unit)))
    write_whole(into, "\n".join(written(model, source)) + "\n")
    click.echo(f"{sum(model.weekly):,} jobs of {len(model.weekly)} weeks in {len(model.shapes)} sizes: {into}")


@click.command("publish")
@click.argument("files", nargs=-1, required=True, type=FILE)
@sweep_options
@click.option("--by", "judged_by", default="wait", show_default=True, help="The measure that says which is better.")
@click.option("--programme", required=True, help="For whom.")
@click.option("--question", required=True, help="What is to be decided, in a sentence.")
@as_option
@at_option
def publish(
    files: Sequence[Path],
    folder: Path | None,
    seeds: int | None,
    judged_by: str,
    programme: str,
    question: str,
    actor: Actor,
    now: datetime,
    **how: Any,
) -> None:
    """Compare, and keep the answer on a page for those who work for a programme.

    Example: lionrock plan publish a.yaml b.yaml --programme hk-aiss --question "Is the second phase worth it?"
    """
    # Django's tables are there for this command alone; the others run without a database.
    from lionrock.planning.actions import publish_study  # noqa: PLC0415
    from lionrock.planning.policies import require_publisher  # noqa: PLC0415

    require_publisher(actor, programme)
    found = compared(files, rulebook_folder(folder), seeds, judged_by, **how)
    study = publish_study(actor=actor, programme=programme, question=question, answer=found, now=now)
    click.echo(f"{study.code} is published: {question}")


def read_part(text: str) -> Part:
    """Read "K/N"."""
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and int(number) < int(of)):
        raise click.BadParameter(f"“{text}” is no part. Write K/N with K from 0 to N - 1, such as 0/4.")
    return Part(int(number), int(of))


def told(found: Answer) -> Iterator[str]:
    """Yield the answer for people: the sentences first, then every measure side by side."""
    for option in found.options[1:]:
        yield plainly(said(found, option))
    yield from (plainly(warned) for option in found.options if (warned := warning(option)))
    yield ""
    names = ["", *(option.names.en for option in found.options)]
    rows = [[plainly(measure_name(name, found)), *_cells(name, found)] for name in found.measures]
    yield Table(names, rows, right=frozenset(names[1:])).render()
    yield ""
    yield f"{found.weeks} weeks from {found.begins}, {found.seeds} seeds; ± is {found.confidence} % confidence."
    for option in found.options:
        for each in option.assumptions:
            if each.kind == "books":
                yield f"“{option.names.en}” rests on the books of supply of {each.of} on {each.value}."
    yield "Utilisation is of the device-hours that there were in these weeks."


def _cells(name: str, found: Answer) -> Iterator[str]:
    return (_cell(name, option, found) for option in found.options)


def _cell(name: str, option: OptionAnswer, found: Answer) -> str:
    figure = option.measures.get(name)
    if figure is None:
        return "not known"
    margin = "" if figure.margin is None else f" ± {plainly(amount(name, figure.margin, found, figure.mean))}"
    return f"{plainly(amount(name, figure.mean, found))}{margin}"
