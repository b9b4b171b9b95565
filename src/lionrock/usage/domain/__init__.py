"""Arithmetic of use: exact, on plain values, without a clock or a database."""
