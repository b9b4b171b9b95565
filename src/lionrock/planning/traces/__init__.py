"""Job traces, read into columns; what kind of file it is, its first bytes say."""
