"""Lionrock runs a public AI-compute programme end to end; ARCHITECTURE.md is the map."""
