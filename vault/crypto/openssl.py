"""The backend `openssl`: pyca/cryptography, which brings its own OpenSSL."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from stratumiops.vault.crypto import classical
from stratumiops.vault.crypto.port import ML_DSA, Aead, Decapsulate, Encapsulated, KeyPair, Sign
from stratumiops.vault.crypto.primitives import Primitives, aead_key, short_context
from stratumiops.vault.errors import BadRequest

_Dsa = mldsa.MLDSA44PrivateKey | mldsa.MLDSA65PrivateKey | mldsa.MLDSA87PrivateKey
_DsaPublic = mldsa.MLDSA44PublicKey | mldsa.MLDSA65PublicKey | mldsa.MLDSA87PublicKey
_Kem = mlkem.MLKEM768PrivateKey | mlkem.MLKEM1024PrivateKey
_KemPublic = mlkem.MLKEM768PublicKey | mlkem.MLKEM1024PublicKey

_AEADS: Final[dict[str, type[AESGCM | ChaCha20Poly1305]]] = {
    "aes128-gcm96": AESGCM,
    "aes256-gcm96": AESGCM,
    "chacha20-poly1305": ChaCha20Poly1305,
}
_DSA_PRIVATE: Final[dict[str, type[_Dsa]]] = {
    "ml-dsa-44": mldsa.MLDSA44PrivateKey,
    "ml-dsa-65": mldsa.MLDSA65PrivateKey,
    "ml-dsa-87": mldsa.MLDSA87PrivateKey,
}
_DSA_PUBLIC: Final[dict[str, type[_DsaPublic]]] = {
    "ml-dsa-44": mldsa.MLDSA44PublicKey,
    "ml-dsa-65": mldsa.MLDSA65PublicKey,
    "ml-dsa-87": mldsa.MLDSA87PublicKey,
}
_KEM_PRIVATE: Final[dict[str, type[_Kem]]] = {
    "ml-kem-768": mlkem.MLKEM768PrivateKey,
    "ml-kem-1024": mlkem.MLKEM1024PrivateKey,
}
_KEM_PUBLIC: Final[dict[str, type[_KemPublic]]] = {
    "ml-kem-768": mlkem.MLKEM768PublicKey,
    "ml-kem-1024": mlkem.MLKEM1024PublicKey,
}


class OpenSSL(Primitives):
    """AES-GCM, ChaCha20-Poly1305, RSA, ECDSA, Ed25519, ML-DSA and ML-KEM-768 and -1024."""

    name = "openssl"

    def generate(self, algorithm: str) -> KeyPair:
        """A new pair of keys."""
        if algorithm in _DSA_PRIVATE:
            private = _DSA_PRIVATE[algorithm].generate().private_bytes_raw()
        elif algorithm in _KEM_PRIVATE:
            private = _KEM_PRIVATE[algorithm].generate().private_bytes_raw()
        elif algorithm in classical.SIGNATURES:
            private = classical.generated(algorithm)
        else:
            return super().generate(algorithm)
        return KeyPair(algorithm, self.public(algorithm, private), private)

    def public(self, algorithm: str, private: bytes) -> bytes:
        """The public key of a private one."""
        if algorithm in _DSA_PRIVATE:
            return _dsa(algorithm, private).public_key().public_bytes_raw()
        if algorithm in _KEM_PRIVATE:
            return _kem(algorithm, private).public_key().public_bytes_raw()
        if algorithm in classical.SIGNATURES:
            return classical.public_bytes(classical.private_key(algorithm, private))
        return super().public(algorithm, private)

    def signer(self, algorithm: str, private: bytes) -> Sign:
        """`sign` by one key, read once."""
        if algorithm in _DSA_PRIVATE:
            key = _dsa(algorithm, private)
            return lambda message, context=b"": key.sign(message, short_context(algorithm, context))
        if algorithm in classical.SIGNATURES:
            return classical.signer(algorithm, private)
        return super().signer(algorithm, private)

    def verify(self, algorithm: str, public: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
        """Whether a signature is good."""
        if algorithm in classical.SIGNATURES:
            return classical.verified(algorithm, public, message, signature, context)
        if algorithm not in ML_DSA:
            return super().verify(algorithm, public, message, signature, context)
        short_context(algorithm, context)
        try:
            _DSA_PUBLIC[algorithm].from_public_bytes(public).verify(signature, message, context)
        except InvalidSignature:
            return False
        except ValueError:
            raise BadRequest(f"malformed public key of {algorithm}") from None
        return True

    def aead(self, algorithm: str, key: bytes) -> Aead:
        """`encrypt` and `decrypt` by one key."""
        kind = _AEADS.get(algorithm)
        return super().aead(algorithm, key) if kind is None else kind(aead_key(algorithm, key))

    def encapsulate(self, algorithm: str, public: bytes) -> Encapsulated:
        """A shared secret for the owner of a key."""
        if algorithm not in _KEM_PUBLIC:
            return super().encapsulate(algorithm, public)
        try:
            secret, ciphertext = _KEM_PUBLIC[algorithm].from_public_bytes(public).encapsulate()
        except ValueError:
            raise BadRequest(f"malformed public key of {algorithm}") from None
        return Encapsulated(ciphertext, secret)

    def decapsulator(self, algorithm: str, private: bytes) -> Decapsulate:
        """`decapsulate` by one key, read once."""
        if algorithm not in _KEM_PRIVATE:
            return super().decapsulator(algorithm, private)
        key = _kem(algorithm, private)

        def decapsulate(ciphertext: bytes) -> bytes:
            try:
                return key.decapsulate(ciphertext)
            except ValueError:
                raise BadRequest(f"malformed ciphertext of {algorithm}") from None

        return decapsulate


def _dsa(algorithm: str, private: bytes) -> _Dsa:
    try:
        return _DSA_PRIVATE[algorithm].from_seed_bytes(private)
    except ValueError:
        raise BadRequest(f"a private key of {algorithm} is a seed of 32 bytes") from None


def _kem(algorithm: str, private: bytes) -> _Kem:
    try:
        return _KEM_PRIVATE[algorithm].from_seed_bytes(private)
    except ValueError:
        raise BadRequest(f"a private key of {algorithm} is a seed of 64 bytes") from None
