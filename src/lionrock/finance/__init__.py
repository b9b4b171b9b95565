"""What finance looks at: how the fund burns down, who is close to a cap, what a month still needs to be closed."""
