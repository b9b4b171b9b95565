"""What is forecast of a fund, and when an award will be used up: pure, in whole minor units."""
