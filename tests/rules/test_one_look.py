"""While one page is made there is one edition of the rulebook; the next page has the next."""

from __future__ import annotations

from pathlib import Path

from tests.rules.conftest import INVENTED
from tests.rules.test_gates import IDENTITY

from lionrock.rules.rulebook import load_rulebook, one_look


def rename(copy: Path, to: str) -> None:
    (copy / IDENTITY).write_text((copy / IDENTITY).read_text().replace("Lagoon Compute Fund", to))


def name(copy: Path) -> str:
    return load_rulebook(copy).programme("lagoon").names.en


def test_within_one_look_it_stays_as_it_was_found(copy: Path) -> None:
    with one_look():
        before = name(copy)
        rename(copy, "Fund of the Lagoon")
        assert name(copy) == before
    assert name(copy) == "Fund of the Lagoon"


def test_each_look_is_its_own(copy: Path) -> None:
    with one_look():
        name(copy)
    rename(copy, "Fund of the Lagoon")
    with one_look():
        assert name(copy) == "Fund of the Lagoon"


def test_each_folder_is_looked_at(copy: Path) -> None:
    rename(copy, "Fund of the Lagoon")
    with one_look():
        assert (name(INVENTED), name(copy)) == ("Lagoon Compute Fund", "Fund of the Lagoon")
