"""Who did what, when, on whose behalf: an append-only record."""
