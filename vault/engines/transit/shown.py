"""A key as it is shown: never a private part."""

from typing import Any

from stratumiops.vault.clock import rfc3339
from stratumiops.vault.crypto.port import ECDSA, RSA_BITS
from stratumiops.vault.engines.transit import material
from stratumiops.vault.engines.transit.encoding import encoded
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.engines.transit.keyring import Keyring
from stratumiops.vault.engines.transit.kinds import HMAC

_AS_KEPT = (
    "allow_plaintext_backup", "auto_rotate_period", "deletion_allowed", "derived", "exportable", "imported_key",
    "latest_version", "min_available_version", "min_decryption_version", "min_encryption_version", "name",
    "soft_deleted", "type",
)  # fmt: skip


async def shown(keys: Keyring, key: Key, context: bytes = b"") -> dict[str, Any]:
    """What reading a key answers; with a context, the public keys that derive from it."""
    kind = key.kind
    data: dict[str, Any] = {name: getattr(key, name) for name in _AS_KEPT}
    data["supports_encryption"] = data["supports_decryption"] = kind.encryption
    data["supports_derivation"], data["supports_signing"] = kind.derivation, kind.signing
    if kind.encapsulation:
        data["supports_encapsulation"] = True
    if key.imported_key:
        data["imported_key_allow_rotation"] = key.allow_rotation
    if key.type == HMAC:
        data["key_size"] = key.key_size
    if key.derived:
        data |= {"kdf": "hkdf_sha256", "convergent_encryption": key.convergent_encryption}
    if key.convergent_encryption:
        data["convergent_encryption_version"] = -1
    for name in ("backup_info", "restore_info"):
        if getattr(key, name) is not None:
            data[name] = getattr(key, name)
    if key.type != HMAC:
        data["keys"] = await _versions(keys, key, context)
    return data


async def _versions(keys: Keyring, key: Key, context: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number in range(max(key.min_decryption_version, key.oldest), key.latest_version + 1):
        version = await keys.version(key, number)
        found[str(number)] = int(version.created) if key.kind.symmetric else _public(key, version, context)
    return found


def _public(key: Key, version: Version, context: bytes) -> dict[str, Any]:
    return {
        "certificate_chain": "",
        "creation_time": rfc3339(version.created),
        "name": key.kind.label,
        "public_key": public_text(key, version, context),
    }


def public_text(key: Key, version: Version, context: bytes) -> str:
    """A public key: PEM of RSA and ECDSA, base64 of all others; of a derived key only with a context."""
    if key.type in (*RSA_BITS, *ECDSA):
        return material.public_pem(key, version)
    if key.derived:
        return encoded(material.public_raw(key, version, context)) if context else ""
    return encoded(version.public)
