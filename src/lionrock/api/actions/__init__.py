"""Every write of the room: tokens, webhooks, deliveries, answers forgotten."""

from lionrock.api.actions.delivering import deliver_webhooks
from lionrock.api.actions.leaving import shut_out_closed, shut_out_leaver
from lionrock.api.actions.telling import (
    tell_award_ended,
    tell_award_made,
    tell_award_varied,
    tell_month_closed,
    tell_payment_matched,
    tell_recorded,
)
from lionrock.api.actions.tokens import Issued, issue_token, revoke_token
from lionrock.api.actions.waiting import Put, cancel_work, put_off
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
    "Put",
    "cancel_work",
    "change_key",
    "change_webhook",
    "deliver_webhooks",
    "end_webhook",
    "issue_token",
    "put_off",
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
    "tell_payment_matched",
    "tell_recorded",
    "try_webhook",
]
