"""A directory of markdown files as a store of its own: read, changed, and read as of an instant, with no server."""
