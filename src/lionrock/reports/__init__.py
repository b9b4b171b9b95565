"""What was used, of how much, and how long it waited: reports for whoever pays and whoever runs it."""
