"""Incidents and concerns, also from somebody who does not say who they are."""
