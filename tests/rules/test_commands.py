"""`lionrock programme` and `lionrock quote`: what is printed, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lionrock.rules import commands
from lionrock.rules.rulebook import load_rulebook
from lionrock.terminal.errors import Group

REAL = Path(__file__).resolve().parents[2] / "rulebook"
QUOTE = "quote --programme hk-aiss --category startup --item h800-node --count 3 --months 6 --on 2025-03-01"


def _run(line: str, *more: str, configured: Path | None = REAL) -> Result:
    root = Group("lionrock", commands={"programme": commands.programme, "quote": commands.quote})
    settings = SimpleNamespace(rulebook=configured) if configured else None
    return CliRunner().invoke(root, [*line.split(), *more], obj=settings)


def _json(line: str, *more: str) -> Any:
    result = _run(line, *more, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_quote_prints_the_amounts_and_the_sources() -> None:
    result = _run(QUOTE)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "List price              HKD 5,760,000.00" in lines
    assert "Scheme's share (0.70)   HKD 4,032,000.00" in lines
    assert "User's share            HKD 1,728,000.00" in lines
    assert "[primary] smelink: SME Link, Hong Kong" in result.stdout
    assert "https://github.com/helenchw/public_notes/" in result.stdout
    assert "[met] The category “startup” may apply." in result.stdout


def test_quote_as_json_has_amounts_findings_reads_and_sources() -> None:
    data = _json(QUOTE)
    assert data["list_price"] == {"amount": "5760000.00", "minor": 576000000, "currency": "HKD"}
    assert (data["scheme_share"]["minor"], data["user_share"]["minor"]) == (403200000, 172800000)
    assert {finding["outcome"] for finding in data["findings"]} == {"met", "unknown"}
    read = next(read for read in data["reads"] if read["path"] == "subsidy.general_rate")
    assert (read["value"], read["since"], read["citation"]["grade"]) == ("0.70", "2024-10-07", "primary")
    assert all(source["publisher"] for source in data["sources"])


def test_quote_at_the_exceptional_rate() -> None:
    data = _json(QUOTE, "--exceptional-rate", "0.90", "--reason", "unique", "--decided-by", "the Committee")
    assert (data["scheme_share"]["amount"], data["user_share"]["amount"]) == ("5184000.00", "576000.00")
    assert (data["reason"], data["decided_by"]) == ("unique", "the Committee")


def test_quote_of_metered_hours() -> None:
    line = "quote --programme hk-aiss-demo --category startup --item cpu-core --count 4 --hours 2.5 --on 2025-03-01"
    data = _json(line)
    assert (data["list_price"]["amount"], data["hours"], data["months"]) == ("2.50", "2.5", None)
    assert "4 × cpu-core × 2.5 hours" in _run(line).stdout


REFUSED = [
    (f"{QUOTE} --exceptional-rate 0.90", 2, "An exceptional rate in hk-aiss needs reason, and none is given."),
    (f"{QUOTE} --exceptional-rate 0.90 --reason x", 2, "needs decided_by"),
    (f"{QUOTE} --exceptional-rate 90% --reason x --decided-by y", 2, "“90%” in exceptional_rate is not a decimal"),
    (f"{QUOTE} --exceptional-rate 0.95 --reason x --decided-by y", 3, "is above 0.90"),
    (f"{QUOTE} --reason x", 2, "without exceptional_rate"),
    (QUOTE.replace("startup", "hobby"), 2, "“hobby” is not a category of hk-aiss. Write one of: university, rnd"),
    (QUOTE.replace("h800-node", "h900"), 2, "“h900” is not on the price list of hk-aiss"),
    (QUOTE.replace("--count 3", "--count 0"), 2, "“0” in count cannot be quoted for. Write a number above zero"),
    (QUOTE.replace("--count 3", "--count -1"), 2, "“-1” in count cannot be quoted for"),
    (QUOTE.replace("--count 3", f"--count {10**22}"), 2, "at most 1000000."),
    (QUOTE.replace("--months 6", "--months 99999999"), 2, "“99999999” in months cannot be quoted for"),
    (QUOTE.replace("--months 6", f"--hours {'9' * 40}.5"), 2, "more than 18 digits before the point"),
    (QUOTE.replace("2025-03-01", "0001-01-01"), 2, "“0001-01-01” in --on is not a date"),
    ("programme show hk-aiss --on 9999-12-31", 2, "“9999-12-31” in --on is not a date"),
    (QUOTE.replace("--months 6", "--hours 1.2345678"), 2, "more than 6 decimals"),
    (QUOTE.replace("2025-03-01", "2024-12-31"), 3, "the next one starts 2025-01-01"),
    (QUOTE.replace("2025-03-01", "1/3/2025"), 2, "“1/3/2025” in --on is not a date. Write it as 2025-03-01."),
    (QUOTE.replace("hk-aiss", "hk-air"), 5, "There is no programme “hk-air”"),
    ("programme show hk-air", 5, "Those that exist: hk-aiss, hk-aiss-demo"),
]


@pytest.mark.parametrize(("line", "code", "sentence"), REFUSED)
def test_what_is_refused_says_why_and_ends_with_its_code(line: str, code: int, sentence: str) -> None:
    result = _run(line)
    assert result.exit_code == code
    assert sentence in result.stderr
    assert result.stdout == ""


def test_list_names_the_programmes() -> None:
    assert "人工智能" not in _run("programme list").stdout
    assert [row["id"] for row in _json("programme list")] == ["hk-aiss", "hk-aiss-demo"]
    assert _json("programme list")[1]["extends"] == "hk-aiss"


def test_show_gives_the_terms_of_a_day() -> None:
    before, after = (_run(f"programme show hk-aiss --on {on}").stdout for on in ("2026-01-31", "2026-02-01"))
    assert _row(before, "request.unit")[1] == "node"
    assert _row(after, "request.unit")[1] == "card"
    assert _row(after, "request.max_count")[1:3] == ["not", "set"]
    assert "Not set, and needed before a call can open:" in after
    assert "人工智能資助計劃" in after
    assert "charging.modes  How use is charged" in after


def _row(text: str, first: str) -> list[str]:
    return next(line.split() for line in text.splitlines() if line.startswith(f"{first} "))


def test_show_as_json_lists_what_is_unset() -> None:
    data = _json("programme show hk-aiss --on 2025-03-01")
    assert "payment.mode" in data["needed_to_open"]
    assert data["names"]["zh-hans"] == "人工智能资助计划"
    assert next(item for item in data["items"] if item["id"] == "h800-node")["value"] == "320000.00"


def test_show_gives_the_questions_of_the_form() -> None:
    before, after = (_run(f"programme show hk-aiss --on {on}").stdout for on in ("2026-01-31", "2026-02-01"))
    assert "No application form is known." in before
    assert "questions  The application form" in before
    assert "Application form since 2026-02-01, [secondary] form-2026" in after
    asked = " ".join(_row(after, "applicant.description"))
    assert asked.endswith("paragraph required en, zh-hant words 250, characters 400")
    assert _row(after, "project.*.technology-areas")[-2:] == ["options", "4"]


def test_show_as_json_gives_the_whole_form(copy: Path) -> None:
    line = "programme show lagoon --rulebook"
    data = _json(line, str(copy), "--on", "2026-02-01")
    plea, boat = data["form"]["parts"]
    assert (boat["least"], boat["most"], boat["citation"]["source"]) == (0, 3, "gazette")
    assert boat["fields"][0]["options"]["red"] == {"en": "Red", "zh-hant": "紅", "zh-hans": "Red"}
    assert [field["core"] for field in plea["fields"]][:2] == ["category", "title"]
    assert plea["fields"][6]["shown_to"] == ["guild"]
    assert "required of guild" in _run(line, str(copy), "--on", "2026-02-01").stdout
    assert _json(line, str(copy), "--on", "2026-01-31")["form"] is None
    assert _json("programme show hk-aiss --on 2025-03-01")["form"]["parts"] is None


def test_show_without_a_day_takes_today() -> None:
    assert _run("programme show hk-aiss-demo").exit_code == 0


def test_check_counts_what_it_went_through() -> None:
    result = _run("programme check")
    assert result.exit_code == 0
    assert result.stdout.startswith("no faults: 2 programmes, ")
    assert _json("programme check")["faults"] == 0


def test_check_of_one_programme(copy: Path) -> None:
    result = _run("programme check", str(copy / "programmes" / "lagoon"))
    assert (result.exit_code, result.stdout) == (
        0,
        "no faults: 1 programmes, 45 values, 4 prices, 14 questions, 0 cases\n",
    )


def test_check_prints_every_fault_with_file_and_line_and_ends_with_2(copy: Path) -> None:
    extra = copy / "programmes" / "lagoon" / "extra.yaml"
    extra.write_text("nonsense: {}\nbudget.years:\n  unit: number\n  values: [0.5]\n")
    result = _run("programme check", str(copy))
    assert result.exit_code == 2
    assert f"{extra}:1: “nonsense” is not a parameter." in result.stderr
    assert f"{extra}:4: 0.5 in values is a bare decimal" in result.stderr
    assert "faults in" in result.stderr
    assert result.stdout == ""


def test_a_rulebook_can_be_named_on_the_line(copy: Path) -> None:
    assert "lagoon" in _run("programme list --rulebook", str(copy), configured=None).stdout
    line = "quote --programme lagoon --category guild --item pod --count 2 --months 1 --on 2026-02-01 --rulebook"
    assert "JOD 20.002" in _run(line, str(copy)).stdout


def test_without_a_rulebook_the_usage_says_what_to_give() -> None:
    result = _run("programme list", configured=None)
    assert result.exit_code == 2
    assert "Give one with --rulebook" in result.stderr


def test_a_faulty_rulebook_is_not_used_for_quotes(copy: Path) -> None:
    (copy / "units.yaml").write_text("fraction: [\n")
    result = _run(QUOTE, "--rulebook", str(copy))
    assert result.exit_code == 2
    assert f"{copy}/units.yaml:1: This is not well-formed YAML" in result.stderr


def test_the_configured_rulebook_is_sound() -> None:
    assert set(load_rulebook(REAL).programmes) == {"hk-aiss", "hk-aiss-demo"}
