"""JWT: who holds a token that someone trusted has signed, logs in with it."""
