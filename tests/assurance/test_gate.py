"""The gate through its actions: what passes, what is held where, who may say so, and what is kept."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from tests.assurance.project import CREDIT, SPAM, Project, person, rules_in
from tests.calls.world import NOW, OPERATOR, World

from lionrock.allocations.domain.desired import Standing
from lionrock.allocations.wanted import grants_on
from lionrock.assurance import actions
from lionrock.assurance.domain.concluding import Conclusion
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.states import Expertise, Judgement
from lionrock.assurance.models import Dossier, Step, Written
from lionrock.assurance.queries.holding import holds_of
from lionrock.assurance.queries.standing import assessed, edition_of
from lionrock.awards.models import Award
from lionrock.jobs.actions import submit_job
from lionrock.jobs.domain.requests import JobRequest
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.notices.models import Notice
from lionrock.people.domain import Role
from lionrock.sites.models import Pool, Site

pytestmark = pytest.mark.django_db
BEFORE_THE_FIRST_JOB = {"RA-17", "RA-14", "RA-22", "RA-25", "RA-37"}
LATER = NOW + timedelta(days=1)


def credit(study: Project) -> None:
    """Take credit scoring at a bank as far as its award: reviewed, and passed."""
    study.answered(CREDIT)
    study.hand_in()
    study.reviewed_by()
    study.settle(*study.open_at(Binding.BEFORE_AWARD))
    study.conclude(Conclusion.THROUGH)


def job(award: Award) -> None:
    request = JobRequest(award=award.code, argv=("true",), time_limit_seconds=60)
    submit_job(actor=OPERATOR, request=request, now=NOW + timedelta(days=31))


def test_a_spam_filter_passes_by_itself_in_under_ten_questions(study: Project, world: World) -> None:
    with pytest.raises(Refused) as early:
        world.decided(study.application)
    assert rules_in(early.value.findings) == {"assurance.dossier.missing"}
    assert study.answered(SPAM) < 10
    assert study.hand_in().state == "passed"
    assert world.decided(study.application) is not None


def test_credit_scoring_is_held_before_its_award_and_before_its_first_job(study: Project, world: World) -> None:
    study.answered(CREDIT)
    study.hand_in()
    with pytest.raises(Refused) as held:
        world.decided(study.application)
    assert {"assurance.dossier.submitted", "assurance.item.RA-01"} <= rules_in(held.value.findings)
    with pytest.raises(Refused) as early:
        study.conclude(Conclusion.THROUGH)
    assert "assurance.item.RA-01" in rules_in(early.value.findings)
    study.reviewed_by()
    study.settle(*study.open_at(Binding.BEFORE_AWARD))
    study.conclude(Conclusion.THROUGH)
    award = world.decided(study.application)
    assert award is not None
    with pytest.raises(Refused) as refused:
        job(award)
    found = {finding.rule: finding for finding in refused.value.findings}
    assert {f"assurance.item.{item}" for item in BEFORE_THE_FIRST_JOB} <= set(found)
    assert "Named validator" in str(found["assurance.item.RA-17"].remedy)
    assert _standing(award) is Standing.GATED
    study.settle(*study.open_at(Binding.BEFORE_FIRST_JOB))
    assert _standing(award) is Standing.OPEN
    job(award)


def _standing(award: Award) -> Standing:
    site = Site.objects.get()
    Pool.objects.get_or_create(
        site=site,
        name="main",
        defaults={"created_at": NOW, "partition": "main", "item": award.item, "device": "gpu", "devices_per_unit": 8},
    )
    (grant,) = grants_on(site, NOW)
    return grant.standing(NOW + timedelta(days=31))


def test_what_is_written_counts_only_when_found_to_be_enough_as_it_stands(study: Project) -> None:
    credit(study)
    study.write("item.RA-17", "Dr Lee validates.", LATER)
    assert "RA-17" in study.open_at(Binding.BEFORE_FIRST_JOB)
    study.opine("RA-17", Judgement.NOT_ENOUGH, "Who pays Dr Lee?", LATER)
    study.write("item.RA-17", "Dr Lee, of another house, validates.", LATER + timedelta(hours=1))
    study.opine("RA-17", now=LATER + timedelta(hours=2))
    assert "RA-17" not in study.open_at(Binding.BEFORE_FIRST_JOB)
    study.write("item.RA-17", "We validate.", LATER + timedelta(hours=3))
    assert "RA-17" in study.open_at(Binding.BEFORE_FIRST_JOB)
    assert Written.objects.filter(key="item.RA-17").count() == 3
    with pytest.raises(Conflict):
        study.answer("use", ())


def test_no_award_slips_by(study: Project, world: World) -> None:
    """Whatever step was the last before the review passes it: every item has its state, and the award is refused."""
    for step in (
        study.begin,
        lambda: study.answered(CREDIT),
        study.hand_in,
        study.reviewed_by,
        lambda: study.settle(*study.open_at(Binding.BEFORE_AWARD)),
    ):
        step()
        found = assessed(study.dossier(), accepted=True)
        assert {each.rule.partition(".")[0] for each in found.items} == {
            each.id for each in edition_of(study.dossier()).items
        }
        with pytest.raises(Refused) as refused:
            world.decided(study.application)
        assert refused.value.code == "awards.decision.gate"
    study.conclude(Conclusion.THROUGH)
    assert world.decided(study.application) is not None


def test_a_programme_that_does_not_ask_holds_nothing(world: World) -> None:
    world.put_fund("99000000")
    assert world.awarded(world.open_call()) is not None
    assert not Dossier.objects.exists()


def test_contradictions_are_kept_and_told_at_once_and_nothing_is_handed_in_with_them(study: Project) -> None:
    study.answered(SPAM)
    (told,) = study.write("q.data", ["sensitive"]).answers
    assert (told.fate.value, told.value) == ("kept", ["sensitive"])
    assert told.fault is not None
    assert told.fault.code == "assurance.answers.contradiction"
    (told,) = study.write("q.use", ["none", "people"]).answers
    assert told.fault is not None
    assert told.fault.code == "assurance.answers.none"
    with pytest.raises(Invalid) as refused:
        study.hand_in()
    assert refused.value.faults
    assert study.dossier().state == "draft"
    (told,) = study.write("q.use", ["pets"]).answers
    assert told.fate.value == "not_kept"


def test_two_who_write_at_once_overwrite_nothing(study: Project) -> None:
    study.begin()
    study.write("item.RA-02", "Ours")
    change = [actions.answering.Change("item.RA-02", "Theirs", 0)]
    saved = actions.save_written(actor=OPERATOR, application=study.code, changes=change, now=NOW)
    assert [(each.fate.value, each.value) for each in saved.answers] == [("stale", "Ours")]


def test_lowering_a_tier_takes_a_second_person_and_the_same_answers(study: Project) -> None:
    study.answered(CREDIT | {"build": ("trains",)})
    study.hand_in()
    lower = {"application": study.code, "tier": "limited", "reason": "Only invented customers.", "now": NOW}
    actions.set_tier(actor=study.officer, **lower)
    assert study.dossier().tier == "high"
    with pytest.raises(Refused, match="second person"):
        actions.agree_to_lower(actor=study.officer, application=study.code, agree=True, reason="Yes.", now=NOW)
    with pytest.raises(Refused) as waits:
        study.conclude(Conclusion.REFUSE)
    assert waits.value.code == "assurance.conclude.tier_waits"
    second = person(Role.COMPLIANCE, "second")
    actions.agree_to_lower(actor=second, application=study.code, agree=True, reason="Seen.", now=NOW)
    assert (study.dossier().tier, study.dossier().oversight) == ("limited", "in_command")
    actions.ask_applicants(actor=study.officer, application=study.code, text="Put to use?", now=NOW)
    study.answer("build", ("trains", "deployed"))
    assert study.dossier().tier == "high"
    assert list(Step.objects.values_list("verb", flat=True)) == ["begin", "submit", "ask_lower", "lower", "ask"]


def test_raising_a_tier_takes_one_person_and_a_reason(study: Project) -> None:
    study.answered(SPAM | {"use": ("people",)} | {"zone": ("open",)})
    study.hand_in()
    with pytest.raises(Invalid):
        actions.set_tier(actor=study.officer, application=study.code, tier="high", reason=" ", now=NOW)
    actions.set_tier(actor=study.officer, application=study.code, tier="high", reason="It hires.", now=NOW)
    assert study.dossier().tier == "high"
    assert "RA-17" in study.open_at(Binding.BEFORE_FIRST_JOB)


def test_questions_go_back_and_answers_come(study: Project) -> None:
    study.answered(CREDIT)
    study.hand_in()
    asked = actions.ask_applicants(
        actor=study.officer, application=study.code, text="Which bank?", item="RA-01", now=NOW
    )
    assert study.dossier().state == "questioned"
    with pytest.raises(Invalid) as open_still:
        study.hand_in()
    assert [fault.code for fault in open_still.value.faults] == ["assurance.asked.open"]
    actions.answer_reviewer(actor=study.author, application=study.code, asked=asked.pk, text="Ours.", now=NOW)
    assert study.hand_in().state == "submitted"


def test_a_condition_holds_the_job_until_its_proof_is_accepted(study: Project, world: World) -> None:
    study.answered(CREDIT)
    study.hand_in()
    study.reviewed_by()
    study.settle(
        *study.open_at(Binding.BEFORE_AWARD), *sorted(set(study.open_at(Binding.BEFORE_FIRST_JOB)) - {"RA-17"})
    )
    study.lay("RA-17", proof="report of the validator")
    with pytest.raises(Refused):
        study.conclude(Conclusion.THROUGH)
    assert study.conclude(Conclusion.WITH_CONDITIONS).state == "conditional"
    award = world.decided(study.application)
    assert award is not None
    with pytest.raises(Refused) as held:
        job(award)
    assert rules_in(held.value.findings) == {"assurance.condition.1"}
    proof = {"application": study.code, "number": 1, "now": NOW}
    with pytest.raises(Conflict):
        actions.answer_proof(actor=study.reviewer, accept=True, reason="Fine.", **proof)
    actions.hand_in_proof(actor=study.author, text="The report is on file.", **proof)
    actions.answer_proof(actor=study.reviewer, accept=False, reason="It is unsigned.", **proof)
    actions.hand_in_proof(actor=study.author, text="Now signed.", **proof)
    actions.answer_proof(actor=study.reviewer, accept=True, reason="Signed.", **proof)
    job(award)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"owner": ""}, ["owner"]),
        ({"owner": "nobody@nowhere.example"}, ["owner"]),
        ({"due": date(2026, 3, 1)}, ["due"]),
        ({"binds": Binding.BEFORE_MILESTONE}, ["milestone"]),
        ({"proof": "", "owner": " ", "due": date(2020, 1, 1)}, ["owner", "proof", "due"]),
    ],
)
def test_a_condition_that_is_not_whole_is_refused_with_every_fault(
    study: Project, changes: dict[str, Any], codes: list[str]
) -> None:
    study.answered(CREDIT)
    with pytest.raises(Invalid) as refused:
        study.lay("RA-17", **changes)
    assert [fault.code for fault in refused.value.faults] == [f"assurance.condition.{code}" for code in codes]


def test_milestones_and_release_wait_for_what_binds_there(study: Project) -> None:
    credit(study)
    study.settle(*study.open_at(Binding.BEFORE_FIRST_JOB))
    pilot = {"actor": study.author, "application": study.code, "now": NOW}
    actions.pass_point(point=Binding.BEFORE_MILESTONE, milestone="pilot", **pilot)
    with pytest.raises(Refused) as held:
        actions.pass_point(point=Binding.BEFORE_RELEASE, **pilot)
    assert "assurance.item.RA-18" in rules_in(held.value.findings)
    with pytest.raises(Invalid):
        actions.pass_point(point=Binding.BEFORE_RELEASE, milestone="pilot", **pilot)
    study.settle(*study.open_at(Binding.BEFORE_RELEASE))
    actions.pass_point(point=Binding.BEFORE_RELEASE, **pilot)


def test_reminders_come_once_before_the_day_and_every_week_after(study: Project) -> None:
    study.answered(CREDIT)
    study.hand_in()
    study.lay("RA-17", due=date(2026, 3, 20))
    told = [actions.remind_conditions(NOW + timedelta(days=days)) for days in (0, 8, 9, 18, 19, 25, 26)]
    assert told == [0, 1, 0, 0, 1, 0, 1]
    told_last = Notice.objects.filter(person__email=study.officer.email).latest("pk")
    assert "and is not" in told_last.said["template"]


def test_interests_shut_out_and_who_applies_reviews_nothing(study: Project) -> None:
    study.answered(CREDIT)
    study.hand_in()
    ask = {"actor": study.officer, "application": study.code, "expertise": Expertise.MODEL, "now": NOW}
    with pytest.raises(Invalid):
        actions.ask_reviewer(person="nobody@nowhere.example", **ask)
    with pytest.raises(NotAllowed):
        actions.ask_reviewer(**(ask | {"actor": study.author, "person": study.reviewer.email}))
    row = actions.ask_reviewer(person=study.reviewer.email, **ask)
    with pytest.raises(NotFound):
        study.opine("RA-17")
    with pytest.raises(Invalid):
        actions.declare_interest(actor=study.reviewer, reviewer=row.pk, conflict=True, text="", now=NOW)
    actions.declare_interest(actor=study.reviewer, reviewer=row.pk, conflict=True, text="My brother applies.", now=NOW)
    with pytest.raises(NotFound):
        study.opine("RA-17")
    with pytest.raises(Refused):
        actions.ask_reviewer(person=study.reviewer.email, **ask)


def test_a_reviewer_speaks_only_of_what_they_were_asked(study: Project) -> None:
    study.answered(CREDIT)
    study.hand_in()
    study.reviewed_by(Expertise.MODEL)
    study.opine("RA-17")
    with pytest.raises(NotAllowed):
        study.opine("RA-01")


def test_evidence_is_looked_at_as_documents_are(study: Project) -> None:
    study.begin()
    send = {"actor": study.author, "application": study.code, "item": "RA-02", "now": NOW}
    with pytest.raises(Invalid) as refused:
        actions.put_on_file(name="run.exe", content=io.BytesIO(b"MZ and more"), **send)
    assert refused.value.faults[0].code.startswith("applications.file.")
    picture = _png()
    made = actions.put_on_file(name="plan.png", content=io.BytesIO(picture), **send)
    assert actions.put_on_file(name="plan.png", content=io.BytesIO(picture), **send).pk == made.pk
    assert "RA-02" in assessed(study.dossier()).items[1].item.id
    actions.take_off_file(actor=study.author, application=study.code, evidence=made.pk, now=NOW)


def _png() -> bytes:
    chunk = (0).to_bytes(4, "big") + b"IEND" + b"\xae\x42\x60\x82"
    return b"\x89PNG\r\n\x1a\n" + chunk


def test_a_review_that_is_opened_again_holds_until_it_is_concluded(study: Project) -> None:
    credit(study)
    assert not holds_of(study.application, Binding.BEFORE_AWARD)
    actions.reopen_dossier(actor=study.officer, application=study.code, reason="Other data.", now=NOW)
    assert {hold.rule for hold in holds_of(study.application, Binding.BEFORE_AWARD)} == {"dossier.draft"}
    assert study.hand_in().state == "submitted"
    study.conclude(Conclusion.THROUGH)
    assert not holds_of(study.application, Binding.BEFORE_AWARD)
    kept = Step.objects.filter(verb="pass").values_list("content", flat=True)
    assert {tuple(content["editions"]) for content in kept} == {("core@2025-04-15", "finance@2024-11-12")}
