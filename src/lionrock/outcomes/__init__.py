"""What an award owes and brings: reports, papers, patents, models."""
