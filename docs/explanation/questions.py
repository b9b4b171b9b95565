"""Writes docs/explanation/questions.md: the named questions, simulated and answered.

    python -m docs.explanation.questions --results FOLDER

What is kept in the folder is not simulated again. A test compares the digests on the page with those of the scenarios
as they are, so that no number outlives what it was reckoned from.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lionrock.planning.scenarios.answers import Answer, OptionAnswer
from lionrock.planning.sweeping import compared
from lionrock.planning.wording import amount, measure_name, plainly, said, warning

PAGE = Path(__file__).with_suffix(".md")
RULEBOOK = PAGE.parents[2] / "rulebook"
SHOWN = (
    "wait", "turnaround", "waiting_at_end", "utilisation", "jobs_done", "work_done", "petaflop_hours.fp16",
    "images_an_hour", "fund", "cost_of_work", "energy",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked, of which scenarios, and by which measure; `remark` is what the numbers do not say."""

    asked: str
    by: str
    scenarios: tuple[str, ...]
    remark: str
    seeds: int = 12

    @property
    def files(self) -> list[Path]:
        """The scenarios' files, the first being the one that others are held against."""
        return [RULEBOOK / "scenarios" / f"{name}.yaml" for name in self.scenarios]


QUESTIONS = (
    Question(
        "1,300 or 3,000 petaflops?",
        "wait",
        ("petaflops-1300", "petaflops-3000"),
        "The load is that of four fifths of the larger machine, as was reported of it; on the smaller one it can only "
        "pile up. “Petaflops” is read as dense 16-bit operations, for which precision is meant is not published.",
    ),
    Question(
        "Only H20, or a domestic accelerator, for the second phase?",
        "turnaround",
        ("petaflops-3000", "second-phase-h20", "second-phase-domestic"),
        "As many devices, of another kind. Jobs of one device are taken to go with memory bandwidth, where H20 is "
        "quicker than H800, all others with 16-bit arithmetic, where it has a seventh. So much work needs so many more "
        "hours that the price of an hour, left as it is, makes it dear. What may be bought is not decided here: "
        "`lionrock controls determine --chip nvidia-h20-96gb --to HK --date DATE`, and likewise for "
        "`huawei-ascend-910c`, of which guidance of May 2025 presumes a breach wherever it is bought.",
    ),
    Question(
        "What do nine months of delay cost?",
        "wait",
        ("second-phase-on-time", "second-phase-late"),
        "A year in which demand rises to that of two machines within half of it.",
        seeds=4,
    ),
    Question(
        "70 or 90 per cent of subsidy?",
        "wait",
        ("petaflops-3000", "subsidy-90"),
        "That demand answers with half of the relative change of what users pay is an assumption of ours and decides "
        "this question; try others.",
    ),
    Question(
        "Leases or pay-per-use?",
        "wait",
        ("petaflops-3000", "leases"),
        "The same jobs, shared out evenly among the lessees. The fund pays a lease whether it is used or not.",
    ),
    Question(
        "Should idle leased nodes be lent?",
        "wait",
        ("leases-in-part", "leases-lent"),
        "Whoever borrows gives way at once and starts again from the beginning; what was lost so is not charged and "
        "counts as no use. Those who lend wait as long as before.",
    ),
    Question(
        "What fleet processes ten billion images an hour?",
        "wait",
        ("petaflops-3000", "images-classified"),
        "The number of devices below is what each kind would need if it did nothing else, all the time. It is the "
        "whole machine at the rate that the announcement implies, and a few dozen devices if an image is one pass of "
        "a small network; so it is the work on an image that has to be asked for, not the number of images.",
    ),
)


def page(answers: Sequence[tuple[Question, Answer]]) -> str:
    """Return the whole page."""
    head = [
        "# Seven questions, simulated",
        "",
        "<!-- Written by `python -m docs.explanation.questions`; change the scenarios and write it again. -->",
        "",
        "Each option is a small file in `rulebook/scenarios`, laid out in [scenarios](../reference/scenarios.md).",
        "The jobs are drawn from what ten GPU clusters of Microsoft did in 2021, as many as the use that was reported",
        "of the centre needs. What is assumed and what has a source stands in the files; answers are no better.",
        "± and “95 per cent sure” are explained [there](../reference/scenarios.md#how-sure).",
    ]
    return "\n".join([*head, *(line for question, found in answers for line in _section(question, found)), ""])


def _section(question: Question, found: Answer) -> Iterator[str]:
    yield from ("", f"## {question.asked}", "")
    for option in found.options[1:]:
        yield f"**{plainly(said(found, option))}**"
    yield from (plainly(warned) for option in found.options if (warned := warning(option)))
    yield from ("", question.remark, "")
    yield "| | " + " | ".join(option.names.en for option in found.options) + " |"
    yield "| --- |" + " ---: |" * len(found.options)
    for name in SHOWN:
        cells = [_cell(name, option, found) for option in found.options]
        yield f"| {plainly(measure_name(name, found))} | " + " | ".join(cells) + " |"
    if found.aim:
        yield f"| Devices for {found.aim:,} images an hour | " + " | ".join(map(_devices, found.options)) + " |"
    digests = ", ".join(f"`{option.id}` {option.digest[:12]}" for option in found.options)
    yield from ("", f"{found.weeks} weeks from {found.begins}, {found.seeds} seeds. {digests}.")


def _cell(name: str, option: OptionAnswer, found: Answer) -> str:
    figure = option.measures.get(name)
    if figure is None:
        return "not known"
    margin = plainly(amount(name, figure.margin or Decimal(0), found, figure.mean))
    return f"{plainly(amount(name, figure.mean, found))} ± {margin}"


def _devices(option: OptionAnswer) -> str:
    return "; ".join(f"{row.for_images:,} {row.name}" for row in option.groups if row.for_images) or "not known"


def main() -> None:
    """Simulate what is missing, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--results", type=Path, default=Path("planned"))
    asked.add_argument("--processes", type=int)
    given = asked.parse_args()
    how = {"results": given.results, "processes": given.processes, "engine": "fast"}
    answers = [(each, compared(each.files, RULEBOOK, each.seeds, each.by, **how)) for each in QUESTIONS]
    PAGE.write_text(page(answers), "utf-8")


if __name__ == "__main__":
    main()
