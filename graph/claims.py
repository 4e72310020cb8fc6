"""Idempotency keys: what a key was used for, in whatever store it is kept."""

import hashlib
from dataclasses import dataclass

import orjson

from stratumiops.graph.errors import Conflict
from stratumiops.graph.validation import check_line


@dataclass(frozen=True, slots=True)
class Claim:
    """A principal's key for one input of one operation."""

    principal: str
    key: str
    operation: str
    input_hash: str

    def used_otherwise(self) -> Conflict:
        """The error for a key that was used for something else."""
        return Conflict(
            f"The idempotency key {self.key!r} was used before with another input.",
            hint="Use a new key for a new change.",
            field="idempotencyKey",
        )


def claim(principal: str, key: str, operation: str, given: object) -> Claim:
    """The claim for an input; equal inputs (as JSON, whatever the order of keys) give equal claims."""
    text = orjson.dumps(given, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    return Claim(principal, check_line(key, "idempotencyKey"), operation, hashlib.sha256(text).hexdigest())
