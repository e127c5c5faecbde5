"""Measures the function next to its peers, without AWS: see `python -m compare --help`."""
