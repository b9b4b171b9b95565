"""The audit trail and what is kept no longer: at a desk, on a phone, in each language."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.browser.conftest import PASSWORD, Visitor
from tests.browser.test_pages import LANGUAGES, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICER = "compliance@example.org"


@pytest.fixture
def pages(transactional_db: None, settings: Settings, tmp_path: Path) -> dict[str, str]:
    """Records of an award, an application that is kept no longer, one that is held, one that was erased."""
    from tests.calls.world import NOW, OPERATOR, SHIPPED, World, holder  # noqa: PLC0415
    from tests.oversight.ended import OWN, ended  # noqa: PLC0415

    from lionrock.audit.models import AuditRecord  # noqa: PLC0415
    from lionrock.audit.sealing import seal_due  # noqa: PLC0415
    from lionrock.oversight.actions import carry_out_erasure, place_hold, propose_erasure  # noqa: PLC0415
    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415

    settings.LIONROCK_HOME = tmp_path
    settings.LIONROCK_RULEBOOK = SHIPPED
    world = World()
    gone, kept, _ = ended(world), ended(world), ended(world)
    register_person(actor=OPERATOR, email=OFFICER, name="Ho", password=PASSWORD, now=NOW)
    grant_role(actor=OPERATOR, email=OFFICER, role=Role.COMPLIANCE, programme=OWN, now=NOW)
    made = propose_erasure(actor=holder(Role.OFFICE, OWN), programme=OWN, subject=gone.code, now=NOW)
    carry_out_erasure(actor=holder(Role.COMPLIANCE, OWN), programme=OWN, number=made.pk, now=NOW)
    place_hold(
        actor=OPERATOR, programme=OWN, kind="application", code=kept.code, reason="Court case 12 of 2026", now=NOW
    )
    seal_due(NOW)
    record = AuditRecord.objects.filter(programme=OWN, action="oversight.carry_out_erasure").latest("id")
    return {
        "audit": f"/programmes/{OWN}/audit",
        "audit-none": f"/programmes/{OWN}/audit?who=nobody",
        "audit-record": f"/programmes/{OWN}/audit/{record.pk}",
        "retention": f"/programmes/{OWN}/retention",
        "certificate": f"/programmes/{OWN}/retention/{made.pk}",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_oversight_looks_at_is_open_to_everybody(visitor: Visitor, pages: dict[str, str], language: str) -> None:
    visitor.speak(language)
    visitor.sign_in(OFFICER)
    assert look(visitor, pages, language) == []
