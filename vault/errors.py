"""What a request is refused with: a status of HTTP, and the texts that Vault's clients compare."""

from collections.abc import Mapping
from typing import Any, ClassVar


class VaultError(Exception):
    """A request that cannot be answered.

    Args:
        messages: what goes into `errors` of the answer; none is `{"errors": []}`.
        data: goes into the answer beside the errors.
    """

    status: ClassVar[int] = 500

    def __init__(self, *messages: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__("; ".join(messages) or type(self).__name__)
        self.messages = messages
        self.data = data


class BadRequest(VaultError):
    """The request is malformed, or cannot be done with these values."""

    status = 400


class PermissionDenied(VaultError):
    """No token, no good one, or a policy refuses."""

    status = 403

    def __init__(self, message: str = "permission denied") -> None:
        super().__init__(message)


class NotFound(VaultError):
    """Nothing is there."""

    status = 404


class UnsupportedPath(NotFound):
    """A mount has no such route."""

    def __init__(self) -> None:
        super().__init__("unsupported path")


class UnsupportedOperation(VaultError):
    """The route does not know the operation."""

    status = 405

    def __init__(self, message: str = "unsupported operation") -> None:
        super().__init__(message)


class TooLarge(VaultError):
    """The body is larger than is read."""

    status = 413


class UnsupportedMediaType(VaultError):
    """A body of a kind that the route does not take."""

    status = 415


class TooManyRequests(VaultError):
    """A quota is used up. `headers` go out with the answer: `Retry-After`, in seconds."""

    status = 429

    def __init__(self, *messages: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(*messages)
        self.headers = dict(headers or {})


class Internal(VaultError):
    """Something failed that the client cannot help; the text says nothing that is secret."""

    status = 500


class Sealed(VaultError):
    """The vault is sealed."""

    status = 503

    def __init__(self, message: str = "Vault is sealed") -> None:
        super().__init__(message)


class StorageFailed(VaultError):
    """The storage cannot be read or written; nothing was done by halves."""

    status = 500


class OutcomeUnknown(StorageFailed):
    """A write got no answer: it was done as a whole, or not at all, or is still under way."""


class Corrupt(StorageFailed):
    """What the storage gave is not what was stored."""


class ConfigError(Exception):
    """The configuration, or a command's argument, cannot work. The text says where, what and what to do."""
