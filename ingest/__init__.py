"""Text in: readers of markdown and decision records, and the service that writes what they found."""
