"""Sites that compute, and the drivers that run work there."""
