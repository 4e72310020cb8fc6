"""Measures the platform beside a peer and beside bare baselines, in one run; see `python -m benchmarks --help`."""
