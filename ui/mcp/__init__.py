"""The MCP server: what the graph knows as tools, resources and prompts for agents. A GraphQL client underneath."""
