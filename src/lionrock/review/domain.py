"""Assessors, conflicts of interest, scores and their moderation."""
