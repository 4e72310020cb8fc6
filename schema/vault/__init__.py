"""The vault in the API: how it is, what it holds by name, who may what. Never a value of a secret."""
