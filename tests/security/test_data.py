"""Every table stands in one class of data, and every key and slow thing in its list."""

from __future__ import annotations

import re

from django.apps import apps
from tests.tidy.files import ROOT

CLASSES = ("Open", "Inner", "Confidential", "Personal", "Delicate", "Secret")


def _classified() -> dict[str, list[str]]:
    """Return in which classes each table stands, as docs/explanation/data.md has it."""
    text = (ROOT / "docs" / "explanation" / "data.md").read_text()
    parts = re.split(r"^## (\w+)$", text, flags=re.MULTILINE)[1:]
    found: dict[str, list[str]] = {}
    for name, said in zip(parts[::2], parts[1::2], strict=True):
        listed = said.partition(".\n")[0]
        for table in re.findall(r"`(\w+\.\w+)`", listed):
            found.setdefault(table, []).append(name)
    return found


def test_every_table_is_in_one_class() -> None:
    ours = {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("lionrock.")
    }
    classified = _classified()
    assert set(classified) == ours
    assert {table: classes for table, classes in classified.items() if len(classes) > 1} == {}
    assert {name for classes in classified.values() for name in classes} == set(CLASSES)


def test_every_event_that_is_logged_is_listed() -> None:
    listed = set(re.findall(r"`([a-z_.]+)`", (ROOT / "docs" / "reference" / "logs.md").read_text()))
    written = re.compile(r"_log\.(?:debug|info|warning|error|critical)\(\s*\"([a-z_.]+)\"")
    sources = (ROOT / "src" / "lionrock").rglob("*.py")
    assert {event for file in sources for event in written.findall(file.read_text())} <= listed


def test_each_bound_that_is_named_is_there() -> None:
    named = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "explanation" / "limits.md").read_text()))
    sources = "\n".join(file.read_text() for file in (ROOT / "src" / "lionrock").rglob("*.py"))
    assert named
    assert {each for each in named if not re.search(rf"(?m)^{each}\b.*=", sources)} == set()


def test_whatever_is_signed_or_enciphered_stands_in_the_list() -> None:
    """A room that takes up a new kind of cryptography adds it to docs/explanation/cryptography.md, and itself here."""
    taken = re.compile(r"^(?:from|import) (?:hmac|fido2|joserfc|cryptography|django\.core\.signing)\b", re.MULTILINE)
    rooms = ROOT / "src" / "lionrock"
    found = {file.relative_to(rooms).parts[0] for file in rooms.rglob("*.py") if taken.search(file.read_text())}
    assert found <= {"api", "audit", "concerns", "identity", "openid", "operations", "people"}
