"""How a review ends, and what has to be true for it; who may lower a tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.assurance.domain.assessing import Assessment
from lionrock.assurance.domain.conditions import UNACCEPTABLE, Condition, holds
from lionrock.assurance.domain.rules import Binding, Edition, Tier
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import gettext_noop, message


class Conclusion(StrEnum):
    """How a review ends; the values are the verbs of the table of states."""

    THROUGH = "pass"
    WITH_CONDITIONS = "pass_with_conditions"
    REFER = "refer"
    REFUSE = "refuse"


LETS_THROUGH: Final = (Conclusion.THROUGH, Conclusion.WITH_CONDITIONS)


def check_conclusion(conclusion: Conclusion, found: Assessment, conditions: Sequence[Condition]) -> None:
    """Raise `Refused` with all that speaks against letting a project through; other conclusions need only a reason.

    `found` is the assessment by what reviewers found to be enough. What binds before the award has to be settled or
    carried by a condition; what binds later binds at its own point, and is no obstacle.
    """
    if conclusion not in LETS_THROUGH:
        return
    open_now = [each for each in conditions if each.met_on is None]
    against = [hold for hold in holds(found, conditions, Binding.BEFORE_AWARD) if not _is_condition(hold.rule)]
    findings = [Finding(f"assurance.{hold.rule}", Outcome.NOT_MET, hold.reason, remedy=hold.remedy) for hold in against]
    if conclusion is Conclusion.THROUGH and open_now:
        said = message(gettext_noop("{count} conditions are not met."), count=len(open_now))
        findings.append(
            Finding(
                "assurance.conditions.open",
                Outcome.NOT_MET,
                said,
                remedy=message(gettext_noop("Let it pass with conditions.")),
            )
        )
    if conclusion is Conclusion.WITH_CONDITIONS and not open_now:
        said = message(gettext_noop("No condition is laid down that is still to be met."))
        findings.append(
            Finding(
                "assurance.conditions.none",
                Outcome.NOT_MET,
                said,
                remedy=message(gettext_noop("Lay one down, or let it pass.")),
            )
        )
    if findings:
        said = message(gettext_noop("It cannot pass yet: {count} things speak against it."), count=len(findings))
        raise Refused("assurance.conclude.not_yet", said, findings=findings)


def _is_condition(rule: str) -> bool:
    return rule.startswith("condition.")


def check_tier(edition: Edition, by_answers: Tier, to: str) -> Tier:
    """Return the tier that the review sets in the place of that of the answers.

    Raises `Invalid` for one that the edition does not know or that is the same, `Refused` for lowering the tier of a
    use that is not supported.
    """
    known: Mapping[str, Tier] = MappingProxyType({tier.id: tier for tier in edition.tiers})
    if to not in known or known[to] == by_answers:
        said = message(
            gettext_noop("“{value}” is no other tier than {now}. Choose one of: {known}."),
            value=to,
            now=by_answers.names,
            known=", ".join(name for name in known if name != by_answers.id),
        )
        raise Invalid("assurance.tier", said, faults=[Fault("assurance.tier", said, field="tier", value=to)])
    if by_answers.id == UNACCEPTABLE:
        said = message(gettext_noop("The tier of a use that is not supported cannot be lowered. Refuse it."))
        raise Refused("assurance.tier.unacceptable", said)
    return known[to]


def check_second_person(asked_by: str, actor: str) -> None:
    """Raise `Refused` when who asked for a lower tier would agree to it alone."""
    if asked_by.casefold() == actor.casefold():
        said = message(gettext_noop("You asked for it yourself. A second person has to agree to a lower tier."))
        raise Refused("assurance.tier.four_eyes", said)


def no_ruling(application: str) -> Conflict:
    """Return the error for a lowering that nobody asked for, or that was answered."""
    said = message(
        gettext_noop("No lowering of the tier of {application} waits for an answer."), application=application
    )
    return Conflict("assurance.tier.nothing_asked", said)
