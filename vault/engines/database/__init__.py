"""Credentials of databases: made for a time, or of users that stay and whose passwords change."""
