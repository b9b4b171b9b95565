"""The letter that offers an award, and the agreement: kept word for word, printed in three languages."""

from __future__ import annotations

import io
from datetime import date
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.calls.world import World

from lionrock.awards.domain.letters import by_month, digest_of, span_of
from lionrock.awards.models import Award, Paper
from lionrock.awards.papers import letter_of, pdf_of
from lionrock.kernel.money import Money, settle
from lionrock.kernel.periods import zone
from lionrock.rules.items import Mode
from lionrock.rules.proration import Proration

HONG_KONG = zone("Asia/Hong_Kong")


def _months(
    listed: int, cap: int, share: Fraction, start: date, end: date, mode: Mode = Mode.LEASE
) -> list[tuple[str, int, int, int]]:
    span = span_of(start, end, HONG_KONG)
    amounts = (Money(listed, "HKD"), Money(cap, "HKD"), share)
    found = by_month(*amounts, span=span, zone=HONG_KONG, mode=mode, rule=Proration.BY_SECOND)
    return [(str(one.month), one.listed.minor, one.scheme.minor, one.own.minor) for one in found]


def test_whole_months_of_a_lease_cost_the_same() -> None:
    assert _months(96_000_000, 67_200_000, Fraction(7, 10), date(2026, 4, 1), date(2026, 7, 1)) == [
        ("2026-04", 32_000_000, 22_400_000, 9_600_000),
        ("2026-05", 32_000_000, 22_400_000, 9_600_000),
        ("2026-06", 32_000_000, 22_400_000, 9_600_000),
    ]


def test_what_is_metered_weighs_by_days_and_the_cap_is_used_up_first() -> None:
    """91 days at 100 cents a day, half borne up to 30 dollars: used up on the last of May's days."""
    found = _months(9100, 3000, Fraction(1, 2), date(2026, 4, 1), date(2026, 7, 1), Mode.METERED)
    assert found == [("2026-04", 3000, 1500, 1500), ("2026-05", 3100, 1500, 1600), ("2026-06", 3000, 0, 3000)]


@given(
    listed=st.integers(1, 10**12),
    cap=st.integers(0, 10**12),
    share=st.fractions(0, 1, max_denominator=1000),
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 900),
    mode=st.sampled_from(Mode),
)
def test_the_months_add_up(listed: int, cap: int, share: Fraction, start: date, days: int, mode: Mode) -> None:
    found = _months(listed, cap, share, start, date.fromordinal(start.toordinal() + days), mode)
    assert sum(one[1] for one in found) == listed
    assert sum(one[2] for one in found) == min(settle(listed * share), cap)
    assert all(one[1] == one[2] + one[3] and one[2] >= 0 for one in found)


def _offer(world: World, **facts: object) -> Award:
    world.put_fund("5000000.00")
    return world.awarded(world.open_call(), accept=False, **facts)


def _text(paper: Paper, language: str) -> str:
    pages = PdfReader(io.BytesIO(pdf_of(paper, language))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_letter_says_what_is_offered_and_until_when(world: World) -> None:
    offer = _offer(world, count=2, conditions="Publish the weights.\n\nName the scheme in every paper.")
    letter = letter_of(offer.papers.get())
    assert (letter.count, letter.asked_count, letter.accept_by) == (2, 1, date(2026, 4, 1))
    assert letter.conditions == ("Publish the weights.", "Name the scheme in every paper.")
    assert (letter.listed.minor, letter.scheme.minor, letter.own.minor) == (192_000_000, 134_400_000, 57_600_000)
    assert {citation.source for citation in letter.sources}
    shown = _text(offer.papers.get(), "en")
    for text in (
        offer.code,
        "HKD 1,920,000.00",
        "448,000.00",
        "70%",
        "1 April 2026",
        "Publish the weights.",
        "SHA-256",
    ):
        assert text in shown


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_letter_and_agreement_are_printed_in_three_languages(world: World, language: str) -> None:
    award = world.accepted(_offer(world))
    for paper in award.papers.all():
        assert award.code in _text(paper, language)


def test_the_agreement_is_the_letter_with_who_accepted_it(world: World) -> None:
    award = world.accepted(_offer(world), signatory="Chan Tai Man", title="Vice-President")
    offer, agreement = award.papers.order_by("id")
    assert agreement.content["terms"] == offer.content
    letter = letter_of(agreement)
    assert letter.signed is not None
    assert (letter.signed.name, letter.signed.on) == ("Chan Tai Man", date(2026, 3, 2))
    assert "Vice-President" in _text(agreement, "en")


def test_what_was_sent_stands_and_can_be_made_again(world: World) -> None:
    paper = _offer(world).papers.get()
    kept = Paper.objects.get(pk=paper.pk)
    assert digest_of(kept.content) == kept.sha256 == paper.sha256
    assert _text(kept, "en") == _text(paper, "en")
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Paper.objects.update(sha256="0" * 64)
