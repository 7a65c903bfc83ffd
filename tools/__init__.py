"""What builds the lessons and links them together: `python -m tools run | links | mutants`."""
