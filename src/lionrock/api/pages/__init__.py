"""Pages of one's account: tokens, and webhooks with what they were told."""

from lionrock.api.pages.tokens import own_tokens, revoke
from lionrock.api.pages.webhooks import again, end, new_key, own_webhooks, trial, webhook

__all__ = ["again", "end", "new_key", "own_tokens", "own_webhooks", "revoke", "trial", "webhook"]
