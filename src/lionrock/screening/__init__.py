"""Whether a person or an organisation stands on a list of restricted parties, or is owned by one that does."""
