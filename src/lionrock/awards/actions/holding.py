"""Acceptances that are held while somebody is checked: kept, and carried out when two persons have cleared it.

Who may be on a list is decided in `screening`; here is only what follows for an award.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lionrock.awards.actions.recording import record_of
from lionrock.awards.actions.telling import tell_office, tell_organisation
from lionrock.awards.domain import AwardState, Signature
from lionrock.awards.models import Award, HeldAcceptance
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file
from lionrock.screening.actions import screen_party
from lionrock.screening.models import SubjectKind
from lionrock.screening.queries.holding import Hold, Who, holds_on
from lionrock.screening.subjects import organisation_subject, person_subject, signatory_subject

ACCEPTANCE: Final = "acceptance"
DECISION: Final = "decision"


def screen_for_decision(award: Award, now: datetime) -> None:
    """Screen the organisation of an offer, so that a case stands before anybody accepts; nothing is held by it yet."""
    screen_party(organisation_subject(award.organisation), occasion=DECISION, now=now)


def holds_of_acceptance(award: Award, signatory: str, accepted_by: str, now: datetime) -> list[Hold]:
    """Screen who takes up an offer, and return what holds it: the organisation, who acts for it, and who signs."""
    subjects = [organisation_subject(award.organisation), signatory_subject(award.code, signatory)]
    person = Person.objects.filter(email__iexact=accepted_by).first()
    subjects += [person_subject(person)] if person else []
    for subject in subjects:
        screen_party(subject, occasion=ACCEPTANCE, now=now)
    parties = [Who(SubjectKind(subject.kind), subject.code) for subject in subjects]
    return holds_on(parties, local_date(now, programme_on_file(award.programme).zone))


def keep_acceptance(award: Award, signed: Signature, holds: list[Hold], actor: Actor, now: datetime) -> None:
    """Keep an acceptance that is held, and say so: to the organisation no more than that it is being checked."""
    HeldAcceptance.objects.create(
        award=award, signatory=signed.name, signatory_title=signed.title, accepted_by=actor.email, accepted_at=now
    )
    details = {
        "signatory": signed.name,
        "title": signed.title,
        "held_for": [f"case {hold.case}" if hold.case else f"ownership of {hold.code}" for hold in holds],
    }
    record_of("awards.hold_acceptance", award, actor, now, details)
    said = gettext_noop("Your acceptance of {award} is kept. It is being checked; there is nothing you need to do.")
    tell_organisation(award, said, now)
    tell_office(
        award, gettext_noop("{award} was accepted by {signatory}, and is being checked."), now, signatory=signed.name
    )


def too_late(held: HeldAcceptance, now: datetime) -> bool:
    """Tell whether the award of a held acceptance has run out meanwhile; the office is told, and nothing else done."""
    award = held.award
    if local_date(now, programme_on_file(award.programme).zone) < award.valid_to:
        return False
    said = gettext_noop("{award} is cleared, but its last day has passed. Withdraw it, and decide anew.")
    tell_office(award, said, now)
    return True


def held_offers() -> list[HeldAcceptance]:
    """Return the acceptances that are kept and not carried out, the oldest first."""
    rows = HeldAcceptance.objects.filter(award__state=AwardState.OFFERED.value, taken_up_at__isnull=True)
    return list(rows.select_related("award__organisation").order_by("accepted_at", "pk"))
