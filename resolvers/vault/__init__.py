"""The vault in the API: asked over HTTP with the rights of whoever asks."""
