"""KV version 2: a path holds versions of an object, and metadata of its own."""
