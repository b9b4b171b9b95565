"""Applications: drafting, eligibility findings, submission."""
