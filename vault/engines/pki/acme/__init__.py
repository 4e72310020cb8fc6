"""ACME (RFC 8555): certificates for whoever shows control over a name."""
