"""Backups: made, looked at, restored to any moment, and proved by restoring them."""
