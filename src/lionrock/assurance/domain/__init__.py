"""What decides: rules with three answers, the assessment, conditions, zones of data."""
