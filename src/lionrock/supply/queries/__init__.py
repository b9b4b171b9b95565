"""What can be read of supply, by whom."""
