"""The files' side: a folder is listed, read, compared with what the graph has, and written.

It speaks GraphQL through `ports.Executes` and nothing else, over HTTP from the command line, in process from the
server's watcher.
"""
