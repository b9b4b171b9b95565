"""Meetings of the deciding body: agenda, ranking, votes, decisions, minutes."""
