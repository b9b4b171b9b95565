"""Billing cases: a file of small stories with known answers, told again through the real rating."""
