"""Key usages, extended key usages and policies by the names that clients use."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from stratumiops.vault.engines.pki import keys
from stratumiops.vault.errors import BadRequest

_USAGES: Final = {
    "digitalsignature": "digital_signature", "contentcommitment": "content_commitment",
    "nonrepudiation": "content_commitment", "keyencipherment": "key_encipherment",
    "dataencipherment": "data_encipherment", "keyagreement": "key_agreement", "certsign": "key_cert_sign",
    "crlsign": "crl_sign", "encipheronly": "encipher_only", "decipheronly": "decipher_only",
}  # fmt: skip
_EXTENDED: Final = {
    "any": ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    "serverauth": ExtendedKeyUsageOID.SERVER_AUTH,
    "clientauth": ExtendedKeyUsageOID.CLIENT_AUTH,
    "codesigning": ExtendedKeyUsageOID.CODE_SIGNING,
    "emailprotection": ExtendedKeyUsageOID.EMAIL_PROTECTION,
    "timestamping": ExtendedKeyUsageOID.TIME_STAMPING,
    "ocspsigning": ExtendedKeyUsageOID.OCSP_SIGNING,
    "ipsecendsystem": x509.ObjectIdentifier("1.3.6.1.5.5.7.3.5"),
    "ipsectunnel": x509.ObjectIdentifier("1.3.6.1.5.5.7.3.6"),
    "ipsecuser": x509.ObjectIdentifier("1.3.6.1.5.5.7.3.7"),
    "microsoftservergatedcrypto": x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.3"),
    "netscapeservergatedcrypto": x509.ObjectIdentifier("2.16.840.1.113730.4.1"),
    "microsoftcommercialcodesigning": x509.ObjectIdentifier("1.3.6.1.4.1.311.2.1.22"),
    "microsoftkernelcodesigning": x509.ObjectIdentifier("1.3.6.1.4.1.311.61.1.1"),
}


def key_usage(names: Iterable[str], *, extra: Iterable[str] = ()) -> x509.KeyUsage | None:
    """The extension; names that are unknown say nothing. None: no usage is left."""
    wanted = {_USAGES[name.lower()] for name in names if name.lower() in _USAGES} | set(extra)
    if "key_agreement" not in wanted:
        wanted -= {"encipher_only", "decipher_only"}
    return _usage(wanted)


def for_key(usage: x509.KeyUsage | None, key: keys.PublicKey) -> x509.KeyUsage | None:
    """Without what such a key cannot do: an ML-DSA key only signs (RFC 9881, 5)."""
    if usage is None or not isinstance(key, keys.MlDsaPublic):
        return usage
    wanted = {"digital_signature", "content_commitment", "key_cert_sign", "crl_sign"}
    return _usage({name for name in wanted if getattr(usage, name)})


def _usage(wanted: set[str]) -> x509.KeyUsage | None:
    if not wanted:
        return None
    return x509.KeyUsage(**{name: name in wanted for name in set(_USAGES.values())})


def extended(names: Iterable[str], oids: Iterable[str] = ()) -> x509.ExtendedKeyUsage | None:
    """The extension; names that are unknown say nothing.

    Raises:
        BadRequest: an OID is none.
    """
    wanted = [_EXTENDED[name.lower()] for name in names if name.lower() in _EXTENDED]
    wanted += [oid(one, f'"{one}" could not be parsed as a valid oid for an extended key usage') for one in oids]
    return x509.ExtendedKeyUsage(list(dict.fromkeys(wanted))) if wanted else None


def oid(text: str, error: str) -> x509.ObjectIdentifier:
    """An object identifier.

    Raises:
        BadRequest: it is none; with this text.
    """
    try:
        return x509.ObjectIdentifier(text.strip())
    except ValueError:
        raise BadRequest(error) from None


def policy_texts(given: Any) -> list[str]:
    """The policies of a request, each an OID or a JSON object as text, checked.

    Raises:
        BadRequest: one is neither.
    """
    if isinstance(given, str):
        stripped = given.strip()
        given = _json(stripped) if stripped[:1] == "[" else [stripped] if stripped[:1] == "{" else stripped.split(",")
    if not isinstance(given, list) or not all(isinstance(one, str) or _is_policy(one) for one in given):
        raise BadRequest("policy_identifiers must be a list of OIDs, or of objects of oid, cps and notice")
    texts = [one.strip() if isinstance(one, str) else orjson.dumps(one).decode() for one in given if one != ""]
    policies(texts)
    return texts


def policies(texts: Sequence[str]) -> x509.CertificatePolicies | None:
    """The extension of checked policies."""
    if not texts:
        return None
    return x509.CertificatePolicies([_policy(text) for text in texts])


def _policy(text: str) -> x509.PolicyInformation:
    given = _json(text) if text[:1] == "{" else {"oid": text}
    if not _is_policy(given):
        raise BadRequest("a policy identifier is an OID, or an object of oid, cps and notice")
    name = given.get("oid", "")
    identifier = oid(name, f'policy identifier "{name}" is not a valid OID')
    qualifiers: list[str | x509.UserNotice] = [given["cps"]] if given.get("cps") else []
    if given.get("notice"):
        qualifiers.append(x509.UserNotice(None, given["notice"]))
    return x509.PolicyInformation(identifier, qualifiers or None)


def _is_policy(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(value, str) for value in given.values())


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadRequest("policy_identifiers could not be parsed as JSON") from None
