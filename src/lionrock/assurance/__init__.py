"""The responsible-AI gate: what is asked of a project, its tier, its conditions and its zones of data."""
