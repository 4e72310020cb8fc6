"""A LlamaIndex retriever: hits of `search` as nodes with scores."""

from typing import Any, Final

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from stratumiops.ingest.llama.ports import GraphQLClient
from stratumiops.ingest.retrieval.models import SearchMode

_SEARCH: Final = """
query Retrieve($query: String!, $mode: SearchMode!, $graph: String, $where: NodeWhere, $first: Int!,
  $threshold: Float, $expand: Boolean!, $mmr: Float, $rerank: Boolean!) {
  search(query: $query, mode: $mode, graph: $graph, where: $where, first: $first, threshold: $threshold,
    expand: $expand, mmr: $mmr, rerank: $rerank) {
    score path mode
    supersededBy { id title }
    chunk { text heading startLine endLine }
    node { id graph type title status tags content }
  }
}"""


class KogralRetriever(BaseRetriever):
    """Retrieves the best part of each hit, with where it stands as its metadata.

    Args:
        client: see `GraphQLClient`.
        graph: the named graph; None: all that the client may read.
        mode: by words, by meaning, or both.
        where: conditions as the API takes them, `{"type": {"eq": "DECISION"}}`.
        first: how many hits, at most 100.
    """

    def __init__(
        self,
        client: GraphQLClient,
        *,
        graph: str | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        where: dict[str, Any] | None = None,
        first: int = 10,
        threshold: float | None = None,
        expand: bool = False,
        mmr: float | None = None,
        rerank: bool = False,
    ) -> None:
        super().__init__()
        self._client = client
        self._variables = {
            "graph": graph,
            "mode": mode.name,
            "where": where,
            "first": first,
            "threshold": threshold,
            "expand": expand,
            "mmr": mmr,
            "rerank": rerank,
        }

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._client.execute(_SEARCH, {**self._variables, "query": query_bundle.query_str})["search"]
        return [NodeWithScore(node=_node(hit), score=hit["score"]) for hit in found]


def _node(hit: dict[str, Any]) -> TextNode:
    held, chunk = hit["node"], hit["chunk"]
    metadata: dict[str, Any] = {
        "id": held["id"],
        "graph": held["graph"],
        "type": held["type"].lower(),
        "title": held["title"],
        "status": held["status"],
        "tags": held["tags"],
        "path": hit["path"],
        "superseded_by": [one["id"] for one in hit["supersededBy"]],
    }
    if chunk is not None:
        metadata |= {
            "heading": chunk["heading"],
            "start_line": chunk["startLine"],
            "end_line": chunk["endLine"],
        }
    lines = f"#{chunk['startLine']}-{chunk['endLine']}" if chunk else ""
    return TextNode(
        id_=f"{held['graph']}/{held['id']}{lines}",
        text=chunk["text"] if chunk else held["content"],
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=["id", "graph", "tags", "start_line", "end_line"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=held["id"])},
    )
