"""What decides: figures, rules, places and the determination made of them; no framework, no clock."""
