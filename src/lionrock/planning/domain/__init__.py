"""What is simulated, in plain values: jobs, cleaning rules, and the readable simulators."""
