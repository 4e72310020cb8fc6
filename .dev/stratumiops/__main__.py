"""`python -m stratumiops` is the `stratumiops` command."""

from stratumiops.ui.cli.platform import main

if __name__ == "__main__":
    main()
