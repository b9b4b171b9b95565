"""Telling a case through the product's own reader and rating, for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from lionrock.charging.commands.replay import difference, plain
from lionrock.charging.replay.story import Story, read_stories
from lionrock.charging.replay.telling import Telling

Case = Mapping[str, Any]


def told(path: Path, *inputs: Case) -> list[Any]:
    """Write the cases into a file and return the answer of each."""
    return [plain(Telling(story).tell()) for story in read(path, *inputs)]


def read(path: Path, *inputs: Case) -> list[Story]:
    """Write the cases into a file and read them, without any fault."""
    cases = [{"id": f"case {number}", "input": dict(one)} for number, one in enumerate(inputs, 1)]
    path.write_text(yaml.safe_dump({"cases": cases}, sort_keys=False, allow_unicode=True))
    stories, faults = read_stories(path)
    assert not faults, [str(fault) for fault in faults]
    return stories


def first_difference(expected: Any, found: Any) -> str | None:
    """Return where two answers differ; which of several held jobs is named first says nothing."""
    return difference(_unordered(expected), _unordered(found))


def _unordered(answer: Any) -> Any:
    answer = plain(answer)
    if "quarantined_jobs" in answer:
        answer["quarantined_jobs"] = sorted(map(str, answer["quarantined_jobs"]))
    return answer


def input_of(
    timeline: Iterable[Case],
    *,
    price: str = "12.00",
    prices: Iterable[Case] | None = None,
    awards: Iterable[Case] | None = None,
    share: str = "0.70",
    zone: str = "Asia/Hong_Kong",
    currency: str = "HKD",
    budget: str | None = None,
) -> dict[str, Any]:
    """Return a case: one hourly price, and one open-ended award of account u1 unless told otherwise."""
    scheme: dict[str, Any] = {"id": "S", "share": [["1970-01-01", share]]}
    if budget is not None:
        scheme["budget"] = budget
    return {
        "currency": currency,
        "billing_time_zone": zone,
        "scheme": scheme,
        "prices": list(prices or [{"sku": "gpu", "versions": [["2026-01-01", price]]}]),
        "awards": list([award_of()] if awards is None else awards),
        "timeline": list(timeline),
    }


def award_of(code: str = "A1", account: str = "u1", **facts: Any) -> dict[str, Any]:
    """Return an award without limits."""
    return {
        "id": code,
        "account": account,
        "cap": None,
        "valid_from": "2000-01-01",
        "valid_to": "2099-01-01",
        **facts,
    }


def job(number: int, start: str, end: str, **facts: Any) -> dict[str, Any]:
    """Return a record of one device held by u1."""
    return {"job": number, "account": "u1", "tres": {"gpu": 1}, "start": start, "end": end, **facts}


def ingest(*records: Case) -> dict[str, Any]:
    """Return the operation by which records arrive."""
    return {"op": "ingest", "records": list(records)}


def close(month: str) -> dict[str, Any]:
    """Return the operation that closes a month."""
    return {"op": "close", "month": month}
