"""Every write of the room: tokens, webhooks, deliveries, answers forgotten."""

from lionrock.api.actions.delivering import deliver_webhooks
from lionrock.api.actions.leaving import shut_out_closed, shut_out_leaver
from lionrock.api.actions.telling import tell_award_ended, tell_award_made, tell_award_varied, tell_month_closed
from lionrock.api.actions.tokens import Issued, issue_token, revoke_token
from lionrock.api.actions.webhooks import (
    change_key,
    change_webhook,
    end_webhook,
    register_webhook,
    reseal_webhooks,
    send_again,
    try_webhook,
)

__all__ = [
    "Issued",
    "change_key",
    "change_webhook",
    "deliver_webhooks",
    "end_webhook",
    "issue_token",
    "register_webhook",
    "reseal_webhooks",
    "revoke_token",
    "send_again",
    "shut_out_closed",
    "shut_out_leaver",
    "tell_award_ended",
    "tell_award_made",
    "tell_award_varied",
    "tell_month_closed",
    "try_webhook",
]
