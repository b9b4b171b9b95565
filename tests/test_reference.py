"""The generated pages of the reference say what the code says now."""

from __future__ import annotations

import re

import pytest
from docs.reference import generate

from lionrock.config.environment import Environment


@pytest.mark.parametrize("name", generate.PAGES)
def test_the_page_is_current(name: str) -> None:
    written = (generate.FOLDER / name).read_text()
    assert written == generate.PAGES[name](), f"docs/reference/{name} is behind; run `make reference`"


def test_the_client_and_the_remote_commands_are_current() -> None:
    behind = [path.name for path, content in generate.files_of_the_client().items() if path.read_text() != content]
    assert not behind, f"{', '.join(behind)}: behind; run `make reference`"


def test_every_setting_is_described() -> None:
    page = generate.settings()
    for name, field in Environment.model_fields.items():
        assert f"`LIONROCK_{name.upper()}`" in page
        assert field.description, f"{name} has no description"


def test_no_two_kinds_of_error_end_a_command_alike() -> None:
    codes = [kind.exit_code for kind in generate.kinds_of_error()]
    assert len(set(codes)) == len(codes) == 7


def test_codes_come_with_their_sentence() -> None:
    codes = generate.error_codes()
    assert codes["kernel.states.not_now"].startswith("{thing} is {state}")
    assert all(code.count(".") >= 1 for code in codes)


def test_every_dependency_has_its_decision() -> None:
    rows = "".join(path.read_text() for path in (generate.FOLDER.parent / "decisions").glob("0*.md"))
    requirements = generate.FOLDER.parents[1] / "requirements"
    wanted = {
        re.split(r"[\[<>=;]", line.strip())[0]
        for path in requirements.glob("*.in")
        for line in path.read_text().splitlines()
        if line.strip() and not line.startswith("-r")
    }
    assert len(wanted) > 20
    assert not {name for name in wanted if f"| `{name}` |" not in rows}
