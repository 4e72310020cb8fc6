"""The form of a backup: that of Vault and OpenBao, so that keys can be taken along from there, and back.

Numbers of any size stand in it as JSON numbers, so it is read and written by the standard library.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from stratumiops.vault.clock import ZERO, rfc3339
from stratumiops.vault.crypto import classical
from stratumiops.vault.crypto.port import AEAD_KEYS, ECDSA, ED25519, RSA_BITS, Crypto
from stratumiops.vault.engines.transit import material
from stratumiops.vault.engines.transit.encoding import decoded, encoded
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.engines.transit.kinds import HMAC, KINDS
from stratumiops.vault.errors import BadRequest

_NUMBERS: Final = {
    "aes256-gcm96": 0, "ecdsa-p256": 1, ED25519: 2, "rsa-2048": 3, "rsa-4096": 4, "chacha20-poly1305": 5,
    "ecdsa-p384": 6, "ecdsa-p521": 7, "aes128-gcm96": 8, "rsa-3072": 9, HMAC: 10,
}  # fmt: skip
_TYPES: Final[dict[Any, str]] = {number: name for name, number in _NUMBERS.items()}
_HKDF: Final = 1
_CONVERGENT: Final = 3
_SAME: Final = (
    "derived", "convergent_encryption", "exportable", "min_decryption_version", "min_encryption_version",
    "latest_version", "min_available_version", "deletion_allowed", "allow_plaintext_backup", "soft_deleted",
)  # fmt: skip
_NONE: Final = {"key": None, "hmac_key": None, "time": ZERO, "public_key": "", "creation_time": 0}
_BAD: Final = "the backup is not one of a transit key"


def written(key: Key, versions: Mapping[int, Version]) -> str:
    """A key with all its versions, as one text."""
    records = {number: _record(key, version) for number, version in versions.items()}
    live = {str(number): record for number, record in records.items() if number >= key.min_decryption_version}
    policy = {name: getattr(key, name) for name in _SAME} | {
        "name": key.name, "type": _NUMBERS.get(key.type, key.type), "kdf": _HKDF if key.derived else 0,
        "convergent_version": -1 if key.convergent_encryption else 0, "key_size": key.key_size, "keys": live,
        "archive_version": key.latest_version, "archive_min_version": 0, "backup_info": key.backup_info,
        "restore_info": key.restore_info, "version_template": "", "storage_prefix": "", "Imported": key.imported_key,
        "auto_rotate_period": key.auto_rotate_period * 1_000_000_000, "AllowImportedKeyRotation": key.allow_rotation,
    }  # fmt: skip
    archived = [records.get(number, _NONE) for number in range(key.latest_version + 1)]
    text = json.dumps({"policy": policy, "archived_keys": {"keys": archived}})
    return encoded(text.encode())


def read(crypto: Crypto, text: str, name: str) -> tuple[Key, dict[int, Version]]:
    """The inverse of `written`; `name`, when given, replaces the key's own.

    Raises:
        BadRequest: it is no backup of a key.
    """
    try:
        whole = json.loads(decoded(text))
        policy = whole["policy"]
        key = _key(policy, name)
        records = dict(enumerate(whole["archived_keys"]["keys"])) if whole.get("archived_keys") else {}
        records |= {int(number): record for number, record in policy["keys"].items()}
        kept = {number: records[number] for number in _kept(key)}
        if key.convergent_encryption and any(one["convergent_version"] != _CONVERGENT for one in kept.values()):
            raise BadRequest(f"only version {_CONVERGENT} of convergent encryption can be restored")
        versions = {number: _version(crypto, key.type, record) for number, record in kept.items()}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise BadRequest(_BAD) from None
    key.latest_created = versions[key.latest_version].created
    return key, versions


def _key(policy: Mapping[str, Any], name: str) -> Key:
    number = policy["type"]
    key_type = number if number in KINDS else _TYPES[number]
    settings: dict[str, Any] = {one: policy.get(one) or 0 for one in _SAME if one.endswith("_version")}
    flags: dict[str, Any] = {one: policy.get(one) is True for one in _SAME if one not in settings}
    if not all(isinstance(value, int) and 0 <= value < 1 << 31 for value in settings.values()):
        raise ValueError(_BAD)
    if policy.get("kdf") not in ((_HKDF,) if flags["derived"] else (0, None, _HKDF)):
        raise BadRequest("only keys derived by HKDF can be restored")
    key = Key(name or str(policy["name"]), key_type, **settings, **flags)
    key.imported_key, key.allow_rotation = (
        policy.get("Imported") is True,
        policy.get("AllowImportedKeyRotation") is True,
    )
    key.auto_rotate_period = int(policy.get("auto_rotate_period") or 0) // 1_000_000_000
    key.key_size = int(policy.get("key_size") or 0)
    key.min_decryption_version = max(1, key.min_decryption_version)
    key.backup_info = policy.get("backup_info") if isinstance(policy.get("backup_info"), dict) else None
    return key


def _kept(key: Key) -> range:
    if key.latest_version < key.oldest or key.latest_version - key.oldest > 100_000:
        raise ValueError(_BAD)
    return range(key.oldest, key.latest_version + 1)


def _record(key: Key, version: Version) -> dict[str, Any]:
    record: dict[str, Any] = {
        "key": None, "hmac_key": encoded(version.hmac_key), "time": rfc3339(version.created), "ec_x": None,
        "ec_y": None, "ec_d": None, "rsa_key": None, "rsa_public_key": None, "public_key": "",
        "convergent_version": _CONVERGENT if key.convergent_encryption else 0, "certificate_chain": None,
        "creation_time": int(version.created),
    }  # fmt: skip
    if key.type in RSA_BITS:
        record |= _rsa(key, version)
    elif key.type in ECDSA:
        record |= _ecdsa(key, version)
    elif key.type == ED25519:
        whole = encoded(version.private + version.public) if version.private else None
        record |= {"key": whole, "public_key": encoded(version.public)}
    else:
        record |= {"key": encoded(version.private), "public_key": encoded(version.public)}
    return record


def _rsa(key: Key, version: Version) -> dict[str, Any]:
    if not version.private:
        public = material.rsa_public(key, version).public_numbers()
        return {"rsa_public_key": {"N": public.n, "E": public.e}}
    numbers = material.rsa_private(key, version).private_numbers()
    public = numbers.public_numbers
    computed = {"Dp": numbers.dmp1, "Dq": numbers.dmq1, "Qinv": numbers.iqmp, "CRTValues": []}
    primes = [numbers.p, numbers.q]
    return {"rsa_key": {"N": public.n, "E": public.e, "D": numbers.d, "Primes": primes, "Precomputed": computed}}


def _ecdsa(key: Key, version: Version) -> dict[str, Any]:
    public = material.public_key(key, version, b"")
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise TypeError(_BAD)
    numbers = public.public_numbers()
    record: dict[str, Any] = {"ec_x": numbers.x, "ec_y": numbers.y, "public_key": material.public_pem(key, version)}
    if version.private:
        private = material.private_key(key, version, b"")
        if isinstance(private, ec.EllipticCurvePrivateKey):
            record["ec_d"] = private.private_numbers().private_value
    return record


def _version(crypto: Crypto, key_type: str, record: Mapping[str, Any]) -> Version:
    created = _instant(record)
    hmac_key = decoded(record["hmac_key"])
    if key_type in AEAD_KEYS or key_type == HMAC:
        private = decoded(record["key"])
        if key_type in AEAD_KEYS and len(private) != AEAD_KEYS[key_type]:
            raise ValueError(_BAD)
        return Version(created, private, b"", hmac_key)
    if key_type in (*RSA_BITS, *ECDSA):
        key = _rsa_of(record) if key_type in RSA_BITS else _ecdsa_of(key_type, record)
        if not classical.fits(key_type, key):
            raise ValueError(_BAD)
        private = classical.private_bytes(key) if isinstance(key, classical.PrivateKey) else b""
        return Version(created, private, classical.public_bytes(key), hmac_key)
    if record.get("key") is None:
        public = classical.public_bytes(classical.public_key(key_type, decoded(record["public_key"])))
        return Version(created, b"", public, hmac_key)
    private = decoded(record["key"])
    if key_type == ED25519:
        private = private[:32]
        return Version(created, private, material.backend(crypto, key_type).public(key_type, private), hmac_key)
    made = material.imported(crypto, key_type, private, created)
    return Version(created, made.private, made.public, hmac_key)


def _rsa_of(record: Mapping[str, Any]) -> rsa.RSAPrivateKey | rsa.RSAPublicKey:
    given = record.get("rsa_key")
    if given is None:
        public = record["rsa_public_key"]
        return rsa.RSAPublicNumbers(public["E"], public["N"]).public_key()
    p, q = given["Primes"]
    d = given["D"]
    public_numbers = rsa.RSAPublicNumbers(given["E"], given["N"])
    computed = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *computed, public_numbers).private_key()


def _ecdsa_of(key_type: str, record: Mapping[str, Any]) -> ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey:
    public = ec.EllipticCurvePublicNumbers(record["ec_x"], record["ec_y"], classical.CURVES[key_type]())
    if record.get("ec_d") is None:
        return public.public_key()
    return ec.EllipticCurvePrivateNumbers(record["ec_d"], public).private_key()


def _instant(record: Mapping[str, Any]) -> float:
    text = str(record.get("time") or ZERO)
    if text == ZERO:
        return float(record.get("creation_time") or 0)
    whole, _, part = text.removesuffix("Z").partition(".")
    at = datetime.fromisoformat(whole)
    return at.replace(tzinfo=at.tzinfo or UTC).timestamp() + float(f"0.{part or 0}")
