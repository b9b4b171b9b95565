"""Words that rooms keep as codes and people read as words: states, kinds, modes, units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext

from lionrock.kernel.messages import gettext_noop


class Tone(StrEnum):
    """How a status feels; the class of its tag."""

    GOOD = "good"
    CAUTION = "caution"
    STOP = "stop"
    OVER = "over"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Word:
    """A code's English word and its tone."""

    text: str
    tone: Tone = Tone.PLAIN


WORDS = MappingProxyType(
    {
        "draft": Word(gettext_noop("Draft")),
        "open": Word(gettext_noop("Open"), Tone.GOOD),
        "closed": Word(gettext_noop("Closed"), Tone.OVER),
        "submitted": Word(gettext_noop("Submitted")),
        "invited": Word(gettext_noop("To declare"), Tone.CAUTION),
        "cleared": Word(gettext_noop("To score"), Tone.CAUTION),
        "scored": Word(gettext_noop("Scores handed in"), Tone.GOOD),
        "conflicted": Word(gettext_noop("Conflict of interest"), Tone.STOP),
        "refused": Word(gettext_noop("Will not assess"), Tone.OVER),
        "unassigned": Word(gettext_noop("Taken back"), Tone.OVER),
        "approved": Word(gettext_noop("Approved"), Tone.GOOD),
        "returned": Word(gettext_noop("Back with the applicant"), Tone.CAUTION),
        "eligible": Word(gettext_noop("With the assessors")),
        "ineligible": Word(gettext_noop("Ineligible"), Tone.STOP),
        "assessed": Word(gettext_noop("With the committee")),
        "in_time": Word(gettext_noop("In time"), Tone.GOOD),
        "due_soon": Word(gettext_noop("Due soon"), Tone.CAUTION),
        "late": Word(gettext_noop("Late"), Tone.STOP),
        "kept": Word(gettext_noop("In the time pledged"), Tone.GOOD),
        "missed": Word(gettext_noop("After the time pledged"), Tone.CAUTION),
        "with_office": Word(gettext_noop("Programme office")),
        "with_applicant": Word(gettext_noop("Applicant")),
        "with_assessors": Word(gettext_noop("Assessors")),
        "with_committee": Word(gettext_noop("Committee")),
        "step_submitted": Word(gettext_noop("Check by the office")),
        "step_returned": Word(gettext_noop("Answer of the applicant")),
        "step_eligible": Word(gettext_noop("Assessment")),
        "step_assessed": Word(gettext_noop("Decision")),
        "taken": Word(gettext_noop("Taken in hand")),
        "judged": Word(gettext_noop("Open rules judged")),
        "accepted": Word(gettext_noop("Accepted"), Tone.GOOD),
        "rejected": Word(gettext_noop("Rejected"), Tone.STOP),
        "declined": Word(gettext_noop("Declined"), Tone.STOP),
        "withdrawn": Word(gettext_noop("Withdrawn"), Tone.OVER),
        "planned": Word(gettext_noop("Planned")),
        "in_session": Word(gettext_noop("In session"), Tone.GOOD),
        "resolved": Word(gettext_noop("Decided"), Tone.GOOD),
        "postponed": Word(gettext_noop("Postponed"), Tone.OVER),
        "approve": Word(gettext_noop("Approve")),
        "decline": Word(gettext_noop("Decline")),
        "later": Word(gettext_noop("Leave open")),
        "for": Word(gettext_noop("For"), Tone.GOOD),
        "against": Word(gettext_noop("Against"), Tone.STOP),
        "abstain": Word(gettext_noop("Abstain")),
        "fits": Word(gettext_noop("Fits"), Tone.GOOD),
        "does_not_fit": Word(gettext_noop("Does not fit"), Tone.STOP),
        "below_the_line": Word(gettext_noop("Below the line"), Tone.OVER),
        "takes_nothing": Word(gettext_noop("Takes nothing")),
        "active": Word(gettext_noop("Active"), Tone.GOOD),
        "ended": Word(gettext_noop("Ended"), Tone.OVER),
        "offered": Word(gettext_noop("Offered"), Tone.CAUTION),
        "lapsed": Word(gettext_noop("Lapsed"), Tone.OVER),
        "due": Word(gettext_noop("To be written")),
        "paper": Word(gettext_noop("Paper")),
        "patent": Word(gettext_noop("Patent")),
        "model": Word(gettext_noop("Model")),
        "dataset": Word(gettext_noop("Data set")),
        "software": Word(gettext_noop("Software")),
        "other": Word(gettext_noop("Something else")),
        "doi": Word("DOI"),
        "arxiv": Word("arXiv"),
        "url": Word(gettext_noop("Address")),
        "replaced": Word(gettext_noop("Replaced"), Tone.OVER),
        "requested": Word(gettext_noop("Requested"), Tone.CAUTION),
        "suspended": Word(gettext_noop("Suspended"), Tone.CAUTION),
        "met": Word(gettext_noop("Met"), Tone.GOOD),
        "not_met": Word(gettext_noop("Not met"), Tone.STOP),
        "unknown": Word(gettext_noop("Not known"), Tone.CAUTION),
        "pending": Word(gettext_noop("Waiting")),
        "node_fail": Word(gettext_noop("The machine failed"), Tone.CAUTION),
        "running": Word(gettext_noop("Running"), Tone.GOOD),
        "completed": Word(gettext_noop("Completed"), Tone.OVER),
        "failed": Word(gettext_noop("Failed"), Tone.STOP),
        "cancelled": Word(gettext_noop("Cancelled"), Tone.OVER),
        "timeout": Word(gettext_noop("Out of time"), Tone.CAUTION),
        "used_up": Word(gettext_noop("Used up"), Tone.STOP),
        "before_its_end": Word(gettext_noop("Used up before its end"), Tone.CAUTION),
        "little_left": Word(gettext_noop("Little left"), Tone.CAUTION),
        "far": Word(gettext_noop("Enough left")),
        "invoice": Word(gettext_noop("Invoice")),
        "credit_note": Word(gettext_noop("Credit note"), Tone.CAUTION),
        "statement": Word(gettext_noop("Statement")),
        "claim": Word(gettext_noop("Claim on the scheme")),
        "remittance": Word(gettext_noop("Remittance to the site")),
        "between_sites": Word(gettext_noop("Settled between sites")),
        "waiting": Word(gettext_noop("Waiting for an answer"), Tone.CAUTION),
        "booked": Word(gettext_noop("Booked"), Tone.GOOD),
        "turned_down": Word(gettext_noop("Turned down"), Tone.OVER),
        "reversed": Word(gettext_noop("Reversed"), Tone.STOP),
        "paid": Word(gettext_noop("Paid"), Tone.GOOD),
        "part_paid": Word(gettext_noop("Paid in part"), Tone.CAUTION),
        "unpaid": Word(gettext_noop("To be paid")),
        "overdue": Word(gettext_noop("Overdue"), Tone.STOP),
        "credit": Word(gettext_noop("In credit"), Tone.GOOD),
        "settled": Word(gettext_noop("Settled"), Tone.GOOD),
        "to_settle": Word(gettext_noop("To be settled"), Tone.CAUTION),
        "lease": Word(gettext_noop("Lease: reserved and billed by the month")),
        "metered": Word(gettext_noop("Metered: billed by the device-hour used")),
        "device_hour": Word(gettext_noop("device-hours")),
        "node_month": Word(gettext_noop("node-months")),
        "card_month": Word(gettext_noop("card-months")),
        "calendar_month": Word(gettext_noop("month")),
        "hour": Word(gettext_noop("hour")),
        "node": Word(gettext_noop("nodes")),
        "card": Word(gettext_noop("cards")),
        "required": Word(gettext_noop("required")),
        "if_applicable": Word(gettext_noop("where it applies")),
        "month": Word(gettext_noop("months")),
        "primary": Word(gettext_noop("primary source")),
        "secondary": Word(gettext_noop("secondary source")),
        "member": Word(gettext_noop("Member")),
        "office": Word(gettext_noop("Programme office")),
        "assessor": Word(gettext_noop("Assessor")),
        "committee": Word(gettext_noop("Committee member")),
        "chair": Word(gettext_noop("Chair of the committee")),
        "finance": Word(gettext_noop("Finance office")),
        "cluster_admin": Word(gettext_noop("Cluster administrator")),
        "compliance": Word(gettext_noop("Compliance office")),
        "auditor": Word(gettext_noop("Auditor")),
        "recalled": Word(gettext_noop("recalled, to be confirmed"), Tone.CAUTION),
        "own_decision": Word(gettext_noop("decision of the programme's owner")),
        "case_open": Word(gettext_noop("To look at"), Tone.CAUTION),
        "case_escalated": Word(gettext_noop("Escalated"), Tone.CAUTION),
        "case_clearing": Word(gettext_noop("Waits for a second person"), Tone.CAUTION),
        "case_cleared": Word(gettext_noop("Somebody else"), Tone.GOOD),
        "case_confirmed": Word(gettext_noop("On the list"), Tone.STOP),
        "says_review": Word(gettext_noop("Look at it"), Tone.CAUTION),
        "says_block": Word(gettext_noop("Blocks"), Tone.STOP),
        "data_kept": Word(gettext_noop("Kept")),
        "data_overdue": Word(gettext_noop("To be deleted"), Tone.STOP),
        "data_deleted": Word(gettext_noop("Deleted, with proof"), Tone.GOOD),
        "event_arrived": Word(gettext_noop("Arrived")),
        "event_copied": Word(gettext_noop("Copied")),
        "event_checked": Word(gettext_noop("Read again and checked")),
        "event_deleted": Word(gettext_noop("Copy deleted")),
        "event_zoned": Word(gettext_noop("Another zone declared")),
        "may_met": Word(gettext_noop("May lie there"), Tone.GOOD),
        "may_not_met": Word(gettext_noop("May not lie there"), Tone.STOP),
        "may_unknown": Word(gettext_noop("Zone not known"), Tone.CAUTION),
        "concern_received": Word(gettext_noop("Came in"), Tone.CAUTION),
        "concern_in_hand": Word(gettext_noop("In hand")),
        "concern_closed": Word(gettext_noop("Closed, with measures"), Tone.GOOD),
        "concern_set_aside": Word(gettext_noop("Set aside"), Tone.OVER),
        "due_take_up": Word(gettext_noop("Taken up")),
        "due_tell": Word(gettext_noop("Told whom it has to be told")),
        "due_close": Word(gettext_noop("Closed")),
        "did_take_up": Word(gettext_noop("Taken up")),
        "did_tell": Word(gettext_noop("Told whom it has to be told")),
        "did_close": Word(gettext_noop("Closed, with measures")),
        "did_set_aside": Word(gettext_noop("Set aside")),
        "did_reopen": Word(gettext_noop("Opened again")),
        "act_take_up": Word(gettext_noop("Say who answers for it")),
        "act_tell": Word(gettext_noop("Note who was told")),
        "act_close": Word(gettext_noop("Close it with measures")),
        "act_set_aside": Word(gettext_noop("Set it aside")),
        "act_reopen": Word(gettext_noop("Open it again")),
        "act_assign": Word(gettext_noop("Let somebody see it")),
        "act_concerned": Word(gettext_noop("Say whom it is about")),
        "act_note": Word(gettext_noop("Write a note")),
        "declared": Word(gettext_noop("Declared"), Tone.GOOD),
        "not_declared": Word(gettext_noop("Not declared"), Tone.CAUTION),
    }
)


def word(code: str) -> str:
    """Return the word for a code in the active language; a code without a word stays as it is."""
    return gettext(WORDS[code].text) if code in WORDS else code


def tone(code: str) -> Tone:
    """Return how a status feels; plain when nobody has said."""
    return WORDS[code].tone if code in WORDS else Tone.PLAIN
