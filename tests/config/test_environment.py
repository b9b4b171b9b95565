"""Settings: what is wrong with one is a sentence that names it, before anything is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.database.neighbours import SOURCE

from lionrock.config.environment import Environment, environment
from lionrock.kernel.errors import Invalid

WRONG = {
    "LIONROCK_DEBUG": ("perhaps", "should be a valid boolean"),
    "LIONROCK_INSECURE_HTTP": ("2", "should be a valid boolean"),
    "LIONROCK_ALLOWED_HOSTS": ("example.org", "no list as JSON"),
    "LIONROCK_SECRET_KEY": ("too-short", "at least 32 characters"),
    "LIONROCK_TIME_ZONE": ("Mars/Olympus", "no time zone"),
    "LIONROCK_PORTAL_URL": ("compute.example.org", "no address"),
    "LIONROCK_MAIL_FROM": ("nobody", "no sender"),
    "LIONROCK_MAIL_URL": ("smtp://localhost", "needs a sender too"),
}


@pytest.fixture
def settings_from(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let a test say what the environment holds."""
    environment.cache_clear()
    return monkeypatch


@pytest.fixture(autouse=True)
def _read_again_afterwards() -> object:
    yield
    environment.cache_clear()


@pytest.mark.parametrize("variable", WRONG)
def test_a_wrong_value_is_named_with_its_variable(variable: str, settings_from: pytest.MonkeyPatch) -> None:
    value, reason = WRONG[variable]
    settings_from.setenv(variable, value)
    with pytest.raises(Invalid) as wrong:
        environment()
    (fault,) = wrong.value.faults
    assert fault.field == variable
    assert reason in str(fault.message)
    assert "docs/reference/settings.md" in str(fault.message)


def test_all_wrong_values_are_named_at_once(settings_from: pytest.MonkeyPatch) -> None:
    for variable, (value, _) in WRONG.items():
        settings_from.setenv(variable, value)
    with pytest.raises(Invalid) as wrong:
        environment()
    assert {fault.field for fault in wrong.value.faults} == set(WRONG)


def test_a_secret_is_never_shown(settings_from: pytest.MonkeyPatch) -> None:
    settings_from.setenv("LIONROCK_SECRET_KEY", "hunter2")
    with pytest.raises(Invalid) as wrong:
        environment()
    assert "hunter2" not in str(wrong.value) + "".join(map(str, wrong.value.faults))
    assert wrong.value.__cause__ is None


@pytest.mark.parametrize(
    ("variable", "value", "field", "read"),
    [
        ("LIONROCK_HOME", "here", "home", Path("here")),
        ("LIONROCK_ALLOWED_HOSTS", '["a.example", "b.example"]', "allowed_hosts", ["a.example", "b.example"]),
        ("LIONROCK_ALLOWED_HOSTS", "[]", "allowed_hosts", []),
        ("LIONROCK_INSECURE_HTTP", "false", "insecure_http", False),
        ("LIONROCK_NO_SUCH_SETTING", "x", "debug", False),
    ],
)
def test_right_values_are_read(
    variable: str, value: str, field: str, read: object, settings_from: pytest.MonkeyPatch
) -> None:
    settings_from.setenv(variable, value)
    assert getattr(environment(), field) == read


def test_without_any_variable_a_laptop_works(settings_from: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LIONROCK_")]:
        settings_from.delenv(name)
    found = environment()
    assert found.database_url is None
    assert found.insecure_http
    assert not found.debug
    assert (found.rulebook / "programmes").is_dir()
    assert set(Environment.model_fields) >= {"home", "rulebook", "database_url", "secret_key"}


@pytest.mark.integration
@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LIONROCK_DATABASE_URL", "nonsense", "is not the address of a PostgreSQL database"),
        ("LIONROCK_DATABASE_URL", "mysql://here/there", "does not begin with postgresql://"),
        ("LIONROCK_DEBUG", "perhaps", "LIONROCK_DEBUG is “perhaps”"),
        ("LIONROCK_SECRET_KEY", "hunter2", "LIONROCK_SECRET_KEY is “…”"),
    ],
)
def test_a_command_ends_with_2_and_a_sentence(variable: str, value: str, said: str, tmp_path: Path) -> None:
    ours = {name: text for name, text in os.environ.items() if not name.startswith("LIONROCK_")}
    told = subprocess.run(
        [sys.executable, "-m", "lionrock", "organisation", "list"],
        env=ours | {"LIONROCK_HOME": str(tmp_path / "home"), "PYTHONPATH": str(SOURCE), variable: value},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout) == (2, "")
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert "hunter2" not in told.stderr
