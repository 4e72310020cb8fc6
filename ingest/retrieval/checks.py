"""What may be asked of a search, said once for every store."""

import math

from stratumiops.graph.errors import BadInput
from stratumiops.graph.selection.lucene import parse_query
from stratumiops.ingest.retrieval.models import MAX_FIRST, SearchMode, SearchRequest


def check(request: SearchRequest, *, reranker: bool) -> None:
    """Refuse what cannot be answered.

    Raises:
        BadInput: a value outside its limits, options that do not go together, or no cross-encoder to rerank by.
    """
    parse_query(request.query)
    if not 1 <= request.first <= MAX_FIRST:
        message = f"`first` is {request.first}; it must be from 1 to {MAX_FIRST}"
        raise BadInput(message, field="first", hint="search by words (TEXT) gives more")
    if request.threshold is not None and not (math.isfinite(request.threshold) and -1 <= request.threshold <= 1):
        raise BadInput(f"`threshold` is {request.threshold}; a cosine is from -1 to 1", field="threshold")
    if request.mmr is not None and not 0 <= request.mmr <= 1:
        raise BadInput(f"`mmr` is {request.mmr}; it must be from 0 to 1", field="mmr")
    if request.mode is SearchMode.TEXT:
        for name, value in (("threshold", request.threshold), ("mmr", request.mmr)):
            if value is not None:
                message = f"`{name}` needs vectors"
                raise BadInput(message, field=name, hint="use the mode SEMANTIC or HYBRID")
    if request.rerank and not reranker:
        raise BadInput("there is no cross-encoder to rerank by", field="rerank", hint="set search.reranker")
