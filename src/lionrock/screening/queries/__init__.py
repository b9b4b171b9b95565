"""What may be seen of screening: cases, lists, names searched for, and who is held."""
