"""Measures the function beside its peers, without AWS: see `python -m compare --help`."""
