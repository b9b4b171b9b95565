"""What may be asked of a job, how its states follow each other, what it used, and how its log is shown."""
