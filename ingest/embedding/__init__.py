"""Embeddings: models behind one port, and the job that keeps the chunks' vectors up to date."""
