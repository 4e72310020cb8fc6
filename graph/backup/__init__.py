"""The whole graph to one file and back."""
