"""The office's desk: the board of what waits, the check of each application, pledges and reminders."""
