"""What is open to everybody."""

from lionrock.public.queries.offers import circumstances, on_offer, open_calls

__all__ = ["circumstances", "on_offer", "open_calls"]
