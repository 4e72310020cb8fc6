"""Userpass: a person logs in with a name and a password."""
