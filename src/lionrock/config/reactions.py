"""What follows from what: the one table of upward effects.

A room that may not import another publishes an event; here stands who acts on it. The rows of an
event run in this order, in the publisher's transaction; the fields of the event are the arguments
of the action. An error in a reaction undoes the event.
"""

from __future__ import annotations

from typing import Final

from lionrock.allocations.actions import close_allocation, grant_allocation, replace_allocation
from lionrock.api.actions import (
    reseal_webhooks,
    shut_out_closed,
    shut_out_leaver,
    tell_award_ended,
    tell_award_made,
    tell_award_varied,
    tell_month_closed,
    tell_payment_matched,
    tell_recorded,
)
from lionrock.audit.events import Recorded
from lionrock.awards.actions import hand_over_of_leaver, take_up_held
from lionrock.awards.domain import AwardEnded, AwardMade, AwardVaried
from lionrock.charging.actions import (
    lease_on_award,
    lease_on_variation,
    release_charged_awards,
    release_when_charged,
    shorten_lease_on_end,
)
from lionrock.charging.events import MonthClosed
from lionrock.identity.actions import after_password_change, end_support_of_closed, end_support_of_leaver
from lionrock.identity.domain.events import ResetAsked, SecretExchanged, SigningInChanged, SupportBegun, SupportOffered
from lionrock.kernel.events import Reaction, Timing, install
from lionrock.notices.actions import (
    post_joining_mail,
    post_reset_mail,
    tell_administrator_changed,
    tell_deputy_named,
    tell_domain_missed,
    tell_member_joined,
    tell_member_left,
    tell_membership_answered,
    tell_membership_asked,
    tell_password_changed,
    tell_signing_in_changed,
    tell_support_begun,
    tell_support_offered,
)
from lionrock.people.domain import (
    AccountClosed,
    AdministratorChanged,
    DeputyNamed,
    DomainMissed,
    JoiningAsked,
    MemberJoined,
    MemberLeft,
    MembershipAnswered,
    MembershipAsked,
    PasswordChanged,
)
from lionrock.receivables.actions import match_after_close
from lionrock.receivables.events import PaymentMatched
from lionrock.screening.domain.cases import PartyReleased
from lionrock.statements.actions import issue_documents, issue_settlements
from lionrock.supply.actions import recheck_party

TABLE: Final = (
    Reaction(AwardMade, grant_allocation, Timing.SAME_TRANSACTION, "an award without quota cannot be used"),
    Reaction(AwardMade, lease_on_award, Timing.SAME_TRANSACTION, "a lease is billed whether or not it is used"),
    Reaction(AwardVaried, replace_allocation, Timing.SAME_TRANSACTION, "quota follows the terms"),
    Reaction(AwardVaried, lease_on_variation, Timing.SAME_TRANSACTION, "a lease is billed as it was agreed last"),
    Reaction(AwardEnded, close_allocation, Timing.SAME_TRANSACTION, "quota must not outlive its award"),
    Reaction(AwardEnded, shorten_lease_on_end, Timing.SAME_TRANSACTION, "a lease is not billed beyond its award"),
    Reaction(AwardEnded, release_when_charged, Timing.SAME_TRANSACTION, "what is charged in full keeps no money"),
    Reaction(PartyReleased, take_up_held, Timing.SAME_TRANSACTION, "what was held for somebody goes on once cleared"),
    Reaction(PartyReleased, recheck_party, Timing.SAME_TRANSACTION, "an order from somebody who is cleared goes on"),
    Reaction(MonthClosed, issue_documents, Timing.SAME_TRANSACTION, "a closed month has its statements"),
    Reaction(MonthClosed, issue_settlements, Timing.SAME_TRANSACTION, "the scheme and the sites have theirs"),
    Reaction(MonthClosed, match_after_close, Timing.SAME_TRANSACTION, "what was paid ahead pays what is new"),
    Reaction(MonthClosed, release_charged_awards, Timing.SAME_TRANSACTION, "money that ended awards left is free"),
    Reaction(AwardMade, tell_award_made, Timing.SAME_TRANSACTION, "a program that waits for it is told"),
    Reaction(AwardVaried, tell_award_varied, Timing.SAME_TRANSACTION, "a program that waits for it is told"),
    Reaction(AwardEnded, tell_award_ended, Timing.SAME_TRANSACTION, "a program that waits for it is told"),
    Reaction(MonthClosed, tell_month_closed, Timing.SAME_TRANSACTION, "a program that waits for it is told"),
    Reaction(PaymentMatched, tell_payment_matched, Timing.SAME_TRANSACTION, "a program that waits for it is told"),
    Reaction(Recorded, tell_recorded, Timing.SAME_TRANSACTION, "a program that waits for what was done is told"),
    Reaction(JoiningAsked, post_joining_mail, Timing.SAME_TRANSACTION, "an address is proven by a link sent to it"),
    Reaction(ResetAsked, post_reset_mail, Timing.SAME_TRANSACTION, "another password is chosen by a link sent to one"),
    Reaction(PasswordChanged, after_password_change, Timing.SAME_TRANSACTION, "what the old password opened is shut"),
    Reaction(PasswordChanged, tell_password_changed, Timing.SAME_TRANSACTION, "who did not do it themselves must know"),
    Reaction(SigningInChanged, tell_signing_in_changed, Timing.SAME_TRANSACTION, "who did not do it must know"),
    Reaction(MemberLeft, hand_over_of_leaver, Timing.SAME_TRANSACTION, "a project has somebody who answers for it"),
    Reaction(SecretExchanged, reseal_webhooks, Timing.SAME_TRANSACTION, "receivers go on with the keys that they know"),
    Reaction(SupportOffered, tell_support_offered, Timing.SAME_TRANSACTION, "who may look has to know, and until when"),
    Reaction(SupportBegun, tell_support_begun, Timing.SAME_TRANSACTION, "nobody is looked at without knowing it"),
    Reaction(MemberLeft, end_support_of_leaver, Timing.SAME_TRANSACTION, "who is gone shows nothing of it any more"),
    Reaction(MemberLeft, shut_out_leaver, Timing.SAME_TRANSACTION, "who is gone has no open door left"),
    Reaction(MemberLeft, tell_member_left, Timing.SAME_TRANSACTION, "who looks after it now has to know"),
    Reaction(AccountClosed, end_support_of_closed, Timing.SAME_TRANSACTION, "who is gone neither shows nor looks"),
    Reaction(AccountClosed, shut_out_closed, Timing.SAME_TRANSACTION, "who is gone has no open door left"),
    Reaction(DeputyNamed, tell_deputy_named, Timing.SAME_TRANSACTION, "who stands in has to know from when to when"),
    Reaction(MembershipAsked, tell_membership_asked, Timing.SAME_TRANSACTION, "a request waits for somebody's answer"),
    Reaction(MembershipAnswered, tell_membership_answered, Timing.SAME_TRANSACTION, "who asked hears the answer"),
    Reaction(MemberJoined, tell_member_joined, Timing.SAME_TRANSACTION, "who enters unasked is seen by somebody"),
    Reaction(AdministratorChanged, tell_administrator_changed, Timing.SAME_TRANSACTION, "who looks after it must know"),
    Reaction(DomainMissed, tell_domain_missed, Timing.SAME_TRANSACTION, "a record that is gone can be put back"),
)


def install_reactions() -> None:
    """Make this table the one that `publish` follows; `config/apps.py` does it whenever Django starts."""
    install(TABLE)
