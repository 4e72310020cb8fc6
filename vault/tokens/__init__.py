"""Tokens, what they hold, and how long they live."""
