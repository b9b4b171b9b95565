"""What a centre could do: real months replayed through scheduling policies."""
