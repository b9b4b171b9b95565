"""Export controls on accelerators: what may be bought, for whom, by which text, on which day."""
