"""What decides of supply: states, what holds a line, what counts into capacity and when."""
