"""Scenarios: what a centre could be, drawn again and again, and what it comes to; pure, as `domain` is."""
