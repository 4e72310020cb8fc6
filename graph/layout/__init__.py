"""Positions of the nodes of a picture: made in a process of their own, kept in files, mended at once."""
