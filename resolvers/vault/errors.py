"""What a refusal of the vault means to whoever asked."""

import re
from typing import Final

from stratumiops.graph.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    RateLimited,
    Sealed,
    StratumError,
    Unauthenticated,
    Unavailable,
)
from stratumiops.resolvers.vault.client import Answer

_LOG_IN: Final = "Log in to the vault, and send its token in the header X-Vault-Token."
_BY_POLICY: Final = ("1 error occurred", "preflight capability check")
"""How the vault begins when it knows the token and a policy refuses."""
_OVERTAKEN: Final = re.compile(r"check-and-set parameter (did|does) not match")


def needs_token() -> Unauthenticated:
    """The error for a caller without a token."""
    return Unauthenticated("This needs a token of the vault.", hint=_LOG_IN)


def refusal(answer: Answer, method: str, path: str) -> StratumError:
    """The error that an answer other than success is."""
    said, shown = answer.errors, f"{method} {path[:200]}"
    because = f": {said}" if said else ""
    match answer.status:
        case 403:
            return _denied(said, shown)
        case 404:
            return NotFound(f"The vault has nothing at {shown}{because}.")
        case 400 | 405 | 412 | 413 | 415:
            return _not_taken(said, f"the vault refuses {shown}{because}.")
        case 429:
            return RateLimited(f"The vault has a limit on requests{because}.", hint="Try again in a moment.")
    if answer.status == 503 and ("sealed" in said.lower() or not said):
        return Sealed("The vault is sealed.", hint="Unseal it: `svault operator unseal`, or the page of the vault.")
    hint = "Set vault.address to the server that answers." if 300 <= answer.status < 400 else None
    return Unavailable(f"The vault answers {shown} with status {answer.status}{because}.", hint=hint)


def _denied(said: str, shown: str) -> StratumError:
    if said.startswith(_BY_POLICY):
        hint = "`vaultAccess` says which rule decides; a token with another policy may do it."
        return Forbidden(f"The policies of this token do not allow {shown}.", hint=hint)
    return Unauthenticated("The vault does not know this token, or it has ended.", hint=_LOG_IN)


def _not_taken(said: str, told: str) -> StratumError:
    if _OVERTAKEN.search(said):
        return Conflict(f"Someone else changed it first: {told}", hint="Read it again and repeat the change.")
    return BadInput(told[0].upper() + told[1:])


def not_offered(what: str) -> BadInput:
    """The error for what only svault has."""
    return BadInput(f"This vault does not offer {what}.", hint="svault does.")
