"""The `stratumiops` and `kogral` commands."""
