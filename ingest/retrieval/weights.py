"""How much each half of a hybrid search is believed, told from how the question is put.

Keywords are chosen to stand in the text, and words and meaning find them alike. A question in a sentence brings
words that say nothing ("how do we make …"), which any note has: ranks by words then mean less.
"""

import re
from typing import Final

SENTENCE_WEIGHT: Final = 0.25
"""Weight of the ranking by words for a question in a sentence; by meaning it is 1."""
_FEW: Final = 2
_WORD: Final = re.compile(r"\w+")
_WORDS: Final = """
a about an and any are as at be been beside between by can could did do does every for from get has have he her here
his how i if in into is it its let made make may me might mine must my no not of on one only or our same she should so
some than that the their them then there these they this those to under us was we were what when where which while who
whom whose why will with without would you your
"""
_SAY_NOTHING: Final = frozenset(_WORDS.split())


def text_weight(query: str) -> float:
    """1 for keywords, less for a sentence. Phrases, prefixes and exclusions are keywords."""
    if any(mark in query for mark in ('"', "*")) or re.search(r"(?:^|\s)-\w", query):
        return 1.0
    if query.rstrip().endswith("?"):
        return SENTENCE_WEIGHT
    words = _WORD.findall(query.lower())
    return SENTENCE_WEIGHT if sum(word in _SAY_NOTHING for word in words) >= _FEW else 1.0
