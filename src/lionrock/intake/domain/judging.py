"""How the office comes to its finding: it judges what the rules leave open, and only that.

A rule that says no is not waived here, and one that says yes is not doubted: who disagrees changes the
rulebook, with a source. What the office has not judged stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lionrock.applications.domain.eligibility import key_of
from lionrock.kernel.errors import Fault, Invalid, Refused, collecting
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.texts import check_paragraph

REASON_LENGTH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the office holds of one finding that the rules leave open, and why."""

    key: str
    outcome: Outcome
    reason: str


def judged(findings: Iterable[Finding], judgements: Iterable[Judgement]) -> tuple[Finding, ...]:
    """Return the findings with what the office judged in place of those that are unknown.

    A judgement of a finding that is no longer unknown, because the rulebook has learned since, is
    passed over: the rule goes first.
    """
    held = {judgement.key: judgement for judgement in judgements}
    return tuple(_judged(finding, held.get(key_of(finding))) for finding in findings)


def _judged(finding: Finding, judgement: Judgement | None) -> Finding:
    if judgement is None or finding.outcome is not Outcome.UNKNOWN:
        return finding
    said = message(
        gettext_noop("{finding} Judged by the office: {reason}"), finding=finding.message, reason=judgement.reason
    )
    return replace(finding, outcome=judgement.outcome, message=said, facts={**finding.facts, "judged_by": "office"})


def check_judgements(findings: Iterable[Finding], judgements: Sequence[Judgement]) -> None:
    """Raise `Invalid` with a fault for each judgement that cannot be: of what is not open, or without a reason."""
    by_key = {key_of(finding): finding for finding in findings}
    faults: list[Fault] = []
    for judgement in judgements:
        with collecting(faults):
            _check_judgement(by_key.get(judgement.key), judgement)
    if faults:
        raise Invalid("intake.check.judgement", faults[0].message, faults=faults)


def _check_judgement(finding: Finding | None, judgement: Judgement) -> None:
    field = f"reason:{judgement.key}"
    if finding is None or finding.outcome is not Outcome.UNKNOWN:
        template = gettext_noop(
            "“{value}” is not open to judgement: the rule itself has answered. Load the page again."
        )
        raise _invalid("intake.check.not_open", message(template, value=judgement.key), field, judgement.key)
    if judgement.outcome is Outcome.UNKNOWN:
        template = gettext_noop("“{value}” is no judgement. Choose met or not met, or leave the finding as it is.")
        raise _invalid("intake.check.outcome", message(template, value="unknown"), field, "unknown")
    if not judgement.reason.strip():
        template = gettext_noop("The reason is missing. Write what you rely on: the applicant reads it.")
        raise _invalid("intake.check.no_reason", message(template), field, "")
    check_paragraph(judgement.reason, field=field, longest=REASON_LENGTH)


def _invalid(code: str, said: Message, field: str, value: str) -> Invalid:
    return Invalid(code, said, faults=[Fault(code, said, field=field, value=value)])


def check_question(text: str) -> str:
    """Return the question to an applicant; raises `Invalid` for nothing, or for what cannot be shown."""
    if not text.strip():
        template = gettext_noop("The question is empty. Write what the applicant is to clarify or to send.")
        raise _invalid("intake.check.no_question", message(template), "question", text)
    return check_paragraph(text.strip(), field="question", longest=REASON_LENGTH)


def check_acceptable(application: str, findings: Sequence[Finding]) -> None:
    """Raise `Refused` when a finding is not met: nobody waives it, the office included."""
    failed = not_met(findings)
    if failed:
        template = gettext_noop("{application} cannot be accepted: {count} rules are not met. Return it or reject it.")
        said = message(template, application=application, count=len(failed))
        raise Refused("intake.accept.not_eligible", said, findings=failed)


def check_rejectable(application: str, findings: Sequence[Finding]) -> None:
    """Raise `Refused` when no finding is not met: without one there is nothing to tell the applicant."""
    if not not_met(findings):
        template = gettext_noop(
            "{application} cannot be rejected: no rule says no. Judge what is open, each with its reason, or accept it."
        )
        raise Refused("intake.reject.nothing", message(template, application=application), findings=tuple(findings))


def not_met(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stand in the way."""
    return tuple(finding for finding in findings if finding.outcome is Outcome.NOT_MET)


def is_open(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that are still unknown."""
    return tuple(finding for finding in findings if finding.outcome is Outcome.UNKNOWN)


def as_kept(judgement: Judgement) -> dict[str, str]:
    """Return a judgement as plain JSON values."""
    return {"key": judgement.key, "outcome": judgement.outcome.value, "reason": judgement.reason}


def as_read(kept: Mapping[str, Any]) -> Judgement:
    """Return the judgement that `as_kept` wrote."""
    return Judgement(kept["key"], Outcome(kept["outcome"]), kept["reason"])
