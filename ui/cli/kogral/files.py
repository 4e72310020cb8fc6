"""The files of a folder that are notes; see `ingest.folder.listing`."""

from stratumiops.ingest.folder.listing import Listing, list_notes, read_note

__all__ = ["Listing", "list_notes", "read_note"]
