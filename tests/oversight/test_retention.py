"""What is kept no longer: due by the rulebook, held for a reason, erased by two, and everything still adds up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pgtrigger
import pytest
from django.test import Client
from django.utils import timezone
from tests.calls.world import NOW, World, holder
from tests.oversight.ended import APPLICANT, LONG_AGO, OWN, end, ended

from lionrock.applications.files import place_of
from lionrock.applications.models import Application
from lionrock.audit.models import AuditRecord, Seal
from lionrock.audit.verifying import verify
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.ledger.check import check_books
from lionrock.oversight.actions import carry_out_erasure, erase_due, place_hold, propose_erasure, release_hold
from lionrock.oversight.domain import ErasedBy, HeldKind, HoldOn, KeptKind, Period
from lionrock.oversight.models import Erasure
from lionrock.oversight.retention import due_for_erasure, period_of
from lionrock.oversight.rulebook import load_periods
from lionrock.people.domain import Role
from lionrock.people.models import Person, RoleGrant

pytestmark = pytest.mark.django_db
OFFICE, COMPLIANCE = holder(Role.OFFICE, OWN), holder(Role.COMPLIANCE, OWN)
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def home(settings: object, tmp_path: Path) -> Path:
    settings.LIONROCK_HOME = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def gone(world: World) -> Application:
    world.put_fund("1000000.00")
    return ended(world)


def _period(years: int | None, by: ErasedBy = ErasedBy.TWO_PERSONS) -> Period:
    found = period_of(OWN)
    assert found
    return Period(OWN, KeptKind.APPLICATION, years, by, found.citation)


@pytest.mark.parametrize(
    ("years", "ended_on", "today", "is_over"),
    [
        (2, date(2024, 3, 2), TODAY, True),
        (2, date(2024, 3, 3), TODAY, False),
        (0, TODAY, TODAY, True),
        (None, date(1990, 1, 1), TODAY, False),
        (1, date(2024, 2, 29), date(2025, 2, 28), False),
        (1, date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_a_time_is_over_on_its_day_and_never_where_nobody_has_said(
    years: int | None, ended_on: date, today: date, is_over: bool
) -> None:
    assert _period(years).is_over(ended_on, today) is is_over


@pytest.mark.parametrize(
    ("hold", "covers"),
    [
        (HoldOn(HeldKind.PERSON, "Chan@Example.org", None), True),
        (HoldOn(HeldKind.APPLICATION, "chan@example.org", None), False),
        (HoldOn(HeldKind.PERSON, "chan@example.org", TODAY), True),
        (HoldOn(HeldKind.PERSON, "chan@example.org", date(2026, 3, 1)), False),
    ],
)
def test_a_hold_covers_what_it_is_on_up_to_its_day(hold: HoldOn, covers: bool) -> None:
    assert hold.covers([(HeldKind.PERSON, "chan@example.org")], TODAY) is covers


def test_the_rulebook_says_how_long_and_on_whose_word() -> None:
    shipped = load_periods(Path(__file__).parents[2] / "rulebook")
    assert shipped["hk-aiss", KeptKind.APPLICATION].years is None
    assert shipped[OWN, KeptKind.APPLICATION].citation.source == "demonstration"


def test_every_fault_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "retention").mkdir()
    (tmp_path / "sources.yaml").write_text("{}")
    wrong = "periods:\n  - {programme: p, kind: diary, years: many, by: nobody, source: hearsay}\n"
    (tmp_path / "retention" / "periods.yaml").write_text(wrong)
    with pytest.raises(Invalid) as refused:
        load_periods(tmp_path)
    said = " ".join(str(fault) for fault in refused.value.faults)
    assert all(word in said for word in ("diary", "many", "nobody", "hearsay"))
    assert load_periods(tmp_path / "elsewhere") == {}


def test_what_is_due_is_what_ended_long_enough_ago(world: World, gone: Application) -> None:
    recent = end(world.submitted(world.open_call()), NOW)
    found = due_for_erasure(OFFICE, OWN, TODAY)
    assert [(each.application.code, each.since) for each in found] == [(gone.code, LONG_AGO.date())]
    assert recent.state == "withdrawn"


def test_two_persons_erase_and_books_and_chain_stand(
    gone: Application, django_capture_on_commit_callbacks: object
) -> None:
    [file] = [place_of(each.sha256) for each in gone.attachments.filter(document="other")]
    assert file.exists()
    made = propose_erasure(actor=OFFICE, programme=OWN, subject=gone.code, now=NOW)
    with pytest.raises(NotAllowed, match="Two persons"):
        carry_out_erasure(actor=OFFICE, programme=OWN, number=made.pk, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        done = carry_out_erasure(actor=COMPLIANCE, programme=OWN, number=made.pk, now=NOW)
    assert not file.exists()
    assert (done.counts["letters"], done.counts["files"] > 0, done.counts["audit_records"] > 0) == (1, True, True)
    assert _left_of(gone, "9123 4567", APPLICANT.email) == []
    assert due_for_erasure(OFFICE, OWN, TODAY) == []
    assert verify().faults == ()
    assert [fault for check in check_books() for fault in check.faults] == []
    with pytest.raises(Conflict):
        carry_out_erasure(actor=COMPLIANCE, programme=OWN, number=made.pk, now=NOW)


def _left_of(application: Application, *secrets: str) -> list[str]:
    rows = [
        *Application.objects.filter(pk=application.pk).values(),
        *application.letters.values(), *application.answers.values(), *application.attachments.values(),
        *application.submissions.values(), *application.admissions.values(),
        *AuditRecord.objects.filter(subject=application.code).values(),
    ]  # fmt: skip
    return [str(row) for row in rows if any(secret in str(row) for secret in secrets)]


def test_what_was_erased_cannot_be_guessed_from_the_seal(gone: Application) -> None:
    made = propose_erasure(actor=OFFICE, programme=OWN, subject=gone.code, now=NOW)
    carry_out_erasure(actor=COMPLIANCE, programme=OWN, number=made.pk, now=NOW)
    sealed = Seal.objects.filter(kept__isnull=False)
    assert sealed
    assert all(bytes(seal.salt) == b"" for seal in sealed)
    assert all(not seal.kept["digests"].keys() & seal.kept["keys"].keys() for seal in sealed if seal.kept)


def test_what_looks_erased_and_was_not_is_named(gone: Application) -> None:
    made = propose_erasure(actor=OFFICE, programme=OWN, subject=gone.code, now=NOW)
    carry_out_erasure(actor=COMPLIANCE, programme=OWN, number=made.pk, now=NOW)
    seal = Seal.objects.filter(kind="audit_auditrecord", kept__isnull=True).latest("number")
    with pgtrigger.ignore("audit.AuditRecord:append_only", "audit.Seal:never_changes"):
        Seal.objects.filter(pk=seal.pk).update(kept={"digests": {"actor": "00" * 32}, "keys": {}})
        AuditRecord.objects.filter(pk=seal.row).update(actor="erased")
    codes = {fault.code for fault in verify().faults if fault.value == f"audit record {seal.row}"}
    assert codes == {"audit.verify.changed", "audit.verify.erased"}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("person", APPLICANT.email.upper()),
        ("organisation", "harbour-university"),
        ("application", "APP-2026-0001"),
        ("programme", OWN),
    ],
)
def test_what_is_held_is_not_erased_until_it_is_released(gone: Application, kind: str, code: str) -> None:
    made = propose_erasure(actor=OFFICE, programme=OWN, subject=gone.code, now=NOW)
    hold = place_hold(actor=COMPLIANCE, programme=OWN, kind=kind, code=code, reason="Case 12", now=NOW)
    with pytest.raises(Refused, match="Case 12"):
        carry_out_erasure(actor=COMPLIANCE, programme=OWN, number=made.pk, now=NOW)
    release_hold(actor=COMPLIANCE, programme=OWN, number=hold.pk, reason="Closed", now=NOW)
    assert carry_out_erasure(actor=COMPLIANCE, programme=OWN, number=made.pk, now=NOW).erased_at == NOW
    with pytest.raises(Conflict):
        release_hold(actor=COMPLIANCE, programme=OWN, number=hold.pk, reason="Closed", now=NOW)


def test_what_is_not_due_or_not_there_is_refused(world: World) -> None:
    recent = end(world.submitted(world.open_call()), NOW)
    with pytest.raises(NotFound, match="not due"):
        propose_erasure(actor=OFFICE, programme=OWN, subject=recent.code, now=NOW)
    with pytest.raises(Invalid):
        place_hold(actor=COMPLIANCE, programme=OWN, kind="diary", code="x", reason="y", now=NOW)
    with pytest.raises(NotFound):
        release_hold(actor=COMPLIANCE, programme=OWN, number=7, reason="y", now=NOW)


def test_a_programme_may_let_it_be_done_by_itself(gone: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    assert erase_due(NOW) == 0
    periods = {(OWN, KeptKind.APPLICATION): _period(2, ErasedBy.DUE)}
    monkeypatch.setattr("lionrock.oversight.retention.periods_now", lambda: periods)
    hold = place_hold(actor=COMPLIANCE, programme=OWN, kind="programme", code=OWN, reason="Case 12", now=NOW)
    assert erase_due(NOW) == 0
    release_hold(actor=COMPLIANCE, programme=OWN, number=hold.pk, reason="Closed", now=NOW)
    assert (erase_due(NOW), erase_due(NOW)) == (1, 0)
    assert Erasure.objects.get().erased_by == "lionrock due"


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> tuple[Client, Client]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    made = []
    for role in (Role.OFFICE, Role.COMPLIANCE):
        person = Person.objects.create(email=f"{role}@example.org", name="P", created_at=NOW)
        RoleGrant.objects.create(person=person, role=role.value, programme=OWN, granted_at=NOW)
        client = Client()
        client.force_login(person)
        made.append(client)
    return made[0], made[1]


def test_the_page_goes_from_proposal_over_hold_to_certificate(
    clients: tuple[Client, Client], gone: Application
) -> None:
    office, compliance = clients
    base = f"/programmes/{OWN}/retention"
    assert gone.code in office.get(base).content.decode()
    assert office.post(f"{base}/propose", {"subject": gone.code}).status_code == 302
    made = Erasure.objects.get()
    held = {"kind": "application", "code": gone.code, "reason": "Case 12"}
    assert compliance.post(f"{base}/holds", held | {"reason": ""}).status_code == 422
    assert compliance.post(f"{base}/holds", held).status_code == 302
    assert "Held: Case 12" in office.get(base).content.decode()
    assert compliance.post(f"{base}/{made.pk}/erase").status_code == 409
    assert compliance.post(f"{base}/holds/1/release", {"reason": ""}).status_code in {404, 422}
    number = compliance.get(base).context["holds"][0][0].pk
    assert compliance.post(f"{base}/holds/{number}/release", {"reason": "Closed"}).status_code == 302
    assert compliance.get(f"{base}/{made.pk}").status_code == 404
    assert compliance.post(f"{base}/{made.pk}/erase").status_code == 302
    assert f"ERA-{made.pk:05d}" in office.get(f"{base}/{made.pk}").content.decode()
