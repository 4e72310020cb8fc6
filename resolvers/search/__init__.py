"""Searches, the state of their vectors, and answers."""
