"""Leases and metered use in, dated price, subsidy split, postings out."""
