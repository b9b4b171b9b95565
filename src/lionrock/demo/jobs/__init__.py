"""Programs that the demonstration submits as jobs."""
