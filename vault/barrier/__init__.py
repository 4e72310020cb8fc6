"""The barrier: what is behind it is in the clear, what leaves it for a storage is encrypted."""
