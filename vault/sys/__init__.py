"""The routes under `sys/` that the core itself answers."""
