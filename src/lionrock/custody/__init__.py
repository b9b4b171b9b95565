"""Data of projects: where they may lie, how they cross a border, and who had them from arrival to proof of deletion."""
