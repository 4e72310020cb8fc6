"""The HTTP side: bytes to requests, replies to bytes."""
