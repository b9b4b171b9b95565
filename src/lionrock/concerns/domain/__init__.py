"""What decides: kinds, severities and deadlines of concerns, their states, and what a change opens again."""
