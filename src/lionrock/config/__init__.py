"""Settings, URLs and the command line: where the rooms are put together."""
