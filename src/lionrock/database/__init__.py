"""Which PostgreSQL Lionrock talks to, and the private one that it can start itself."""
