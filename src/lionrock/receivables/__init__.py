"""What is owed and paid: payments, what is open, reminders, write-offs, claims and remittances settled."""
