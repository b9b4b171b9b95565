"""The audit trail looked at and handed out; what is kept no longer, and what is held."""
