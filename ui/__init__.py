"""The clients: command lines, the web app's sources and its built assets."""
