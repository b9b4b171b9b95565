"""Data sets, where they may lie, and what waits."""
