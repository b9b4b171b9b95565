"""Double entry in integer minor units, enforced by the database."""
