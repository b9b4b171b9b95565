"""The installation's file of identity providers."""

from __future__ import annotations

from pathlib import Path

import pytest

from lionrock.kernel.errors import Invalid
from lionrock.openid.reading import read_providers

GOOD = """
[harbour]
name = "Harbour University"
name_zh_hant = "海港大學"
issuer = "https://id.harbour.example/"
client_id = "lionrock"
client_secret_file = "{folder}/secret"
domains = ["harbour.example", "alumni.harbour.example"]
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    secret, file = folder / "secret", folder / "providers.toml"
    secret.write_text("a long secret\n")
    secret.chmod(mode)
    file.write_text(text.replace("{folder}", str(folder)))
    return file


def test_a_good_file_is_read_and_shows_its_secret_to_nobody(tmp_path: Path) -> None:
    [found] = read_providers(written(tmp_path, GOOD), plain_http=False).values()
    assert (found.code, found.client_secret, found.name_zh_hant) == ("harbour", "a long secret", "海港大學")
    assert found.domains == {"harbour.example", "alumni.harbour.example"}
    assert "secret" not in repr(found)


def test_a_secret_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARBOUR_SECRET", "of the environment")
    text = GOOD.replace('client_secret_file = "{folder}/secret"', 'client_secret_variable = "HARBOUR_SECRET"')
    assert read_providers(written(tmp_path, text), plain_http=False)["harbour"].client_secret == "of the environment"


@pytest.mark.parametrize(
    ("was", "becomes", "field"),
    [
        ("https://id", "http://id", "harbour.issuer"),
        ('issuer = "https://id.harbour.example/"', "", "harbour.issuer"),
        ("{folder}/secret", "{folder}/missing", "harbour.client_secret"),
        ('client_secret_file = "{folder}/secret"', "", "harbour"),
        ('client_secret_file = "{folder}/secret"', 'client_secret_variable = "NOT_SET"', "harbour.client_secret"),
        ('"harbour.example", ', '"Harbour", ', "harbour.domains.0"),
        ('domains = ["harbour.example", "alumni.harbour.example"]', "domains = []", "harbour.domains"),
        ("[harbour]", "[harbour]\nverify = false", "harbour.verify"),
        ("[harbour]", "[Harbour]", "Harbour.[key]"),
        ("[harbour]", "[harbour", ""),
    ],
)
def test_a_wrong_file_is_refused_and_says_where(tmp_path: Path, was: str, becomes: str, field: str) -> None:
    assert was in GOOD
    with pytest.raises(Invalid) as wrong:
        read_providers(written(tmp_path, GOOD.replace(was, becomes)), plain_http=True)
    assert [fault.field for fault in wrong.value.faults] == [field]
    assert "a long secret" not in str(wrong.value)


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="other users"):
        read_providers(written(tmp_path, GOOD, 0o644), plain_http=False)


def test_two_providers_are_not_the_same(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="two providers"):
        read_providers(written(tmp_path, GOOD + GOOD.replace("[harbour]", "[again]")), plain_http=False)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nothing\.toml"):
        read_providers(tmp_path / "nothing.toml", plain_http=False)
