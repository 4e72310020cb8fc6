"""Trusted documents: a manifest of GraphQL documents by SHA-256, made when the client is built."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput, Forbidden, NotFound
from stratumiops.resolvers.settings import GraphQLSettings

_PREFIX = "sha256:"


class TrustedDocuments:
    """Documents clients may name by hash; with `only`, the sole documents that are executed.

    Speaks the persisted documents of GraphQL over HTTP (`documentId: "sha256:<hex>"`) and Apollo's
    `extensions.persistedQuery.sha256Hash`. Nothing is ever registered by a request.
    """

    def __init__(self, documents: Mapping[str, str], *, only: bool) -> None:
        self._documents = dict(documents)
        self._texts = frozenset(documents.values())
        self.only = only

    def resolve(self, query: str | None, document_id: str | None, extensions: Mapping[str, Any] | None) -> str | None:
        """The document to execute, or None when the request names none.

        Raises:
            BadInput: a malformed id, an id beside a document, or a document that has another hash.
            NotFound: no document of this id.
            Forbidden: a document outside the manifest, where only trusted ones are executed.
        """
        digest = _digest(query, document_id, extensions)
        if query is None:
            return None if digest is None else self._by_digest(digest, persisted=document_id is None)
        if digest is not None and hashlib.sha256(query.encode()).hexdigest() != digest:
            raise BadInput("the document does not match its sha256Hash", field="extensions.persistedQuery")
        if self.only and query not in self._texts:
            message = "this server executes trusted documents only, and this one is not among them"
            raise Forbidden(message, hint="send the documentId of a document in the manifest")
        return query

    def _by_digest(self, digest: str, *, persisted: bool) -> str:
        document = self._documents.get(digest)
        if document is not None:
            return document
        if persisted:  # Apollo's clients look for this very message, then send the document itself
            raise NotFound("PersistedQueryNotFound", hint="the manifest has no document of this hash")
        message = f"no trusted document {_PREFIX}{digest}"
        raise NotFound(message, hint="deploy the manifest of this client first", field="documentId")


NO_TRUSTED_DOCUMENTS = TrustedDocuments({}, only=False)


def trusted_documents(settings: GraphQLSettings) -> TrustedDocuments:
    """The trusted documents the settings ask for.

    Raises:
        BadInput: no manifest, or one that is not `{"sha256": "document"}` or has a wrong hash.
    """
    if settings.trusted_documents == "off":
        return NO_TRUSTED_DOCUMENTS
    if settings.manifest is None:
        message = f"graphql.trusted_documents = {settings.trusted_documents} needs graphql.manifest"
        raise BadInput(message, field="graphql.manifest")
    return TrustedDocuments(read_manifest(settings.manifest), only=settings.trusted_documents == "only")


def read_manifest(path: Path) -> dict[str, str]:
    """The documents of a manifest by lower-case hex SHA-256, each hash checked.

    Raises:
        BadInput: the file cannot be read, is no such manifest, or a hash is not its document's.
    """
    try:
        manifest = json.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", field="graphql.manifest") from None
    except ValueError as error:
        raise BadInput(f"{path} is not valid JSON: {error}", field="graphql.manifest") from None
    if not isinstance(manifest, dict):
        raise BadInput(f"{path}: expected an object of documents by hash", field="graphql.manifest")
    documents = {}
    for name, text in manifest.items():
        digest = name.removeprefix(_PREFIX).lower()
        if not isinstance(text, str) or hashlib.sha256(text.encode()).hexdigest() != digest:
            raise BadInput(f"{path}: {name} is not the SHA-256 of its document", field="graphql.manifest")
        documents[digest] = text
    return documents


def _digest(query: str | None, document_id: str | None, extensions: Mapping[str, Any] | None) -> str | None:
    if document_id is not None:
        if query is not None:
            raise BadInput("send either documentId or query, not both", field="documentId")
        if not document_id.startswith(_PREFIX):
            raise BadInput('documentId has to begin with "sha256:"', field="documentId")
        return document_id.removeprefix(_PREFIX).lower()
    persisted = (extensions or {}).get("persistedQuery")
    if persisted is None:
        return None
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(digest, str):
        raise BadInput("persistedQuery needs a text sha256Hash", field="extensions.persistedQuery")
    return digest.lower()
