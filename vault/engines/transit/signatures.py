"""`sign`, `verify` and `hmac`."""

import hmac
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.transit import batch, digests, material, signing
from stratumiops.vault.engines.transit.encoding import decoded, encoded, parted, rendered, strict
from stratumiops.vault.engines.transit.key import Key
from stratumiops.vault.engines.transit.keyring import Keyring
from stratumiops.vault.engines.transit.signing import Options
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

_UNDECODED: Final = "unable to decode input as base64: "
_HMAC_UNDECODED: Final = "unable to decode verification HMAC as base64: illegal base64 data"
_OLD: Final = "version is too old (disallowed by policy)"


class Signatures:
    """Routes that sign and verify."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def routes(self) -> Iterator[Route]:
        """Its routes; the hash may be named in the path."""
        for suffix in ("", "/{algorithm}"):
            yield Route("sign/{name}" + suffix, write=self._sign)
            yield Route("verify/{name}" + suffix, write=self._verify)
            yield Route("hmac/{name}" + suffix, write=self._hmac)

    async def _sign(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        how = signing.options(fields, match.get("algorithm", ""))
        items = batch.items(request.data)
        key = await self._keys.use(match["name"], "signing key not found")
        if not key.kind.signing:
            raise BadRequest(f"key type {key.type} does not support signing")
        if items is None:
            return Response(await self._signed(key, how, request.data))
        one = partial(self._signed_of_batch, key, how, fields.integer("key_version"))
        return await batch.answered(items, one, {"key_version": 0})

    async def _signed(self, key: Key, how: Options, item: Mapping[str, Any]) -> dict[str, Any]:
        fields = Fields(item)
        message = decoded(fields.text("input"), _UNDECODED)
        number = key.version_for("signing", fields.integer("key_version"))
        version = key.versions.get(number) or await self._keys.version(key, number)
        context = _context(fields)
        text = signing.sign(self._keys.crypto, key, version, message, context, how)
        answer = {"signature": f"vault:v{number}:{text}", "key_version": number}
        if key.derived:
            answer["public_key"] = encoded(material.public_raw(key, version, context))
        return answer

    async def _signed_of_batch(self, key: Key, how: Options, number: int, item: Mapping[str, Any]) -> dict[str, Any]:
        if item.get("input") is None:
            raise BadRequest("missing input")
        answer = await self._signed(key, how, {**item, "key_version": item.get("key_version") or number})
        if "public_key" in answer:
            answer["publickey"] = answer.pop("public_key")
        return answer

    async def _verify(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        items = batch.items(request.data)
        by_hmac = _by_hmac([request.data] if items is None else items, batched=items is not None)
        algorithm = match.get("algorithm", "")
        how = signing.PLAIN if by_hmac else signing.options(fields, algorithm)
        hash_name = _hash_of_hmac(fields, algorithm) if by_hmac else ""
        key = await self._keys.present(match["name"], "signature verification key not found")
        if not by_hmac and not key.kind.signing:
            raise BadRequest(f"key type {key.type} does not support verification")
        if items is None:
            return Response({"valid": await self._good(key, how, hash_name, request.data)})
        return await batch.answered(items, partial(self._verified, key, how, hash_name), {"valid": False})

    async def _verified(self, key: Key, how: Options, hash_name: str, item: Mapping[str, Any]) -> dict[str, Any]:
        if item.get("input") is None:
            raise BadRequest("missing input")
        return {"valid": await self._good(key, how, hash_name, item)}

    async def _good(self, key: Key, how: Options, hash_name: str, item: Mapping[str, Any]) -> bool:
        fields = Fields(item)
        message = decoded(fields.text("input"), _UNDECODED)
        if hash_name:
            return await self._good_hmac(key, hash_name, message, fields.text("hmac"))
        number, text = parted(fields.text("signature"), "signature")
        key.readable(number, "signature")
        version = key.versions.get(number) or await self._keys.version(key, number)
        return signing.verify(self._keys.crypto, key, version, message, text, _context(fields), how)

    async def _good_hmac(self, key: Key, hash_name: str, message: bytes, text: str) -> bool:
        number, body = parted(text, "HMAC", "invalid HMAC to verify")
        given = strict(body, _HMAC_UNDECODED)
        if number > key.latest_version:
            raise BadRequest("invalid HMAC: version is too new")
        if number < max(key.min_decryption_version, key.oldest):
            raise BadRequest(f"cannot verify HMAC: {_OLD}")
        version = key.versions.get(number) or await self._keys.version(key, number)
        return hmac.compare_digest(given, hmac.digest(version.hmac_key, message, digests.NAMES[hash_name]))

    async def _hmac(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        items = batch.items(request.data)
        key = await self._keys.use(match["name"], "encryption key not found")
        number = fields.integer("key_version") or key.latest_version
        if number > key.latest_version:
            raise BadRequest(f"key version does not exist; latest key version is {key.latest_version}")
        if number < max(key.min_encryption_version, key.min_decryption_version, key.oldest):
            raise BadRequest(f"cannot generate HMAC: {_OLD}")
        version = key.versions.get(number) or await self._keys.version(key, number)
        hash_name = _hash_of_hmac(fields, match.get("algorithm", ""))

        async def one(item: Mapping[str, Any]) -> dict[str, Any]:
            if item.get("input") is None:
                raise BadRequest("missing input for HMAC")
            message = decoded(Fields(item).text("input"), _UNDECODED)
            return {"hmac": rendered(number, hmac.digest(version.hmac_key, message, digests.NAMES[hash_name]))}

        return Response(await one(request.data)) if items is None else await batch.answered(items, one, {})


def _context(fields: Fields) -> bytes:
    return decoded(fields.text("context"), "error decoding context: ") if fields.has("context") else b""


def _by_hmac(items: list[Mapping[str, Any]], *, batched: bool) -> bool:
    """Whether HMACs are to be verified rather than signatures: all of a batch are the one or the other."""
    signed = [bool(item.get("signature")) for item in items]
    macs = [bool(item.get("hmac")) for item in items]
    if any(signed) and any(macs) and not all(signed):
        raise BadRequest("elements of batch_input must all provide 'signature' or all provide 'hmac'")
    if batched and not any(signed) and not any(macs):
        raise BadRequest("no batch_input elements have 'signature' or 'hmac'")
    if not any(signed) and not any(macs):
        raise BadRequest("neither a 'signature' nor an 'hmac' were given to verify")
    for given, name in ((signed, "signature"), (macs, "hmac")):
        if batched and any(given) and not all(given):
            raise BadRequest(f"some elements of batch_input are missing '{name}'")
    return not any(signed)


def _hash_of_hmac(fields: Fields, from_path: str) -> str:
    name = from_path or fields.text("algorithm") or fields.text("hash_algorithm") or digests.DEFAULT
    if name == digests.NONE:
        raise BadRequest("algorithm cannot be none")
    if name not in digests.NAMES:
        raise BadRequest(f"unsupported algorithm '{name}'")
    return name
