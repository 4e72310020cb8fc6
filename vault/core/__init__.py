"""The core: mounts, and the way of a request through tokens, policies, audit and engines."""
