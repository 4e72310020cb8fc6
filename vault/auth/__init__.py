"""Auth methods: how a client comes by a token."""
