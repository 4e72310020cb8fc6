"""Suggestions: relations and tags that a person may accept. Nothing here writes knowledge by itself."""
