"""Telling people, marking what they have read, and sending mail."""

from lionrock.notices.actions.telling import notify

__all__ = ["notify"]
