"""What is worked out of a node's text once a revision: its names, and a signature that tells near-duplicates."""
