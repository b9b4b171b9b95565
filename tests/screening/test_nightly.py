"""What happens by itself when a list changes, and names of one character: on a list, on file, and asked for."""

from __future__ import annotations

import pytest
from tests.calls.world import NOW, OPERATOR, World
from tests.screening.world import DATED, ROWS, later, plain, put_list

from lionrock.config.due import DUE
from lionrock.kernel.errors import Invalid
from lionrock.people.actions import register_organisation
from lionrock.screening.actions import import_list
from lionrock.screening.domain.matching import Index
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Entry, Party
from lionrock.screening.memory import rules_now
from lionrock.screening.models import Case, Screened

[NIGHTLY] = [row for row in DUE if row.name == "screening.screen_due"]
"""The row of `lionrock due` that screens everybody anew."""


def due(minutes: int) -> int:
    return NIGHTLY.action(later(minutes))


@pytest.mark.django_db
def test_who_was_on_no_list_yesterday_is_found_by_what_is_due_the_minute_after_a_list_has_changed(
    world: World,
) -> None:
    register_organisation(actor=OPERATOR, code="lagoon", name="Lagoon Instruments Limited", now=NOW)
    assert due(0) == 0
    put_list()
    everybody = due(1)
    assert everybody
    assert not Case.objects.filter(code="lagoon").exists()
    assert due(2) == 0
    put_list(*ROWS, "5,organisation,Lagoon Instruments,,,,,,Entity List (EL) - Bureau,,\n", now=later(3))
    assert due(4) == everybody
    assert Case.objects.get(code="lagoon").state == "open"
    assert due(5) == 0
    seen = Screened.objects.filter(code="lagoon").order_by("id").values_list("versions", "found")
    assert [(versions["invented"], found) for versions, found in seen] == [(1, 0), (2, 1)]


@pytest.mark.django_db
def test_a_file_that_was_cut_in_half_screens_nobody_anew(world: World) -> None:
    put_list()
    due(1)
    before = Screened.objects.count()
    whole = plain(*ROWS, "5,person,Somebody Else,,,,,,House list,,\n")
    for data in (whole[: len(whole) // 2], whole[:-8]):
        with pytest.raises(Invalid, match="not even in part"):
            import_list(actor=OPERATOR, list_code="invented", data=data, file="half.csv", dated=DATED, now=later(2))
    assert due(3) == 0
    assert Screened.objects.count() == before


@pytest.mark.django_db
def test_an_organisation_and_an_entry_of_one_character_stop_nothing(world: World) -> None:
    register_organisation(actor=OPERATOR, code="one", name="Z", name_zh_hant="王", now=NOW)
    put_list(*ROWS, "5,person,王,,,,,,House list,,\n", "6,organisation,Q,,,,,,House list,,\n")
    assert due(1)
    assert not Case.objects.exclude(code="one").filter(name__in=["Z", "王"]).exists()


@pytest.mark.parametrize("name", ["Q", "王", "Ltd", "."])
def test_a_name_of_one_character_on_a_list_meets_itself_at_most(name: str) -> None:
    rules = rules_now()
    index = Index(
        [Entry("1", "House list", Kind.ANY, name), Entry("2", "House list", Kind.ANY, "Queen Quay")], rules.spelling
    )
    for asked in ("Queen Quay Holdings", "王大文", "Limited", "A"):
        found = index.matches(Party((asked,)), least=rules.thresholds[-1].review)
        assert "1" not in [match.entry.key for match in found], asked
