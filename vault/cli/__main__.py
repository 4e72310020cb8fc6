"""`python -m stratumiops.vault.cli` is `svault`."""

from stratumiops.vault.cli import main

main()
