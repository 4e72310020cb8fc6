"""Measures the platform beside a peer and bare baselines, in one run; see `python -m benchmarks --help`."""
