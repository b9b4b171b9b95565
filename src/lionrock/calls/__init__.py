"""Calls for applications: window and budget envelope."""
