"""What a PKI mount keeps: keys, issuers, and its settings."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.encoding import UNREADABLE, serial_text
from stratumiops.vault.errors import BadRequest

_NAME: Final = re.compile(r"\w(?:[\w.-]*\w)?", re.ASCII)
USAGES: Final = ("crl-signing", "issuing-certificates", "ocsp-signing", "read-only")


@dataclass(frozen=True, slots=True)
class Key:
    """A private key by its id; the name may be ""."""

    id: str
    name: str
    private: keys.PrivateKey = field(repr=False)
    spki: bytes = field(repr=False)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Key":
        """From what is kept."""
        private = keys.load(base64.b64decode(kept["pkcs8"]))
        return cls(kept["id"], kept["name"], private, keys.spki(private.public_key()))

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {"id": self.id, "name": self.name, "pkcs8": base64.b64encode(keys.pkcs8(self.private)).decode()}

    @property
    def type(self) -> str:
        """`rsa`, `ec`, `ed25519` or `mldsa`."""
        return keys.kind_of(self.private).type


@dataclass(frozen=True, slots=True)
class Urls:
    """Where certificates point to: their issuer, its lists of what is revoked, and its OCSP responder."""

    issuing_certificates: tuple[str, ...] = ()
    crl_distribution_points: tuple[str, ...] = ()
    delta_crl_distribution_points: tuple[str, ...] = ()
    ocsp_servers: tuple[str, ...] = ()
    templated: bool = False

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Urls":
        """From what is kept."""
        return cls.of({name: value for name, value in kept.items() if name != "templated"}, templated=kept["templated"])

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[str]], *, templated: bool = False) -> "Urls":
        """From the URLs by the names of their fields."""
        made: dict[str, Any] = {name: tuple(value) for name, value in lists.items()}
        return cls(templated=templated, **made)

    def written(self) -> dict[str, Any]:
        """As it is kept, and shown."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def lists(self) -> dict[str, list[str]]:
        """The URLs by the names of their fields."""
        return {name: value for name, value in self.written().items() if name != "templated"}

    def __bool__(self) -> bool:
        return any(self.lists.values())


@dataclass(frozen=True, slots=True)
class Issuer:
    """A CA certificate. Without a key (`key_id` "") it only belongs to chains; `revoked_at` 0: it is good."""

    id: str
    name: str
    key_id: str
    certificate: x509.Certificate
    usage: frozenset[str] = frozenset(USAGES)
    leaf_not_after_behavior: str = "err"
    manual_chain: tuple[str, ...] = ()
    urls: Urls = field(default_factory=Urls)
    revocation_signature_algorithm: str = ""
    revoked_at: float = 0.0

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Issuer":
        """From what is kept."""
        return cls(
            **{
                **kept,
                "certificate": x509.load_der_x509_certificate(base64.b64decode(kept["certificate"])),
                "usage": frozenset(kept["usage"]),
                "manual_chain": tuple(kept["manual_chain"]),
                "urls": Urls.read(kept["urls"]),
            }
        )

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "id": self.id, "name": self.name, "key_id": self.key_id,
            "certificate": base64.b64encode(self.der).decode(), "usage": sorted(self.usage),
            "leaf_not_after_behavior": self.leaf_not_after_behavior, "manual_chain": self.manual_chain,
            "urls": self.urls.written(), "revocation_signature_algorithm": self.revocation_signature_algorithm,
            "revoked_at": self.revoked_at,
        }  # fmt: skip

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def serial(self) -> str:
        """Its serial number with colons."""
        return serial_text(self.certificate.serial_number)

    @property
    def is_self_signed(self) -> bool:
        """Whether it is a root."""
        return self.certificate.subject == self.certificate.issuer and issued(self.certificate, self.certificate)

    def with_usage(self, usage: frozenset[str]) -> "Issuer":
        """For other uses."""
        return replace(self, usage=usage)


@dataclass(frozen=True, slots=True)
class Defaults:
    """The ids of the default issuer and key, "" for none."""

    issuer: str = ""
    key: str = ""
    follows_latest: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """The URLs under which clients reach this mount."""

    path: str = ""
    aia_path: str = ""


def issued(issuer: x509.Certificate, subject: x509.Certificate) -> bool:
    """Whether one certificate signed another; that the names fit is looked at too."""
    try:
        subject.verify_directly_issued_by(issuer)
    except (*UNREADABLE, InvalidSignature):
        return False
    return True


def checked_name(kind: str, name: str) -> str:
    """A name for an issuer or a key; "" is none.

    Raises:
        BadRequest: it is reserved, or has other characters than letters, digits, `_`, `-` and `.`.
    """
    if name.lower() == "default":
        raise BadRequest(f"reserved keyword 'default' can not be used as {kind} name")
    if name and not _NAME.fullmatch(name):
        raise BadRequest(f"{kind} name contained invalid characters")
    return name
