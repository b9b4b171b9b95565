"""Cards of models and data sets: what is known in its place, what is missing named, nothing made up."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.calls.world import NOW, OPERATOR, World
from tests.public.test_register import assess

from lionrock.assurance.models import Dossier, Opinion, Written
from lionrock.kernel.errors import NotFound
from lionrock.outcomes.actions import add_outcome
from lionrock.outcomes.cards import card_for
from lionrock.outcomes.domain.cards import LAYOUTS, MISSING, Known, card_data, card_markdown, card_of
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role

EMPTY = Known("model", "Storms", 2026, {}, {})


def test_what_is_not_known_is_named_as_missing_and_nothing_is_made_up() -> None:
    card = card_of(EMPTY)
    said = card_markdown(card)
    assert said.count(MISSING) == len(card.missing) == 25
    assert "- **License:** [More Information Needed]" in said
    assert f"Layout: {LAYOUTS['model']}" in said
    assert {"Model Description: License", "Training Data", "Environmental Impact: Hours used"} <= set(card.missing)


def test_what_is_known_stands_in_its_place() -> None:
    known = Known(
        "model", "Storms", 2026, {"license": "apache-2.0", "hours": "12"}, {"RA-02": "Weather.", "RA-18": "A."}
    )
    said = card_markdown(card_of(known))
    assert said.startswith('---\npretty_name: "Storms"\nlicense: "apache-2.0"\n---\n\n# Model Card for Storms\n')
    assert "### Direct Use\n\nWeather.\n" in said
    assert "- **Hours used:** 12" in said
    assert card_of(known).missing == tuple(
        each
        for each in card_of(EMPTY).missing
        if each not in ("Model Description: License", "Direct Use", "Results", "Environmental Impact: Hours used")
    )


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_a_card_has_the_headings_of_its_template_and_json_has_the_same(kind: str) -> None:
    card = card_of(Known(kind, "Storms", 2026, {}, {}))
    headings = [line.strip("# ") for line in card_markdown(card).splitlines() if line.startswith("##")]
    data = card_data(card)
    assert headings == [part["heading"] for part in data["parts"]]  # type: ignore[index, union-attr, attr-defined]
    assert {"Uses", "Bias, Risks, and Limitations", "Citation"} <= set(headings)
    assert (f"{kind.title()} Details" in headings, data["layout"]) == (True, LAYOUTS[kind])


@pytest.mark.django_db
def test_a_card_is_made_of_award_books_and_what_reviewers_found_enough(world: World, client: Client) -> None:
    world.put_fund("10000000.00")
    award = world.awarded(world.open_call())
    assess(award)
    dossier = Dossier.objects.get()
    for item in ("RA-02", "RA-06"):
        text = f"What {item} says."
        Written.objects.create(dossier=dossier, key=f"item.{item}", value=text, version=1, by="a@example.org", at=NOW)
    Opinion.objects.create(dossier=dossier, item="RA-02", judgement="enough", round=1, by="b@example.org", at=NOW)
    result = {"kind": "model", "title": "Storms", "year": 2026, "scheme": "doi", "identifier": "10.1000/182"}
    number = add_outcome(actor=OPERATOR, award=award.code, now=NOW, **result).pk  # type: ignore[arg-type]
    said = card_markdown(card_for(OPERATOR, award.code, number, NOW))
    for known in ("What RA-02 says.", "**Developed by:** A name", "**Risk tier:** High", "https://doi.org/10.1000/182"):
        assert known in said
    assert "What RA-06 says." not in said
    assert "@example.org" not in said
    with pytest.raises(NotFound):
        card_for(OPERATOR, award.code, number + 1, NOW)
    person = register_person(actor=OPERATOR, email="m@example.org", name="M", now=NOW)
    grant_role(actor=OPERATOR, email="m@example.org", role=Role.MEMBER, organisation="harbour-university", now=NOW)
    client.force_login(person)
    base = f"/awards/{award.code}/outcomes/{number}/card"
    assert "Training Data" in json.loads(client.get(f"{base}.json").content)["missing"]
    assert client.get(f"{base}.md").content.decode() == said
    assert client.get(f"{base}.xml").status_code == 404
    assert f"{base}.md" in client.get(f"/awards/{award.code}/outcomes").content.decode()
