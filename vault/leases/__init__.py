"""Leases: what was given for a time, and who takes it back when the time is over."""
