"""Signature algorithms by the names under which an issuer's lists are signed."""

from dataclasses import dataclass
from typing import Final

from stratumiops.vault.engines.pki import keys
from stratumiops.vault.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What signs: a type of key, the bits of a hash (for ML-DSA, of the key), and whether RSA pads with PSS."""

    name: str
    type: str
    bits: int = 0
    pss: bool = False


_ALL: Final = {
    one.name.lower(): one
    for one in (
        Algorithm("SHA256WithRSA", "rsa", 256), Algorithm("SHA384WithRSA", "rsa", 384),
        Algorithm("SHA512WithRSA", "rsa", 512), Algorithm("SHA256WithRSAPSS", "rsa", 256, pss=True),
        Algorithm("SHA384WithRSAPSS", "rsa", 384, pss=True), Algorithm("SHA512WithRSAPSS", "rsa", 512, pss=True),
        Algorithm("ECDSAWithSHA256", "ec", 256), Algorithm("ECDSAWithSHA384", "ec", 384),
        Algorithm("ECDSAWithSHA512", "ec", 512), Algorithm("Ed25519", "ed25519"), Algorithm("PureEd25519", "ed25519"),
        Algorithm("MLDSA44", "mldsa", 44), Algorithm("MLDSA65", "mldsa", 65), Algorithm("MLDSA87", "mldsa", 87),
    )
}  # fmt: skip


def algorithm(name: str, private: keys.PrivateKey) -> Algorithm:
    """An algorithm that a key can sign with.

    Raises:
        BadRequest: there is none of this name, or it needs another key.
    """
    found = _ALL.get(name.replace("-", "").lower())
    if found is None:
        raise BadRequest(f"Unknown signature algorithm value: 0 - valid values are {', '.join(sorted(_ALL))}")
    own = keys.kind_of(private)
    if own.type != found.type or (own.type == "mldsa" and own.bits != found.bits):
        raise BadRequest(f"unable to use issuer of type {own.type} to sign with {found.name} key type")
    return found


def usual(private: keys.PrivateKey, bits: int = 0, *, use_pss: bool = False) -> str:
    """The name of the algorithm that a key signs with when nothing else is said."""
    own, digest = keys.kind_of(private), keys.hash_for(private, bits)
    size = own.bits if own.type == "mldsa" else digest.digest_size * 8 if digest else 0
    return next(
        one.name
        for one in _ALL.values()
        if one.type == own.type and one.bits == size and one.pss == (use_pss and own.type == "rsa")
    )
