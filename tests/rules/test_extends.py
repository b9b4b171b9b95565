"""A programme that extends another adds and follows; it never rewrites."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lionrock.kernel.findings import Grade
from lionrock.kernel.money import Price
from lionrock.rules.checking import check_rulebook
from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import load_rulebook

IDENTITY = "id: atoll\nextends: lagoon\nnames: {value: {en: Atoll}, source: board}\n"


def _extend(copy: Path, **files: str) -> Path:
    folder = copy / "programmes" / "atoll"
    folder.mkdir()
    (folder / "programme.yaml").write_text(IDENTITY)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return copy


def _atoll(copy: Path, **files: str) -> Programme:
    return load_rulebook(_extend(copy, **files)).programme("atoll")


def _faults(copy: Path, **files: str) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.line) for fault in check_rulebook(_extend(copy, **files))]


def _value(path: str, since: str, value: str) -> str:
    return f"{path}:\n  values:\n    - {{from: {since}, value: {value}, source: board}}\n"


def test_it_inherits_everything_with_its_sources(copy: Path) -> None:
    atoll = _atoll(copy)
    assert (atoll.currency, atoll.zone.key, atoll.opens) == ("JOD", "Europe/Paris", date(2026, 2, 1))
    assert atoll.identity.extends == "lagoon"
    terms = atoll.at(date(2026, 3, 1))
    terms.general_share()
    (read,) = terms.reads
    assert read.citation is not None
    assert read.citation.grade is Grade.PRIMARY
    assert atoll.identity.citations["names"].source == "board"
    assert atoll.identity.citations["currency"].source == "statute"


def test_it_sets_what_is_null_from_the_same_day(copy: Path) -> None:
    atoll = _atoll(copy, own=_value("request.max_months", "2026-02-01", "24"))
    terms = atoll.at(date(2026, 2, 1))
    assert terms.request_limits().max_months == 24
    assert terms.needed_to_open() == ()
    assert load_rulebook(copy).programme("lagoon").at(date(2026, 2, 1)).request_limits().max_months is None


def test_it_follows_a_set_value_with_a_later_one(copy: Path) -> None:
    atoll = _atoll(copy, own=_value("payment.days", "2026-09-01", "21"))
    assert atoll.at(date(2026, 8, 31)).payment_days() == 14
    assert atoll.at(date(2026, 9, 1)).payment_days() == 21


@pytest.mark.parametrize("since", ["2026-02-01", "2026-03-01", "2026-07-01"])
def test_it_cannot_rewrite_a_set_value(copy: Path, since: str) -> None:
    assert _faults(copy, own=_value("subsidy.general_rate", since, '"0.4"')) == [("rules.value.rewritten", 3)]


def test_it_adds_parameters_of_its_own(copy: Path) -> None:
    own = "budget.years:\n  unit: number\n  values:\n    - {from: 2026-02-01, value: 2, source: board}\n"
    assert _atoll(copy, own=own).at(date(2026, 2, 1)).value("budget.years") == 2


def test_a_new_parameter_needs_a_unit(copy: Path) -> None:
    assert ("rules.unit.missing", 2) in _faults(copy, own=_value("budget.years", "2026-02-01", "2"))


def test_it_adds_items_and_later_prices(copy: Path) -> None:
    items = (
        'tile-hour:\n  prices:\n    - {from: 2026-05-01, value: "0.5", source: board}\n'
        "rack:\n  names: {en: Rack}\n  mode: lease\n  unit: calendar_month\n"
        "  consists_of:\n    - {kind: tile, count: 9, source: board}\n"
        '  prices:\n    - {from: 2026-02-01, value: "30.000", source: board}\n'
    )
    atoll = _atoll(copy, items=items)
    assert list(atoll.items) == ["pod", "tile-hour", "rack"]
    assert [version.price for version in atoll.item("tile-hour").versions()] == [
        Price.parse("0.000001", "JOD"),
        Price.parse("0.5", "JOD"),
    ]


SITES = (
    "tile-hour:\n  at_sites:\n    east:\n      time_zone: Pacific/Auckland\n      prices:\n"
    "        - {from: 2026-02-01, value: null, source: board}\n"
    '        - {from: 2026-05-01, value: "7", source: board}\n'
)


def test_it_adds_prices_of_a_site_in_the_site_s_own_zone(copy: Path) -> None:
    tile = _atoll(copy, items=SITES).item("tile-hour")
    (there,) = tile.at_site("east").versions()
    assert (there.starts, there.price) == (datetime(2026, 4, 30, 12, tzinfo=UTC), Price.parse("7", "JOD"))
    assert there.site == "east"
    assert tile.at_site("elsewhere") is tile.at_site(None) is tile
    assert [version.price for version in tile.versions()] == [Price.parse("0.000001", "JOD")]


def test_a_site_s_price_is_read_with_a_path_and_a_source_of_its_own(copy: Path) -> None:
    terms = _atoll(copy, items=SITES).at(date(2026, 6, 1))
    listed = terms.price("tile-hour", "east")
    assert listed is not None
    (read,) = terms.reads
    assert (read.path, read.value) == ("items.tile-hour.at_sites.east.price", "7.000")
    assert read.citation is not None
    assert read.citation.source == "board"


def test_a_site_s_list_says_what_holds_from_the_opening_on(copy: Path) -> None:
    late = SITES.replace("        - {from: 2026-02-01, value: null, source: board}\n", "")
    assert _faults(copy, items=late) == [("rules.price.opening", 6)]


def test_it_cannot_rewrite_a_price(copy: Path) -> None:
    items = 'pod:\n  prices:\n    - {from: 2026-02-15, value: "1.000", source: board}\n'
    assert _faults(copy, items=items) == [("rules.price.rewritten", 3)]


def test_it_cannot_describe_an_inherited_item_again(copy: Path) -> None:
    items = 'pod:\n  mode: metered\n  prices:\n    - {from: 2027-02-01, value: "1.000", source: board}\n'
    assert ("rules.shape.unknown_key", 2) in _faults(copy, items=items)


def test_it_cannot_change_currency_zone_or_opening(copy: Path) -> None:
    _extend(copy)
    path = copy / "programmes" / "atoll" / "programme.yaml"
    path.write_text(IDENTITY + "currency: {value: EUR, source: board}\n")
    assert [(fault.code, fault.line) for fault in check_rulebook(copy)] == [("rules.shape.unknown_key", 4)]


def test_its_faults_do_not_touch_the_programme_that_it_extends(copy: Path) -> None:
    _extend(copy, own="nonsense: {}\n")
    assert check_rulebook(copy / "programmes" / "lagoon") == []
    assert len(check_rulebook(copy / "programmes" / "atoll")) == 1
