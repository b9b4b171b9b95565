"""Reading the rules, the countries and the catalogue from the rulebook; every fault at once."""
