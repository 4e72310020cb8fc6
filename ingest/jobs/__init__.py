"""Imports that the server does itself: a folder that it may read, with progress, resumed after a crash."""
