"""Every write of the room: one function per verb, one transaction each."""

from lionrock.applications.actions.drafting import draft_application
from lionrock.applications.actions.submitting import submit_application, withdraw_application

__all__ = ["draft_application", "submit_application", "withdraw_application"]
