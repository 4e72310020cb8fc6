"""A project's `.kogral` directory: where it lies, and what its `config.toml` says."""
