"""Monthly statements and invoices of closed months."""
