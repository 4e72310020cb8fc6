"""What an ACME request is refused with (RFC 8555, 6.7)."""

from typing import Final

import orjson

from stratumiops.vault.request import Raw, Response

PROBLEM: Final = "application/problem+json"
_STATUS: Final = {
    "malformed": 400, "badNonce": 400, "badCSR": 400, "badPublicKey": 400, "badSignatureAlgorithm": 400,
    "alreadyRevoked": 400, "invalidContact": 400, "rejectedIdentifier": 400, "unsupportedIdentifier": 400,
    "accountDoesNotExist": 400, "badRevocationReason": 400, "orderNotReady": 403, "unauthorized": 403,
    "externalAccountRequired": 403, "userActionRequired": 403, "serverInternal": 500, "conflict": 409, "notFound": 404,
}  # fmt: skip


ANSWERS: Final = dict.fromkeys(sorted(set(_STATUS.values())), PROBLEM)
"""The content types of refusals by their status."""


class Problem(Exception):
    """A refusal.

    Args:
        kind: of `urn:ietf:params:acme:error:`; `conflict` and `notFound` are `malformed` with a status of their own.
        detail: a sentence for a person.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail

    @property
    def document(self) -> dict[str, object]:
        """As it stands in an order's or a challenge's `error`."""
        kind = "malformed" if self.kind in {"conflict", "notFound"} else self.kind
        return {"type": f"urn:ietf:params:acme:error:{kind}", "detail": self.detail}

    def response(self) -> Response:
        """The answer."""
        return Response(raw=Raw(orjson.dumps(self.document), PROBLEM, _STATUS[self.kind]))
