"""The types of keys, and what each can do."""

from dataclasses import dataclass
from typing import Final

from stratumiops.vault.crypto.port import AEAD_KEYS, ECDSA, ED25519, ML_DSA, ML_KEM, RSA_BITS
from stratumiops.vault.errors import BadRequest

HYBRID: Final = "hybrid"
HMAC: Final = "hmac"
DEFAULT: Final = "aes256-gcm96"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of key. `label` is what a version of an asymmetric key is called; "": its versions show their times."""

    name: str
    label: str = ""
    encryption: bool = False
    derivation: bool = False
    signing: bool = False
    encapsulation: bool = False

    @property
    def aead(self) -> bool:
        """Whether it encrypts with associated data."""
        return self.name in AEAD_KEYS or self.name == HYBRID

    @property
    def symmetric(self) -> bool:
        """Whether it has no public part."""
        return not self.label


_CURVES: Final = {"ecdsa-p256": "P-256", "ecdsa-p384": "P-384", "ecdsa-p521": "P-521"}

KINDS: Final = {
    kind.name: kind
    for kind in (
        *(Kind(name, encryption=True, derivation=True) for name in AEAD_KEYS),
        *(Kind(name, label=name, encryption=True, signing=True) for name in RSA_BITS),
        *(Kind(name, label=_CURVES[name], signing=True) for name in ECDSA),
        Kind(ED25519, label=ED25519, derivation=True, signing=True),
        Kind(HMAC),
        *(Kind(name, label=name, signing=True) for name in ML_DSA),
        *(Kind(name, label=name, encapsulation=True) for name in ML_KEM),
        Kind(HYBRID, label="x25519-ml-kem-768", encryption=True),
    )
}


def kind(name: str) -> Kind:
    """The type of this name.

    Raises:
        BadRequest: there is none.
    """
    found = KINDS.get(name)
    if found is None:
        raise BadRequest(f"unknown key type {name}")
    return found
