"""Screening: how fast a full list is asked beside a plain scan of it, and what is found of labelled pairs.

    python -m bench.screening [--list FILE]

Without a file it takes a list that lies beside the project, or else makes one of invented names. The
plain scan compares a name with all names of the list by one function of rapidfuzz, after its own
normalising, which is done for the list beforehand. Pairs: tests/screening/pairs/README.md. The rules were
adjusted by looking at all of them, before they were parted into two halves by a digest; since then they are
adjusted by the first half alone, and the second is kept back. A CSV of the consolidated list is written as
its JSON as well, and both have to give the same entries.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from bench.measuring import Measured, cpu
from lionrock.screening.domain.forms import alike, forms_of
from lionrock.screening.domain.list_files import read_list
from lionrock.screening.domain.matching import Index
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Entry, Party
from lionrock.screening.domain.rules import ScreeningRules
from lionrock.screening.rulebook import load_rules
from lionrock.terminal.output import Table

ROOT: Final = Path(__file__).resolve().parents[1]
PAIRS: Final = ROOT / "tests" / "screening" / "pairs"
BESIDE: Final = sorted((ROOT.parent / "shared" / "data" / "csl").glob("consolidated-*.csv.gz"))
ASKED, SCANNED, COMPARED = 300, 60, 12
_ENTRIES = 14_000
_GIVEN = "Anna Wei Ming Peter Carlos Maria Ahmed Olga Ivan Kwok Siu Yuki Hans Priya Arjun Chloe Lucas Tom"
_FAMILY = "Chan Wong Lee Smith Garcia Tanaka Patel Nguyen Rossi Silva Okafor Haddad Petrova Kim Lau Brown"
_FIRM = "Harbour Kite Lantern Delta Blue Silver Summit Orchid Peak River Quantum Nova Bright Ocean"
_TRADE = "Robotics Analytics Biotech Finance Textiles Logistics Media Health Energy Networks"
_SYLLABLES = "ka lo mi ran tes vu por shi el dan qua zor bin hel ya nok tam ri us gre"


@click.command()
@click.option("--list", "path", type=click.Path(exists=True, path_type=Path), default=None, help="A list to import.")
def bench(path: Path | None) -> None:
    """Measure names a second on one core, recall and precision, and what the index misses."""
    rules = load_rules(ROOT / "rulebook")
    path = path or (BESIDE[-1] if BESIDE else None)
    entries = read_list(path.read_bytes(), path.name) if path else _invented()
    click.echo(f"{len(entries):,} entries of {path.name if path else 'invented names'}\n")
    if path and ".csv" in path.suffixes:
        same = read_list(as_json(path.read_bytes()), "list.json") == entries
        click.echo(f"Its JSON form gives {'the same entries' if same else 'OTHER ENTRIES'}.\n")
    made: list[Index] = []
    building = cpu("make the index", len(entries), lambda: made.append(Index(entries, rules.spelling)))
    _show(["", "entries/s"], [building.row()])
    _show(["one core", "names/s", "of sort scan", "of WRatio scan"], _speed(made[-1], entries, rules))
    _show(
        ["labelled pairs", "pairs", "the same", "recall", "precision", "recall, block", "precision, block"],
        _pairs(rules),
    )
    _show(["of what comparing with every entry finds", "found", "in all", "part"], [_missed(made[-1], entries, rules)])
    _show(["invented names with a match to look at", "names", "part"], _alerts(made[-1], rules))


def _show(headings: list[str], rows: list[list[str]]) -> None:
    click.echo(Table(headings, rows, right=frozenset(headings[1:])).render() + "\n")


def _invented() -> list[Entry]:
    chance = random.Random(1)  # noqa: S311 - invented names, no secret
    names = ["".join(chance.choices(_SYLLABLES.split(), k=3)).title() for _ in range(4_000)]
    return [
        Entry(str(at), "Invented", Kind.PERSON, " ".join(chance.sample(names, 3)), tuple(chance.sample(names, 2)))
        for at in range(_ENTRIES)
    ]


def _parties(entries: Sequence[Entry], count: int) -> list[Party]:
    """Return ordinary invented persons and firms, and as many names of the list itself, mixed."""
    chance = random.Random(7)  # noqa: S311 - invented names, no secret
    persons = [
        Party((f"{chance.choice(_GIVEN.split())} {chance.choice(_FAMILY.split())}",), Kind.PERSON)
        for _ in range(count // 3)
    ]
    firms = [
        Party((f"{chance.choice(_FIRM.split())} {chance.choice(_TRADE.split())} Limited",), Kind.ORGANISATION)
        for _ in range(count // 3)
    ]
    listed = [Party((chance.choice(entries).name,)) for _ in range(count - 2 * (count // 3))]
    mixed = [*persons, *firms, *listed]
    chance.shuffle(mixed)
    return mixed


def _speed(index: Index, entries: Sequence[Entry], rules: ScreeningRules) -> list[list[str]]:
    review = rules.thresholds[-1].review
    asked = _parties(entries, ASKED)
    names = [default_process(name) for entry in entries for name in entry.names]

    def scan(scorer: Callable[..., Any]) -> Measured:
        def every() -> None:
            for party in asked[:SCANNED]:
                process.extract(default_process(party.names[0]), names, scorer=scorer, score_cutoff=review, limit=None)

        return cpu(f"plain scan, {scorer.__name__}", SCANNED, every)

    sort, whole = scan(fuzz.token_sort_ratio), scan(fuzz.WRatio)
    ours = cpu("index", len(asked), lambda: [index.matches(party, least=review) for party in asked])
    return [each.row(sort, whole) for each in (ours, sort, whole)]


def _pairs(rules: ScreeningRules) -> list[list[str]]:
    latin, chinese = read_pairs(PAIRS / "latin.csv"), read_pairs(PAIRS / "chinese.csv")
    sets = {
        "Latin letters": latin,
        "Chinese, persons": [pair for pair in chinese if pair["kind"] == "person"],
        "Chinese, organisations": [pair for pair in chinese if pair["kind"] == "organisation"],
    }
    rows = [
        _row(f"{name}, {half}", part, rules)
        for name, pairs in sets.items()
        for half, part in zip(("all", "to adjust by", "kept back"), (pairs, *halves(pairs)), strict=True)
    ]
    unseen = read_pairs(PAIRS / "chinese_kept_back.csv")
    return rows + [
        _row(f"Chinese, never adjusted by, {kind}s", [pair for pair in unseen if pair["kind"] == kind], rules)
        for kind in ("person", "organisation")
    ]


def halves(pairs: Sequence[dict[str, str]]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Part pairs by a digest of their two names: those to adjust by, and those kept back.

    Pairs with the same first name stay together, so that no name that is adjusted by is kept back too.
    """
    parts: tuple[list[dict[str, str]], list[dict[str, str]]] = ([], [])
    for pair in pairs:
        parts[hashlib.sha256(pair["one"].casefold().encode()).digest()[0] % 2].append(pair)
    return parts


def _row(name: str, pairs: Sequence[dict[str, str]], rules: ScreeningRules) -> list[str]:
    limits = rules.thresholds[-1]
    same = sum(pair["same"] == "yes" for pair in pairs)
    figures = [
        f"{share:.4f}" for least in (limits.review, limits.block) for share in recall_and_precision(pairs, rules, least)
    ]
    return [name, str(len(pairs)), str(same), *figures]


def read_pairs(path: Path) -> list[dict[str, str]]:
    """Return labelled pairs: kind, one, other, same (yes or no)."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def recall_and_precision(pairs: Sequence[dict[str, str]], rules: ScreeningRules, least: int) -> tuple[float, float]:
    """Return both for a threshold of 100; each pair is asked of an index that holds all the others, too."""
    entries = [Entry(str(at), "", Kind(pair["kind"]), pair["other"]) for at, pair in enumerate(pairs)]
    index = Index(entries, rules.spelling)
    right = wrong = 0
    for at, pair in enumerate(pairs):
        found = index.matches(Party((pair["one"],), Kind(pair["kind"])), least=least)
        if any(match.entry.key == str(at) for match in found):
            right, wrong = right + (pair["same"] == "yes"), wrong + (pair["same"] == "no")
    same = sum(pair["same"] == "yes" for pair in pairs)
    return right / same, right / max(1, right + wrong)


def _missed(index: Index, entries: Sequence[Entry], rules: ScreeningRules) -> list[str]:
    """Compare some names with every name of the list, and count what the index finds of that."""
    review = rules.thresholds[-1].review
    forms = [(entry.key, forms_of(name, entry.kind, rules.spelling)) for entry in entries for name in entry.names]
    both = every = 0
    for party in _parties(entries, COMPARED):
        asked = forms_of(party.names[0], party.kind, rules.spelling)
        all_of_it = {key for key, other in forms if alike(asked, other).value * 100 >= review + 0.01}
        found = {match.entry.key for match in index.matches(party, least=review - 12)}
        both, every = both + len(all_of_it & found), every + len(all_of_it)
    return [f"{COMPARED} names", str(both), str(every), f"{both / max(1, every):.4f}"]


def _alerts(index: Index, rules: ScreeningRules) -> list[list[str]]:
    review = rules.thresholds[-1].review
    persons = [Party((f"{given} {family}",), Kind.PERSON) for given in _GIVEN.split() for family in _FAMILY.split()]
    firms = [
        Party((f"{firm} {trade} Limited",), Kind.ORGANISATION) for firm in _FIRM.split() for trade in _TRADE.split()
    ]
    return [
        [name, str(len(asked)), f"{sum(bool(index.matches(each, least=review)) for each in asked) / len(asked):.3f}"]
        for name, asked in (("persons", persons), ("firms", firms))
    ]


def as_json(data: bytes) -> bytes:
    """Return a CSV of the consolidated list in the layout of its JSON: lists as lists, addresses as objects.

    Layout: https://www.trade.gov/consolidated-screening-list.
    """
    text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return json.dumps({"total": None, "results": [_as_object(row) for row in rows]}).encode()


_LISTS: Final = ("programs", "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth")


def _as_object(row: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = {name: value or None for name, value in row.items() if name != "_id"}
    found["id"] = row.get("_id")
    found |= {name: _split(row[name]) for name in _LISTS}
    found["addresses"] = [_address(text) for text in _split(row["addresses"])]
    found["ids"] = [_number(text) for text in _split(row["ids"])]
    return found


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _address(text: str) -> dict[str, str | None]:
    """Return an address as an object: what stands last is the country, before it code, state and town."""
    parts = text.split(", ")
    country = parts.pop() if len(parts[-1]) == 2 and parts[-1].isupper() else None
    code = parts.pop() if len(parts) > 2 and any(map(str.isdigit, parts[-1])) else None
    town = parts.pop() if len(parts) > 1 else None
    return {"address": ", ".join(parts), "city": town, "state": None, "postal_code": code, "country": country}


def _number(text: str) -> dict[str, str | None]:
    """Return a number in a register as an object: country, number, kind, as the CSV has them in a row."""
    parts = text.split(", ")
    country = parts.pop(0) if len(parts) > 1 and len(parts[0]) == 2 and parts[0].isupper() else None
    return {"country": country, "number": parts[0], "type": ", ".join(parts[1:]) or None}


if __name__ == "__main__":
    bench()
