"""Primitives behind one port, with an adapter for each library."""
