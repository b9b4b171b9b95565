"""How Slurm is spoken to: its programs, its REST interface, and what their answers mean."""
