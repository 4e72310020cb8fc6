"""A graph as a picture: a layered layout, and SVG made of it. The same graph gives the same bytes."""
