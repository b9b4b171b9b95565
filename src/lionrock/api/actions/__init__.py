"""Every write of the room: tokens, webhooks, deliveries, answers forgotten."""

from lionrock.api.actions.tokens import Issued, issue_token, revoke_token

__all__ = ["Issued", "issue_token", "revoke_token"]
