"""What is decided about identity providers, without a network, a database or a clock."""
