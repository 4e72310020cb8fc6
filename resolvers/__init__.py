"""How each field of the GraphQL schema gets its value, and the application that serves it."""
