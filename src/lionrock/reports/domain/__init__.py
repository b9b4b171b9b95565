"""Shares, waits and their words."""
