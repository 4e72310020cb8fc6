"""Resolvers of the rules over what is known: guidelines, findings, suggestions."""
