"""Logseq's file graphs: configuration, names, journals, outlines."""
