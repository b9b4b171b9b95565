"""The `lionrock` command against a server elsewhere: the same words, asked of its API with a token."""
