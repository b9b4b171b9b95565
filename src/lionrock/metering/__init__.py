"""Asking clusters what ran, and passing it on to charging."""
