"""The gates of the rulebook: each kind of fault in a tiny spoilt file gives file, line and sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lionrock.kernel.errors import Invalid
from lionrock.rules.checking import check, check_rulebook
from lionrock.rules.rulebook import load_rulebook

TERMS = "programmes/lagoon/terms.yaml"
ITEMS = "programmes/lagoon/items.yaml"
IDENTITY = "programmes/lagoon/programme.yaml"
EXTRA = "programmes/lagoon/extra.yaml"

SPOILT = [
    row
    for name in ("spoilt.yaml", "spoilt_forms.yaml")
    for row in yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=[row["what"] for row in SPOILT])
def test_a_fault_is_named_with_file_line_and_sentence(broken: Any, copy: Path, spoilt: dict[str, Any]) -> None:
    found = broken(spoilt["file"], spoilt.get("old", ""), spoilt["new"])
    assert (spoilt.get("at", spoilt["file"]), spoilt["line"], spoilt["says"].replace("{copy}", str(copy))) in found


def test_all_faults_of_all_files_come_at_once(copy: Path) -> None:
    (copy / EXTRA).write_text("budget.years:\n  unit: nmber\n  values: []\nnonsense: {}\n")
    (copy / ITEMS).write_text((copy / ITEMS).read_text().replace("Asia/Tokyo", "Asia/Lagoon"))
    (copy / IDENTITY).write_text((copy / IDENTITY).read_text().replace("JOD", "LGN"))
    codes = {fault.code for fault in check_rulebook(copy)}
    assert codes >= {"rules.unit.unknown", "rules.parameter.unknown", "kernel.periods.zone", "kernel.money.currency"}


def test_a_faulty_rulebook_is_refused_whole_with_all_faults(copy: Path) -> None:
    (copy / EXTRA).write_text("nonsense: {}\nmore.nonsense: {}\n")
    with pytest.raises(Invalid) as refused:
        load_rulebook(copy)
    assert [fault.line for fault in refused.value.faults] == [1, 2]
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("path", ["categories", "request.unit", "criteria.", "subsidy.general_rate"])
def test_a_missing_parameter_is_named_at_the_programme(copy: Path, path: str) -> None:
    lines = (copy / TERMS).read_text().splitlines(keepends=True)
    kept, dropping = [], False
    for line in lines:
        dropping = line.startswith(path) if not line.startswith(" ") else dropping
        kept += [] if dropping else [line]
    (copy / TERMS).write_text("".join(kept))
    missing = [fault for fault in check_rulebook(copy) if fault.code.startswith("rules.parameter.missing")]
    assert [(Path(fault.file or "").name, fault.line) for fault in missing] == [("programme.yaml", 1)]
    assert path in str(missing[0].field)


def test_weights_are_not_counted_while_one_is_unset_but_never_exceed_100(copy: Path) -> None:
    text = (copy / TERMS).read_text()
    (copy / TERMS).write_text(text.replace("value: 40, source: statute", "value: null, source: statute"))
    assert check_rulebook(copy) == []
    (copy / TERMS).write_text((copy / TERMS).read_text().replace("value: 60,", "value: 101,"))
    assert [fault.code for fault in check_rulebook(copy)] == ["rules.criteria.weights"]


def test_a_chain_of_programmes_that_extend_each_other_is_refused(copy: Path) -> None:
    for one, other in (("atoll", "reef"), ("reef", "atoll")):
        (copy / "programmes" / one).mkdir()
        named = f"id: {one}\nextends: {other}\nnames: {{value: {{en: X}}, source: statute}}\n"
        (copy / "programmes" / one / "programme.yaml").write_text(named)
    assert [fault.code for fault in check_rulebook(copy)] == ["rules.programme.extends"]


def test_one_programme_is_checked_with_the_files_that_it_shares(copy: Path) -> None:
    (copy / "programmes" / "atoll").mkdir()
    (copy / "programmes" / "atoll" / "programme.yaml").write_text("id: atoll\n")
    assert check_rulebook(copy / "programmes" / "lagoon") == []
    assert {fault.code for fault in check_rulebook(copy / "programmes" / "atoll")} >= {"rules.shape.missing_key"}
    (copy / "sources.yaml").write_text("statute: nothing\n")
    assert "rules.shape.mapping" in {fault.code for fault in check_rulebook(copy / "programmes" / "lagoon")}


@pytest.mark.parametrize("make", [False, True], ids=["no folder", "empty folder"])
def test_a_folder_without_a_rulebook_says_so(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "nowhere"
    if make:
        folder.mkdir()
    codes = {fault.code for fault in check_rulebook(folder)}
    assert ("rules.rulebook.empty" in codes) is make
    assert ("rules.rulebook.absent" in codes) is not make


def test_a_sound_rulebook_is_counted(copy: Path) -> None:
    checked = check(copy)
    assert (checked.programmes, checked.values, checked.prices, checked.cases) == (1, 45, 4, 0)
    assert checked.questions == 8 + 6
    assert checked.faults == ()


def test_a_changed_file_is_read_again(copy: Path) -> None:
    assert load_rulebook(copy) is load_rulebook(copy)
    before = load_rulebook(copy)
    (copy / IDENTITY).write_text((copy / IDENTITY).read_text().replace("Lagoon Compute Fund", "Fund of the Lagoon"))
    assert load_rulebook(copy) is not before
    assert load_rulebook(copy).programme("lagoon").names.en == "Fund of the Lagoon"
