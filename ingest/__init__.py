"""Text in and out: parsers and writers for folders of markdown."""
