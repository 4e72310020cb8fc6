"""`python -m stratumiops.ui.cli.kogral`: the `kogral` command."""

from stratumiops.ui.cli.kogral import main

main()
