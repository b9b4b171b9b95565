"""Reading `rulebook/assurance` and files of answers, every fault at once."""
