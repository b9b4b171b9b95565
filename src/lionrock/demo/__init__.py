"""The demonstration: a whole programme, run from an empty database."""
