"""How runs are identified, which windows are asked for, and when totals agree."""
