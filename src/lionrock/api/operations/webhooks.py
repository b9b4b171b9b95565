"""Webhooks: register, change, see what became of deliveries."""
