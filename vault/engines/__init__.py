"""Secrets engines: what a mount of a kind does."""
