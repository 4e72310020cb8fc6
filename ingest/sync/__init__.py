"""The graph's side of the two-way sync: what changed here, what files are to get, what they gave, what is open.

The files' side is `ingest.folder`. Between them goes what GraphQL carries.
"""
