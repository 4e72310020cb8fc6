"""The HTTP and WebSocket face of the GraphQL engine."""
