"""`python -m stratumiops.ui.cli.platform`: the `stratumiops` command."""

from stratumiops.ui.cli.platform import main

main()
