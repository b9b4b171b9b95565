"""Telling people what concerns them, on the page and by e-mail."""
