"""Templates: what their files must say, what may be filled in, and the script, which no value can break."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.jobs.domain.template_files import load_templates
from lionrock.jobs.domain.templates import FilledIn, Kind, Template, duration_text, fill_in, script_of
from lionrock.kernel.errors import Invalid
from lionrock.rules.shape import LANGUAGES

SHIPPED = Path(__file__).resolve().parents[2] / "rulebook" / "job-templates"
GOOD = """\
names: {en: Small}
about: {en: A small one.}
parameters:
  count: {kind: int, label: {en: Count}, default: 3, least: 1, most: 9}
  rate: {kind: decimal, label: {en: Rate}, default: "0.5", least: "0.1", most: "1", places: 2}
  size: {kind: choice, label: {en: Size}, default: small, choices: {small: {en: Small}, large: {en: Large}}}
  word: {kind: text, label: {en: Word}, default: hello, longest: 10}
  data: {kind: file, label: {en: Data}, into: data.txt, required: false, longest: 20}
  devices: {kind: devices, label: {en: Devices}, default: 1, least: 1, most: 4}
  time_limit: {kind: time, label: {en: Time}, default: 5m, least: 1m, most: 1h}
script: echo "$WORD"
"""


def template(folder: Path, text: str = GOOD) -> Template:
    (folder / "small.yaml").write_text(text)
    return load_templates(folder)["small"]


def filled(form: Template, **typed: str) -> FilledIn:
    return fill_in(form, form.defaults() | typed)


def refused(form: Template, **typed: str) -> list[str | None]:
    with pytest.raises(Invalid) as wrong:
        filled(form, **typed)
    return [fault.field for fault in wrong.value.faults]


def test_what_is_filled_in_becomes_variables_files_and_limits(tmp_path: Path) -> None:
    made = filled(template(tmp_path), count="4", data="1,2\n", devices="2", time_limit="1h")
    assert dict(made.values) == {
        "count": "4", "rate": "0.5", "size": "small", "word": "hello", "data": "data.txt", "devices": "2",
        "time_limit": "1h",
    }  # fmt: skip
    assert (made.time_limit_seconds, made.devices, made.tasks, made.array) == (3600, 2, 0, "")
    assert made.files == {"job.sh": made.script, "data.txt": "1,2\n"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", "0"), ("count", "10"), ("count", "3.5"), ("count", "x"), ("count", ""), ("count", "٣"),
        ("rate", "0.05"), ("rate", "1.01"), ("rate", "0.123"), ("rate", "1e-1"), ("rate", "NaN"),
        ("size", "middle"), ("word", "longer than ten"), ("word", "a\x1b[2J"), ("word", ""),
        ("data", "x" * 21), ("data", "a\0b"), ("devices", "5"), ("devices", "0"),
        ("time_limit", "59s"), ("time_limit", "61m"), ("time_limit", "soon"), ("unknown", "1"),
    ],
)  # fmt: skip
def test_what_breaks_a_limit_is_refused_by_its_field(tmp_path: Path, name: str, value: str) -> None:
    assert refused(template(tmp_path), **{name: value}) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", "1"), ("count", "9"), ("rate", "0.1"), ("rate", "1"), ("time_limit", "1m"), ("time_limit", "1h")],
)
def test_limits_are_included(tmp_path: Path, name: str, value: str) -> None:
    assert filled(template(tmp_path), **{name: value}).values[name] == value


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    assert refused(template(tmp_path), count="0", rate="x", size="y", time_limit="z") == [
        "count", "rate", "size", "time_limit",
    ]  # fmt: skip


def test_a_fault_calls_its_field_by_its_label(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as wrong:
        filled(template(tmp_path), count="0")
    assert "Count" in str(wrong.value)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"]), min_size=1, max_size=40))
def test_no_value_is_ever_taken_for_a_command(word: str) -> None:
    form = load_templates(SHIPPED)["command"]
    script = script_of(form, form.defaults() | {"words": word})
    [line] = [line for line in script.splitlines() if line.startswith("export WORDS=")]
    assert shlex.split(line) == ["export", f"WORDS={word}"]


@pytest.mark.parametrize(
    "word", ["$(touch owned)", "`touch owned`", "'; touch owned; '", "a\nb", "*", "$HOME", '"', "\\"]
)
def test_a_shell_sees_the_value_and_obeys_none_of_it(tmp_path: Path, word: str) -> None:
    form = template(tmp_path, GOOD.replace("longest: 10", "longest: 40, lines: 3").replace("echo", "printf %s"))
    script = script_of(form, form.defaults() | {"word": word})
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (done.stdout, (tmp_path / "owned").exists()) == (word, False)


# --- files ----------------------------------------------------------------------------------------

FAULTS = {
    "no names": ("names: {en: Small}\n", "", "template"),
    "no English": ("names: {en: Small}", "names: {zh-hant: 小}", "names"),
    "unknown key": ("script:", "colour: red\nscript:", "template"),
    "unknown kind": ("kind: int", "kind: number", "parameters.count.kind"),
    "a key of another kind": ("default: 3", "default: 3, places: 2", "parameters.count"),
    "a name that a shell uses": ("  count:", "  path:", "parameters.path"),
    "a name of the form's own": ("  count:", "  award:", "parameters.award"),
    "a name in capitals": ("  count:", "  Count:", "parameters.Count"),
    "a default that is refused": ("default: 3", "default: 12", "parameters.count.default"),
    "limits the wrong way round": ("least: 1, most: 9", "least: 9, most: 1", "parameters.count"),
    "a limit that is none": ("most: 1h", "most: often", "parameters.time_limit.most"),
    "no choices": (", choices: {small: {en: Small}, large: {en: Large}}", "", "parameters.size"),
    "a file without a name": ("into: data.txt, ", "", "parameters.data.into"),
    "a file that leads out": ("into: data.txt", "into: ../data.txt", "parameters.data.into"),
    "a file over the script": ("into: data.txt", "into: job.sh", "parameters.data.into"),
    "two times": (
        "kind: devices, label: {en: Devices}, default: 1, least: 1, most: 4",
        "kind: time, label: {en: T}, default: 1m",
        "parameters",
    ),
    "an array of nothing": ("script:", "array: word\nscript:", "array"),
    "too many lines": ("longest: 10", "lines: 99", "parameters.word.lines"),
    "required of neither": ("required: false", "required: maybe", "parameters.data.required"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", FAULTS)
def test_a_file_with_a_fault_is_refused_with_file_line_and_field(tmp_path: Path, wrong: str) -> None:
    old, new, field = FAULTS[wrong]
    assert old in GOOD
    (tmp_path / "small.yaml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(Invalid) as refusal:
        load_templates(tmp_path)
    fault = refusal.value.faults[0]
    assert (Path(fault.file or "").name, fault.field) == ("small.yaml", field)
    assert fault.line


def test_all_faults_of_all_files_come_at_once_and_a_mended_folder_is_read_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(GOOD.replace("kind: int", "kind: number"))
    with pytest.raises(Invalid) as refusal:
        load_templates(tmp_path)
    assert {Path(fault.file or "").name for fault in refusal.value.faults} == {"one.yaml", "two.yaml"}
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    assert list(load_templates(tmp_path)) == ["one", "two"]


def test_a_folder_that_is_not_there_has_no_templates(tmp_path: Path) -> None:
    assert load_templates(tmp_path / "nothing") == {}


# --- those that are shipped -----------------------------------------------------------------------


def test_four_are_shipped_in_three_languages() -> None:
    shipped = load_templates(SHIPPED)
    assert set(shipped) == {"train", "sweep", "command", "own-script"}
    for form in shipped.values():
        named = [form.names, form.about, *(one.label for one in form.parameters)]
        named += [one.help for one in form.parameters if one.help]
        named += [label for one in form.parameters for _, label in one.choices]
        assert all(each.languages == LANGUAGES for each in named), form.id


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("train", {"epochs": "3", "points": "100"}, "epoch    3"),
        ("sweep", {"tasks": "3"}, "task 2: the square root of 0.3 is 0.547722557505"),
        ("command", {"program": "wc", "words": "-l input.txt", "input": "a\nb\n"}, "2 input.txt"),
        ("own-script", {"script": "#!/bin/sh\necho done: $(cat input.txt)\n", "input": "7"}, "done: 7"),
    ],
)
def test_each_runs_anywhere(tmp_path: Path, name: str, typed: dict[str, str], said: str) -> None:
    made = filled(load_templates(SHIPPED)[name], **typed)
    for file, text in made.files.items():
        (tmp_path / file).write_text(text)
    done = subprocess.run(["sh", "job.sh"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said in done.stdout


def test_one_task_of_an_array_does_its_own_part(tmp_path: Path) -> None:
    made = filled(load_templates(SHIPPED)["sweep"], tasks="3")
    assert made.array == "0-2"
    done = subprocess.run(
        ["sh", "-c", made.script], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "SLURM_ARRAY_TASK_ID": "1"},
    )  # fmt: skip
    assert done.stdout.startswith("task 1:")
    assert done.stdout.count("task") == 1


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (59, "59s"), (5400, "1h30m"), (90061, "1d1h1m1s")])
def test_times_are_written_as_they_are_read(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text


def test_every_kind_has_a_reader() -> None:
    assert {one.kind for form in load_templates(SHIPPED).values() for one in form.parameters} == set(Kind)
