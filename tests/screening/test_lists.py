"""A list is imported whole, as a version with its date and digest, or not at all."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import random
from datetime import timedelta

import pytest
from bench.screening import as_json
from tests.calls.world import NOW, OPERATOR, World
from tests.screening.world import DATED, HEAD, ROWS, plain, put_list

from lionrock.kernel.errors import Invalid, Refused
from lionrock.screening.actions import import_list
from lionrock.screening.domain.list_files import read_list
from lionrock.screening.domain.names import Kind
from lionrock.screening.models import ListedEntry, ListVersion
from lionrock.screening.queries.lists import difference

CSL_HEAD = (
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,"
    "standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,"
    "vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,"
    "places_of_birth,source_information_url,ids\n"
)
CSL_ROW = (
    'a1,Entity List (EL) - Bureau,,Entity,, Zephyr Works and any successor or affiliate,,"Rua Azul 1, Lisbon, PT; '
    'Pier 2, Macau, MO",90 FR 1,2025-01-02,,,For all items,Presumption of denial,,,,,,,,https://lists.example,'
    'ZW; "Zéphyr, Works",,,,,https://info.example,"PT, 501442600, Tax ID; Male, Gender"\n'
)
CSL = (CSL_HEAD + CSL_ROW.replace('ZW; "Zéphyr, Works"', '"ZW; Zéphyr Works"')).encode()
OF_JSON = {
    "results": [
        {
            "id": "a1",
            "source": "Entity List (EL) - Bureau",
            "type": "Individual",
            "name": "Ysolde van Tongeren",
            "alt_names": ["Y. Tongeren"],
            "addresses": [{"address": "Rua Azul 1", "city": "Lisbon", "state": None, "country": "PT"}],
            "ids": [{"type": "Passport", "number": "XK123456", "country": "PT"}],
            "dates_of_birth": ["1961-04-02"],
            "license_requirement": "For all items",
            "source_list_url": "https://lists.example",
        }
    ]
}


def test_the_consolidated_list_as_csv() -> None:
    [entry] = read_list(CSL, "consolidated.csv")
    assert (entry.key, entry.name, entry.kind) == ("a1", "Zephyr Works", Kind.ORGANISATION)
    assert entry.alternatives == ("ZW", "Zéphyr Works")
    assert (entry.countries, entry.identifiers) == (("PT", "MO"), ("501442600",))
    assert entry.said["license_policy"] == "Presumption of denial"
    assert entry.said["source_list_url"] == "https://lists.example"


def test_the_consolidated_list_as_json_and_packed() -> None:
    [entry] = read_list(gzip.compress(json.dumps(OF_JSON).encode()), "consolidated.json.gz")
    assert (entry.key, entry.kind, entry.countries) == ("a1", Kind.PERSON, ("PT",))
    assert (entry.identifiers, entry.births, entry.alternatives) == (("XK123456",), ("1961-04-02",), ("Y. Tongeren",))


def test_the_plain_form() -> None:
    entries = read_list(plain(*ROWS), "list.csv")
    assert [entry.name for entry in entries][:2] == ["Harbour University", "Zephyr Quantum Instruments Co. Ltd."]
    assert entries[0].identifiers == ("PT-501442600",)


def test_the_csv_and_the_json_of_the_consolidated_list_give_the_same_entries() -> None:
    """Rows with the quirks of the list, drawn by chance and written in both of its forms."""
    chance, rows = random.Random(3), []
    names = ["Zephyr Works", " Lagoon, Holding", "Zéphyr, Works and any successor", "琥珀海洋", "DE VRIES, Ysolde"]
    addresses = [
        "Rua Azul 1, Lisbon, 1100-001, PT",
        "Pier 2 , MO",
        "Nowhere",
        "80 Street Suite 2, Miami, FL, 33130, US",
    ]
    numbers = [
        "PT, 501442600, Tax ID No.",
        "Male, Gender",
        "91110108MA01ABCD2X, Registration ID",
        "RU, 77-1, Kind, other",
    ]
    for number in range(200):
        lists = [chance.sample(pool, chance.randint(0, 3)) for pool in (addresses, names, numbers)]
        given = dict.fromkeys(CSL_HEAD.strip().split(","), "")
        given |= {"_id": f"a{number}" * chance.randint(0, 1), "entity_number": f"{number}" * chance.randint(0, 1)}
        given |= {"source": "Entity List (EL)", "type": chance.choice(["", "Individual", "Entity", "Vessel"])}
        given |= dict(zip(("addresses", "alt_names", "ids"), map("; ".join, lists), strict=True))
        given |= {"name": chance.choice(names), "programs": "A; B" * chance.randint(0, 1), "start_date": "2025-01-02"}
        given |= {"dates_of_birth": "1961-04-02; 1962", "citizenships": "PT; NL", "license_policy": "Denial; always"}
        rows.append(given)
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, rows[0])
    table.writeheader()
    table.writerows(rows)
    data = written.getvalue().encode()
    assert len(read_list(data, "list.csv")) == 200
    assert read_list(as_json(data), "list.json") == read_list(data, "list.csv")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "screening.list.empty"),
        (b"\xff\xfe\x00", "screening.list.encoding"),
        (plain(), "screening.list.empty"),
        (plain(*ROWS)[:-20], "screening.list.end"),
        (plain(*ROWS).replace(b"end,4", b"end,5"), "screening.list.end"),
        (CSL[: len(CSL) - 40], "screening.list.cut"),
        (CSL[: CSL.index(b"Rua")], "screening.list.csv"),
        (CSL.replace(b",Tax ID", b"").replace(b"a1,", b"", 1), "screening.list.row"),
        (CSL.replace(b" Zephyr Works and any successor or affiliate", b" "), "screening.list.blank"),
        (json.dumps(OF_JSON).encode()[:-30], "screening.list.json"),
        (b'{"total": 3}', "screening.list.shape"),
        (gzip.compress(CSL)[:-30], "screening.list.packed"),
        (b"name,colour\nA,red\nend,1\n", "screening.list.head"),
        ((HEAD + "1,planet,Earth,,,,,,,,\nend,1\n").encode(), "screening.list.kind"),
    ],
)
def test_a_file_that_is_cut_off_or_broken_says_what_is_wrong(data: bytes, code: str) -> None:
    with pytest.raises(Invalid, match="not even in part") as refused:
        read_list(data, "half.csv")
    assert code in [fault.code for fault in refused.value.faults]


@pytest.mark.django_db
def test_half_a_file_changes_nothing_of_what_is_on_file(world: World) -> None:
    put_list()
    before = list(ListedEntry.objects.values_list("key", "until"))
    with pytest.raises(Invalid):
        import_list(actor=OPERATOR, list_code="invented", data=plain(*ROWS)[:-20], file="x", dated=DATED, now=NOW)
    assert list(ListedEntry.objects.values_list("key", "until")) == before
    assert ListVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_file_cut_between_two_lines_is_told_by_its_length(world: World) -> None:
    put_list()
    data = plain(*ROWS[:2])
    with pytest.raises(Refused, match="cut off between two lines") as refused:
        import_list(actor=OPERATOR, list_code="invented", data=data, file="x", dated=DATED, now=NOW)
    assert refused.value.code == "screening.list.smaller"
    assert (
        import_list(
            actor=OPERATOR, list_code="invented", data=data, file="x", dated=DATED, smaller=True, now=NOW
        ).removed
        == len(ROWS) - 2
    )


@pytest.mark.django_db
def test_versions_are_kept_with_what_changed(world: World) -> None:
    first = put_list()
    assert (first.number, first.sha256) == (1, hashlib.sha256(plain(*ROWS)).hexdigest())
    assert put_list() == first
    second = put_list(ROWS[0].replace("PT,", "ES,", 1), *ROWS[2:], "9,person,New Name,,,,,,,,\n")
    assert (second.number, second.added, second.removed, second.changed) == (2, 1, 1, 1)
    found = difference(first, second)
    assert [each.content["name"] for each in found.added] == ["New Name"]
    assert [each.key for each in found.removed] == ["2"]
    assert [(old.content["countries"], new.content["countries"]) for old, new in found.changed] == [(["PT"], ["ES"])]


@pytest.mark.django_db
def test_an_older_list_and_one_to_come_are_refused(world: World) -> None:
    put_list()
    with pytest.raises(Refused, match="older") as refused:
        put_list(*ROWS, "9,person,New Name,,,,,,,,\n", dated=DATED - timedelta(days=1))
    assert refused.value.code == "screening.list.older"
    with pytest.raises(Invalid, match="still to come"):
        put_list(*ROWS, "9,person,New Name,,,,,,,,\n", dated=NOW.date() + timedelta(days=2))
