"""LlamaIndex over the platform: a retriever and a property graph store that speak to the GraphQL API.

Both are given a client, `execute(document, variables) -> data`; that of the command line will do. Importing this
package loads llama-index, which takes seconds.
"""

from stratumiops.ingest.llama.property_graph import KogralPropertyGraphStore
from stratumiops.ingest.llama.retriever import KogralRetriever

__all__ = ["KogralPropertyGraphStore", "KogralRetriever"]
