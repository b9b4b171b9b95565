"""How well what was bought is used: use against capacity, waits, idle awards, efficiency, clusters now."""
