"""The words by which texts like a text are searched for. Pure.

What Lucene calls "more like this": the words that the text uses most, without those that every text uses. How rare a
word is in the whole graph is known to the index, which weighs it.
"""

import re
from collections import Counter
from collections.abc import Sequence

from stratumiops.ingest.suggest.mentions import readable

MOST_TERMS = 24
FEWEST_TERMS = 6
"""A text with fewer distinctive words is like many others."""

_WORD = re.compile(r"[^\W\d_]{4,40}")
_EVERYWHERE = """
about above after again also although always among another because been before being below between both came
cannot could does doing done down during each either else even ever every first from further given goes gone
have having here hers high however into itself just keep kept know known last later least less like made make
makes making many might more most much must need needs never none nothing often once only other others over
page part same seen shall should since some something still such take taken than that their them then there
therefore these they thing things this those though through thus time times under until upon used uses using
very want wants well were what when where whether which while whole will with within without would your para
como este esta estos estas desde donde cuando sobre entre hasta también pero porque cada todo todos nicht eine
einer eines wird werden sind auch oder über nach beim durch dieser diese dieses
"""
_STOP = frozenset(_EVERYWHERE.split())


def distinctive(title: str, tags: Sequence[str], content: str) -> list[str]:
    """The words of title and tags, then those that the text uses most; empty when there are too few of them."""
    named = [word for word in _WORD.findall(" ".join([title, *tags]).casefold()) if word not in _STOP]
    used = Counter(word for word in _WORD.findall(readable(content).casefold()) if word not in _STOP)
    frequent = [word for word, _ in sorted(used.items(), key=lambda item: (-item[1], item[0]))]
    terms = list(dict.fromkeys([*named, *frequent]))[:MOST_TERMS]
    return terms if len(terms) >= FEWEST_TERMS else []
