"""Decisions and awards: money committed against the fund."""
