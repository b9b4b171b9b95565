"""Commands about use and charges."""
