"""The fast simulators, in C, and how they are compiled and called."""
