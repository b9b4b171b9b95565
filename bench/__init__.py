"""Measurements: how fast and in how much memory, as ratios to limits that are measured in the same run."""
