"""The vectors of PyPI's `cryptography-vectors` through the API: keys are imported, then used."""

import re
from functools import cache
from itertools import islice

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from stratumiops.vault.engines.transit.backend import TransitBackend
from stratumiops.vault.errors import BadRequest

from ..crypto.backends import installed  # noqa: TID252 - backends, or a skipped test
from ..crypto.vectors import ROOT, records  # noqa: TID252 - and their vectors
from ..mounted import Mounted, mounted  # noqa: TID252 - the harness of all engines
from .conftest import b64, imported, unb64

pytestmark = pytest.mark.timeout(900)
"""The first test that needs liboqs builds it."""

HASHES = {f"SHA{bits}": f"sha2-{bits}" for bits in (224, 256, 384, 512)} | {"SHA1": "sha1"}
CURVES = {
    "P-256": ("ecdsa-p256", ec.SECP256R1()), "P-384": ("ecdsa-p384", ec.SECP384R1()),
    "P-521": ("ecdsa-p521", ec.SECP521R1()),
}  # fmt: skip


def pem(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def pkcs8(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("bits", [128, 256])
async def test_aes_gcm(lasting: Mounted, bits: int) -> None:
    done = 0
    for number, one in enumerate(records(f"ciphers/AES/GCM/gcmDecrypt{bits}.rsp")):
        if (one["IVlen"], one["Taglen"]) != ("96", "128") or number % 12:
            continue
        name = f"gcm-{bits}-{number}"
        await imported(lasting, name, f"aes{bits}-gcm96", bytes.fromhex(one["Key"]))
        body = bytes.fromhex(one["IV"] + one["CT"] + one["Tag"])
        data = {"ciphertext": f"vault:v1:{b64(body)}", "associated_data": b64(bytes.fromhex(one["AAD"]))}
        if "FAIL" in one:
            with pytest.raises(BadRequest, match="authentication failed"):
                await lasting.write(f"decrypt/{name}", **data)
        else:
            opened = await lasting.write(f"decrypt/{name}", **data)
            assert unb64(opened["plaintext"]).hex() == one["PT"]
        done += 1
    assert done >= 30


async def test_chacha20_poly1305(lasting: Mounted) -> None:
    for number, one in enumerate(records("ciphers/ChaCha20Poly1305/openssl.txt")):
        if len(one["IV"]) != 24 or len(one["Tag"]) != 32:
            continue
        await imported(lasting, f"chacha-{number}", "chacha20-poly1305", bytes.fromhex(one["Key"]))
        body = bytes.fromhex(one["IV"] + one["Ciphertext"] + one["Tag"])
        data = {"ciphertext": f"vault:v1:{b64(body)}", "associated_data": b64(bytes.fromhex(one.get("AAD", "")))}
        if one.get("Result"):
            with pytest.raises(BadRequest, match="authentication failed"):
                await lasting.write(f"decrypt/chacha-{number}", **data)
        else:
            opened = await lasting.write(f"decrypt/chacha-{number}", **data)
            assert unb64(opened["plaintext"]).hex() == one["Plaintext"].lower()


async def test_ecdsa(lasting: Mounted) -> None:
    done = 0
    for number, one in enumerate(records("asymmetric/ECDSA/FIPS_186-3/SigVer.rsp")):
        curve, _, hash_name = one["section"].partition(",")
        if curve not in CURVES or number % 3:
            continue
        kind, parameters = CURVES[curve]
        try:
            key = ec.EllipticCurvePublicNumbers(int(one["Qx"], 16), int(one["Qy"], 16), parameters).public_key()
        except ValueError:
            assert one["Result"].startswith("F")
            continue
        await lasting.write(f"keys/ecdsa-{number}/import", type=kind, public_key=pem(key))
        signature = encode_dss_signature(int(one["R"], 16), int(one["S"], 16))
        found = await lasting.write(
            f"verify/ecdsa-{number}", input=b64(bytes.fromhex(one["Msg"])), signature=f"vault:v1:{b64(signature)}",
            hash_algorithm=HASHES[hash_name.replace("-", "")],
        )  # fmt: skip
        assert found == {"valid": one["Result"].startswith("P")}
        done += 1
    assert done >= 50


@pytest.mark.parametrize(("path", "scheme"), [("SigVerPSS_186-3", "pss"), ("SigVer15_186-3", "pkcs1v15")])
async def test_rsa_signatures(lasting: Mounted, path: str, scheme: str) -> None:
    modulus, done = 0, 0
    for number, one in enumerate(records(f"asymmetric/RSA/FIPS_186-2/{path}.rsp")):
        modulus = int(one["n"], 16) if "n" in one else modulus
        if "Msg" not in one or int(one["mod"]) < 2048 or number % 2:
            continue
        key = rsa.RSAPublicNumbers(int(one["e"], 16), modulus).public_key()
        name = f"rsa-{scheme}-{number}"
        await lasting.write(f"keys/{name}/import", type=f"rsa-{one['mod']}", public_key=pem(key))
        found = await lasting.write(
            f"verify/{name}", input=b64(bytes.fromhex(one["Msg"])), hash_algorithm=HASHES[one["SHAAlg"]],
            signature=f"vault:v1:{b64(bytes.fromhex(one['S']))}", signature_algorithm=scheme,
        )  # fmt: skip
        assert found == {"valid": one["Result"].startswith("P")}, one["Result"]
        done += 1
    assert done >= 40


async def test_rsa_oaep(lasting: Mounted) -> None:
    text = (ROOT / "asymmetric/RSA/oaep-custom/oaep-sha256-sha256.txt").read_text(encoding="ascii")
    done = 0
    for number, example in enumerate(re.split(r"# =====+\n", text)):
        fields = dict(re.findall(r"# ([^\n]+):\n([0-9a-f]+)\n", example))
        if len(fields.get("Modulus", "")) != 512:
            continue
        p, q, d = (int(fields[name], 16) for name in ("Prime 1", "Prime 2", "Exponent"))
        public = rsa.RSAPublicNumbers(int(fields["Public exponent"], 16), int(fields["Modulus"], 16))
        computed = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
        await imported(
            lasting,
            f"oaep-{number}",
            "rsa-2048",
            pkcs8(rsa.RSAPrivateNumbers(p, q, d, *computed, public).private_key()),
        )
        for message, sealed in re.findall(r"# Message:\n([0-9a-f]*)\n# Encryption:\n([0-9a-f]+)", example):
            body = b64(bytes.fromhex(sealed))
            opened = await lasting.write(f"decrypt/oaep-{number}", ciphertext=f"vault:v1:{body}")
            assert unb64(opened["plaintext"]).hex() == message
            done += 1
    assert done >= 6


async def test_ed25519(lasting: Mounted) -> None:
    lines = (ROOT / "asymmetric/Ed25519/sign.input").read_text(encoding="ascii").splitlines()
    for number, line in enumerate(lines[::40]):
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        key = ed25519.Ed25519PrivateKey.from_private_bytes(secret[:32])
        await imported(lasting, f"ed-{number}", "ed25519", pkcs8(key))
        shown = await lasting.read(f"keys/ed-{number}")
        assert shown["keys"]["1"]["public_key"] == b64(public)
        found = await lasting.write(f"sign/ed-{number}", input=b64(message))
        assert found["signature"] == f"vault:v1:{b64(signed[:64])}"


async def test_hmac(lasting: Mounted) -> None:
    done = 0
    for bits in (224, 256, 384, 512):
        for number, one in enumerate(records(f"HMAC/rfc-4231-sha{bits}.txt")):
            key = bytes.fromhex(one["Key"])
            if len(key) < 32:
                continue
            await imported(lasting, f"hmac-{bits}-{number}", "hmac", key)
            message = b64(bytes.fromhex(one["Msg"]))
            found = await lasting.write(f"hmac/hmac-{bits}-{number}/sha2-{bits}", input=message)
            assert unb64(found["hmac"].split(":")[2]).hex() == one["MD"]
            done += 1
    assert done >= 8


@pytest.mark.parametrize(
    ("path", "name"),
    [*((f"SHA2/SHA{bits}ShortMsg", f"sha2-{bits}") for bits in (224, 256, 384, 512)),
     *((f"SHA3/SHA3_{bits}ShortMsg", f"sha3-{bits}") for bits in (224, 256, 384, 512))],
)  # fmt: skip
async def test_hashes(lasting: Mounted, path: str, name: str) -> None:
    for one in islice(records(f"hashes/{path}.rsp"), 1, 60, 4):
        found = await lasting.write(f"hash/{name}", input=b64(bytes.fromhex(one["Msg"])[: int(one["Len"]) // 8]))
        assert found["sum"] == one["MD"]


@pytest.mark.parametrize("number", [44, 65, 87])
@pytest.mark.parametrize("backend", ["openssl", "oqs"])
async def test_ml_dsa(number: int, backend: str) -> None:
    engine = with_backend(backend)
    for count, one in enumerate(islice(records(f"asymmetric/MLDSA/kat_MLDSA_{number}_det_pure.rsp"), 8)):
        message, context = bytes.fromhex(one["msg"]), bytes.fromhex(one["ctx"])
        signature = bytes.fromhex(one["sm"])[: -len(message)]
        await imported(engine, f"{number}-{count}", f"ml-dsa-{number}", bytes.fromhex(one["xi"]))
        shown = await engine.read(f"keys/{number}-{count}")
        assert unb64(shown["keys"]["1"]["public_key"]).hex() == one["pk"]
        asked = {"input": b64(message), "context": b64(context)}
        given = await engine.write(f"verify/{number}-{count}", signature=f"vault:v1:{b64(signature)}", **asked)
        own = await engine.write(f"sign/{number}-{count}", **asked)
        again = await engine.write(f"verify/{number}-{count}", signature=own["signature"], **asked)
        assert given == again == {"valid": True}
        without = await engine.write(f"verify/{number}-{count}", input=b64(message), signature=own["signature"])
        assert without == {"valid": False}


@pytest.mark.parametrize("number", [512, 768, 1024])
async def test_ml_kem(number: int) -> None:
    engine = with_backend("oqs" if number == 512 else "openssl")
    for count, one in enumerate(islice(records(f"asymmetric/MLKEM/kat_MLKEM_{number}.rsp"), 8)):
        await imported(engine, f"{number}-{count}", f"ml-kem-{number}", bytes.fromhex(one["d"] + one["z"]))
        shown = await engine.read(f"keys/{number}-{count}")
        assert unb64(shown["keys"]["1"]["public_key"]).hex() == one["pk"]
        for sealed, secret in (("ct", "ss"), ("ct_n", "ss_n")):
            body = b64(bytes.fromhex(one[sealed]))
            found = await engine.write(f"decapsulate/{number}-{count}", ciphertext=f"vault:v1:{body}")
            assert unb64(found["shared_secret"]).hex() == one[secret]
        made = await engine.write(f"encapsulate/{number}-{count}")
        found = await engine.write(f"decapsulate/{number}-{count}", ciphertext=made["ciphertext"])
        assert found["shared_secret"] == made["shared_secret"]


@cache
def with_backend(name: str) -> Mounted:
    return mounted(TransitBackend, "transit/", crypto=installed(name))
