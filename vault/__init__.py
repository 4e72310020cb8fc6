"""SecretumVault: a secrets server that Vault's clients can talk to. A process of its own, with a storage of its own."""
