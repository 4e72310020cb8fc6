"""What pictures of graphs cost a real Chromium: the explorer beside cytoscape on a canvas."""
