"""Search by words: the best nodes of a full-text index that satisfy conditions. Text only: no I/O.

The index knows nothing of graphs and filters. Asked for all it has, it gives every node with any of the words, and
each is then looked at. So it is first asked for some more than are wanted; only when too few of these are left are all
of them gone through. What is found is the same.
"""

from typing import Final

FRESH_TEXT: Final = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh() "
"""Before a full-text search: it finds everything committed before it, though commits do not wait for the index."""
_ORDER: Final = "score DESC, n.id, n.graph"


def best_by_words(index: str, query: str, where: str, first: str) -> str:
    """Binds `n` and `score` to the `first` best nodes, in no order.

    Args:
        index, query, first: expressions, such as parameters.
        where: conditions on `n`.
    """
    where = f"score > 0 AND {where}"  # a query that has nothing but words like `the` finds all, with no score
    call = f"CALL db.index.fulltext.queryNodes({index}, {query}"
    most = f"toInteger(4 * {first} + 200)"
    # Of equal scores the index gives any: those that decide who comes last must all have been seen.
    enough = f"size(top) < {most} OR (size(best) = {first} AND best[-1].score > top[-1].score)"
    return (
        f"CALL () {{ {call}, {{limit: {most}}}) YIELD node AS n, score "
        "RETURN collect({n: n, score: score}) AS top } "
        "WITH top, COLLECT { UNWIND top AS t WITH t.n AS n, t.score AS score "
        f"WHERE {where} RETURN {{n: n, score: score}} ORDER BY {_ORDER} LIMIT {first} }} AS best "
        f"WITH best, {enough} AS enough "
        "CALL (best, enough) { WITH best, enough WHERE enough UNWIND best AS b RETURN b.n AS n, b.score AS score "
        f"UNION ALL WITH enough WHERE NOT enough {call}) YIELD node AS n, score "
        f"WHERE {where} RETURN n, score ORDER BY {_ORDER} LIMIT {first} }} WITH n, score "
    )
