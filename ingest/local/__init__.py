"""Imports into a directory of files: the plan, the reading and the links are those of `ingest`, the store is not."""
