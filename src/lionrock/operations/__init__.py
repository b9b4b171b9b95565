"""Keeping Lionrock running: health, metrics, logs, processes, backups."""
