"""Where the barrier keeps its entries: a port, and an adapter for each kind of storage."""
