"""What Obsidian's vaults have beyond plain markdown."""
