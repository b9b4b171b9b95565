"""`python -m lionrock` is the `lionrock` command."""

from lionrock.config.cli import main

main()
