"""Every write of the room: one function per verb, one transaction each."""

from lionrock.outcomes.actions.reminding import remind_reports
from lionrock.outcomes.actions.reporting import accept_report, return_report, save_report, submit_report
from lionrock.outcomes.actions.results import add_outcome, remove_outcome

__all__ = [
    "accept_report",
    "add_outcome",
    "remind_reports",
    "remove_outcome",
    "return_report",
    "save_report",
    "submit_report",
]
