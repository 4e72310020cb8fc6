"""Requests to the engine and to OpenBao, one after the other; `$name` stands for what an earlier step remembered."""

# ruff: noqa: E501 - a request a line
from dataclasses import dataclass, field
from typing import Any

from stratumiops.vault.request import Operation

READ, WRITE, DELETE, LIST = Operation.READ, Operation.UPDATE, Operation.DELETE, Operation.LIST
DER = "vault:v1:MEUCIQD7++++////++++////++++////++++////++++////AQIgQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
"""A signature in ASN.1 whose base64 has letters that base64url lacks; new ones have them only mostly."""
HELLO = "aGVsbG8="
DIGEST = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
"""SHA-256 of `hello`."""
KEPT_500 = "already exists", "disallowed on the policy"
"""What is a server error on both sides; all other bad input is 400 with us, whatever OpenBao answers."""


@dataclass
class Step:
    operation: Operation
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    remember: dict[str, str] = field(default_factory=dict)
    texts: bool = True
    """Whether the texts of errors are the same too."""


def write(path: str, /, texts: bool = True, remember: dict[str, str] | None = None, **data: Any) -> Step:
    return Step(WRITE, path, data, remember or {}, texts)


def read(path: str, /, texts: bool = True, remember: dict[str, str] | None = None, **data: Any) -> Step:
    return Step(READ, path, data, remember or {}, texts)


KEYS = [
    Step(LIST, "keys"),
    *(write(f"keys/{name}", type=name) for name in (
        "aes256-gcm96", "aes128-gcm96", "chacha20-poly1305", "ed25519", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521",
        "rsa-2048",
    )),
    write("keys/aes256-gcm96", type="rsa-2048"),
    write("keys/d", derived=True),
    write("keys/cv", derived=True, convergent_encryption=True),
    write("keys/edd", type="ed25519", derived=True),
    write("keys/h", type="hmac", key_size=32),
    write("keys/h64", type="hmac", key_size=64, exportable=True),
    *(write("keys/bad", **data) for data in (
        {"type": "nope"}, {"type": 5}, {"type": "hmac"}, {"type": "hmac", "key_size": 31}, {"key_size": 32},
        {"type": "hmac", "key_size": 513}, {"convergent_encryption": True}, {"type": "rsa-2048", "derived": True},
        {"type": "hmac", "key_size": 32, "derived": True}, {"auto_rotate_period": "30m"},
        {"type": "ed25519", "derived": True, "convergent_encryption": True},
    )),
    write("keys/auto", auto_rotate_period="24h"),
    read("keys/d"), read("keys/edd"), read("keys/edd", context=HELLO), read("keys/zz"),
    Step(LIST, "keys"), Step(LIST, "keys/"),
    read("keys"), read("keys/x/rotate"), read("nope"), write("nope/x"), Step(DELETE, "encrypt/x"),
    *(write(f"keys/{name}") for name in ("a$b", "-a", "a.", "a b")),
    write("keys/a.b"),
    Step(DELETE, "keys/a.b"), Step(DELETE, "keys/zz"),
    *(write("keys/a.b/config", **data) for data in (
        {"min_decryption_version": 5}, {"min_decryption_version": -1}, {"min_encryption_version": 5},
        {"min_encryption_version": -1}, {}, {"exportable": True}, {"exportable": False}, {"min_decryption_version": 0},
        {"allow_plaintext_backup": True, "deletion_allowed": True}, {"allow_plaintext_backup": False},
        {"auto_rotate_period": "10m"}, {"auto_rotate_period": 7200}, {"auto_rotate_period": 0},
    )),
    write("keys/zz/config"), write("keys/zz/rotate"), write("keys/zz/trim", min_available_version=1),
    write("keys/a.b/trim", min_available_version=1),
    write("keys/a.b/rotate"), write("keys/a.b/rotate"), write("keys/ecdsa-p256/rotate"), write("keys/h/rotate"),
    *(write("keys/a.b/config", **data) for data in (
        {"min_encryption_version": 1, "min_decryption_version": 2}, {"min_encryption_version": 2},
        {"min_encryption_version": 2, "min_decryption_version": 2}, {"min_encryption_version": 1},
        {"min_decryption_version": 3},
    )),
    write("keys/a.b/trim"),
    *(write("keys/a.b/trim", min_available_version=oldest) for oldest in (9, 3, 2, 1, 0)),
    write("keys/a.b/config", min_decryption_version=1),
    read("keys/a.b"),
    Step(DELETE, "keys/a.b/soft-delete"), write("encrypt/a.b", plaintext=HELLO), write("keys/a.b/rotate"),
    write("keys/a.b/soft-delete-restore"), write("keys/a.b/soft-delete-restore"),
    Step(DELETE, "keys/a.b"), read("keys/a.b"), Step(LIST, "keys"),
]  # fmt: skip

ENCRYPTION = [
    write("keys/a"), write("keys/a/rotate"), write("keys/a/config", min_encryption_version=2),
    write("encrypt/a", plaintext=HELLO, remember={"c": "ciphertext"}),
    write("encrypt/a", plaintext=HELLO, associated_data=HELLO, remember={"ca": "ciphertext"}),
    *(write("encrypt/a", **data) for data in (
        {}, {"plaintext": ""}, {"plaintext": "###"}, {"plaintext": 5}, {"plaintext": HELLO, "key_version": 9},
        {"plaintext": HELLO, "key_version": 1}, {"plaintext": HELLO, "key_version": -1},
        {"plaintext": HELLO, "key_version": "2"}, {"plaintext": HELLO, "nonce": "AAAAAAAAAAAAAAAA"},
        {"plaintext": HELLO, "context": "AAAA"}, {"plaintext": HELLO, "context": "?"}, {"plaintext": "aGVs\nbG8="},
    )),
    write("encrypt/a", texts=False, plaintext=HELLO, associated_data="?"),
    write("encrypt/a", texts=False, plaintext=["x"]), write("encrypt/a", texts=False, plaintext=HELLO, key_version="x"),
    *(write(f"encrypt/{name}", plaintext=HELLO) for name in ("d", "ecdsa-p256", "h", "rsa-2048", "ed25519", "aes128-gcm96")),
    write("encrypt/rsa-2048", plaintext=HELLO, associated_data=HELLO),
    write("encrypt/rsa-2048", texts=False, plaintext="A" * 400),
    write("encrypt/new1", plaintext=HELLO, type="chacha20-poly1305"), read("keys/new1"),
    write("encrypt/new2", plaintext=HELLO, context=HELLO), read("keys/new2"),
    write("encrypt/new3", plaintext=HELLO, context=HELLO, convergent_encryption=True), read("keys/new3"),
    write("encrypt/new4", plaintext=HELLO, convergent_encryption=True),
    write("encrypt/new4", texts=False, plaintext=HELLO, type="rsa-2048"),
    write("encrypt/new4", plaintext=HELLO, type="ecdsa-p256"), write("encrypt/new4", plaintext=HELLO, type="nope"),
    write("encrypt/new5", batch_input=[{"plaintext": HELLO, "context": HELLO}]),
    write("encrypt/new6", batch_input=[{"plaintext": HELLO, "context": HELLO}, {"plaintext": HELLO}]),
    *(write("encrypt/a", texts=False, batch_input=items) for items in (
        [{"plaintext": HELLO, "reference": "r"}, {"plaintext": "##"}, {"plaintext": HELLO, "key_version": 1}],
        [{"plaintext": "##"}], [{"plaintext": HELLO}, {}], [], {}, "x", [5], [{"plaintext": 7}], [{"plaintext": ""}],
    )),
    write("encrypt/a", batch_input=[{"plaintext": HELLO}, {"plaintext": "##"}], partial_failure_response_code=200),
    write("encrypt/a", batch_input=[{"plaintext": "##"}], partial_failure_response_code=200),
    write("encrypt/a", batch_input=[{"plaintext": HELLO}], plaintext=HELLO),
    write("encrypt/d", plaintext=HELLO, context=HELLO, remember={"cd": "ciphertext"}),
    write("encrypt/rsa-2048", plaintext=HELLO, remember={"cr": "ciphertext"}),
    *(write("decrypt/a", ciphertext=text) for text in (
        "$c", "", "hello", "vault:v9:AAAA", "vault:v2:AAAA", "vault:v2:??", "vault:v2:", "vault:v2", "vault:vx:AAAA",
        "vault:v1:AAAA", "vault:v-1:AAAA", "vault:v2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$ca", 5,
    )),
    write("decrypt/a"), write("decrypt/zz", ciphertext="$c"), write("decrypt/a", ciphertext="$ca", associated_data=HELLO),
    write("decrypt/a", ciphertext="$c", associated_data=HELLO),
    write("decrypt/d", ciphertext="$cd"), write("decrypt/d", ciphertext="$cd", context="AAAA"),
    write("decrypt/d", ciphertext="$cd", context=HELLO), write("decrypt/rsa-2048", ciphertext="$cr"),
    write("decrypt/rsa-2048", ciphertext="vault:v1:AAAA"), write("decrypt/ecdsa-p256", ciphertext="$cr"),
    *(write("decrypt/a", batch_input=items) for items in (
        [{"ciphertext": "$c", "reference": "r"}, {"ciphertext": "x"}, {"ciphertext": ""}, {"ciphertext": "vault:v9:AAAA"}],
        [{"ciphertext": "$c"}], [{"ciphertext": "x"}],
    )),
    write("decrypt/a", texts=False, batch_input=[{"ciphertext": "$c"}, {}]),
    write("decrypt/a", batch_input=[{"ciphertext": "$c"}, {"ciphertext": "x"}], partial_failure_response_code=207),
    write("rewrap/a", ciphertext="$c"), write("rewrap/a"), write("rewrap/a", ciphertext="x"),
    write("rewrap/zz", ciphertext="x"), write("rewrap/a", ciphertext="$c", key_version=2),
    write("rewrap/a", ciphertext="$c", key_version=1), write("rewrap/a", ciphertext="$ca"),
    write("rewrap/a", batch_input=[{"ciphertext": "$c", "reference": "q"}, {"ciphertext": "x"}, {}]),
    *(write(f"datakey/{path}") for path in (
        "plaintext/a", "wrapped/a", "other/a", "plaintext/zz", "plaintext/d", "plaintext/ecdsa-p256",
        "plaintext/rsa-2048",
    )),
    *(write("datakey/plaintext/a", bits=bits) for bits in (128, 256, 512, 100, 0)),
    write("datakey/plaintext/d", context=HELLO),
]  # fmt: skip

SIGNATURES = [
    *(write(f"sign/{name}", input=HELLO) for name in ("ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "a", "h", "edd", "zz")),
    write("sign/ecdsa-p256", input="?"), write("sign/ecdsa-p256"),
    write("sign/edd", input=HELLO, context=HELLO),
    *(write(f"sign/{name}", input=HELLO, marshaling_algorithm="jws") for name in ("ecdsa-p256", "ecdsa-p521", "rsa-2048", "ed25519")),
    *(write("sign/ecdsa-p256", input=HELLO, **data) for data in (
        {"marshaling_algorithm": "x"}, {"hash_algorithm": "x"}, {"hash_algorithm": "none"}, {"signature_algorithm": "x"},
        {"prehashed": True}, {"hash_algorithm": "sha3-384"}, {"hash_algorithm": "sha1"}, {"algorithm": "sha2-512"},
    )),
    write("sign/ecdsa-p256/sha2-512", input=HELLO), write("sign/ecdsa-p256/x", input=HELLO),
    write("sign/rsa-2048", input=DIGEST, prehashed=True, signature_algorithm="pkcs1v15", hash_algorithm="none"),
    *(write("sign/rsa-2048", input=HELLO, **data) for data in (
        {"signature_algorithm": "x"}, {"prehashed": True}, {"salt_length": "hash"}, {"salt_length": "20"},
        {"salt_length": 20}, {"salt_length": "0"}, {"salt_length": "-2"}, {"salt_length": "500"}, {"salt_length": "x"},
        {"key_version": 7}, {"key_version": -7}, {"hash_algorithm": "sha1"}, {"hash_algorithm": "sha3-512"},
        {"hash_algorithm": "none"},
    )),
    write("sign/ed25519", input=HELLO, prehashed=True),
    write("sign/ecdsa-p256", batch_input=[{"input": HELLO, "reference": "q"}, {"input": "?"}, {}]),
    write("sign/edd", batch_input=[{"input": HELLO}, {"input": HELLO, "context": HELLO}]),
    write("sign/ecdsa-p256", batch_input=[]), write("sign/ecdsa-p256", texts=False, batch_input=[5]),
    write("sign/ecdsa-p256", input=HELLO, remember={"s": "signature"}),
    write("sign/ecdsa-p256", input=HELLO, marshaling_algorithm="jws", remember={"sj": "signature"}),
    write("sign/rsa-2048", input=HELLO, remember={"sr": "signature"}),
    write("sign/rsa-2048", input=HELLO, signature_algorithm="pkcs1v15", remember={"sp": "signature"}),
    write("sign/rsa-2048", input=DIGEST, prehashed=True, signature_algorithm="pkcs1v15", hash_algorithm="none",
          remember={"sn": "signature"}),
    write("sign/ed25519", input=HELLO, remember={"se": "signature"}),
    write("sign/edd", input=HELLO, context=HELLO, remember={"sd": "signature"}),
    write("hmac/a", input=HELLO, remember={"m": "hmac"}),
    *(write("verify/ecdsa-p256", **data) for data in (
        {"input": HELLO, "signature": "$s"}, {"input": "AAAA", "signature": "$s"}, {"input": HELLO, "signature": "$sj"},
        {"input": HELLO, "signature": "$sj", "marshaling_algorithm": "jws"},
        {"input": HELLO, "signature": DER, "marshaling_algorithm": "jws"}, {"input": HELLO}, {"signature": "$s"},
        {"input": HELLO, "signature": "x"}, {"input": HELLO, "signature": "vault:v1:"},
        {"input": HELLO, "signature": "vault:v1:AAAA"}, {"input": HELLO, "signature": "vault:v9:AAAA"},
        {"input": HELLO, "signature": "vault:v1:??"}, {"input": HELLO, "signature": "$s", "hash_algorithm": "x"},
        {"input": DIGEST, "signature": "$s", "prehashed": True},
        {"input": HELLO, "signature": "vault:v1:AAAA", "marshaling_algorithm": "jws"},
    )),
    *(write("verify/rsa-2048", **data) for data in (
        {"input": HELLO, "signature": "$sr"}, {"input": HELLO, "signature": "$sp"},
        {"input": HELLO, "signature": "$sp", "signature_algorithm": "pkcs1v15"},
        {"input": HELLO, "signature": "$sr", "salt_length": "hash"}, {"input": HELLO, "signature": "vault:v1:AAAA"},
        {"input": HELLO, "signature": "$sr", "signature_algorithm": "x"}, {"input": HELLO, "signature": "vault:v1:??"},
        {"input": HELLO, "signature": "vault:v0:AAAA"}, {"input": HELLO, "signature": "vault:vx:AAAA"},
        {"input": DIGEST, "signature": "$sr", "prehashed": True},
        {"input": DIGEST, "signature": "$sn", "prehashed": True, "signature_algorithm": "pkcs1v15", "hash_algorithm": "none"},
    )),
    write("verify/ed25519", input=HELLO, signature="$se"), write("verify/ed25519", input=HELLO, signature="vault:v1:AAAA"),
    write("verify/edd", input=HELLO, signature="$sd", context=HELLO), write("verify/edd", input=HELLO, signature="$sd"),
    write("verify/edd", input=HELLO, signature="$sd", context="AAAA"),
    write("verify/a", input=HELLO, signature="$se"), write("verify/zz", input=HELLO, signature="$se"),
    *(write("verify/a", **data) for data in (
        {"input": HELLO, "hmac": "$m"}, {"input": "AAAA", "hmac": "$m"}, {"input": HELLO, "hmac": "vault:v2:AAAA"},
        {"input": HELLO, "hmac": "x"}, {"input": HELLO, "hmac": "vault:v9:AAAA"},
        {"batch_input": [{"input": HELLO, "hmac": "$m"}, {"input": HELLO, "signature": "$s"}]},
    )),
    write("verify/a", texts=False, input=HELLO, hmac="vault:v2:??"),
    write("verify/a/sha2-512", input=HELLO, hmac="$m"),
    *(write("verify/ecdsa-p256", batch_input=items) for items in (
        [{"input": HELLO, "signature": "$s", "reference": "q"}, {"input": HELLO, "signature": "x"}, {"signature": "$s"}],
        [{"input": HELLO, "signature": "$s"}, {"input": HELLO}], [{"input": HELLO}], [],
    )),
    *(write("hmac/a", **data) for data in (
        {"input": HELLO}, {}, {"input": "?"}, {"input": HELLO, "algorithm": "sha3-256"}, {"input": HELLO, "key_version": 9},
        {"input": HELLO, "key_version": 1}, {"input": HELLO, "key_version": 2},
        {"batch_input": [{"input": HELLO, "reference": "q"}, {"input": "?"}, {}]}, {"batch_input": []},
    )),
    *(write(path, input=HELLO) for path in ("hmac/a/sha2-512", "hmac/a/none", "hmac/h", "hmac/ecdsa-p256", "hmac/d", "hmac/zz")),
    write("hmac/a/x", texts=False, input=HELLO), write("hmac/a/sha1", input=HELLO),
]  # fmt: skip

TOOLS = [
    *(write("hash", **data) for data in (
        {"input": HELLO}, {"input": HELLO, "format": "base64"}, {"input": HELLO, "format": "x"}, {"input": "?"}, {},
    )),
    *(write(f"hash/{name}", input=HELLO) for name in ("sha3-512", "sha1", "sha2-224", "sha2-384", "none", "x")),
    *(write(f"random/{path}") for path in (
        "8", "0", "x", "131072", "131073", "platform", "seal/8", "all/8", "platform/8", "x/8",
    )),
    write("random/8", format="hex"), write("random/8", format="x"), write("random"), write("random", bytes=4),
    write("random", bytes="4"), write("random", bytes=0), write("random/platform/8", bytes=4),
    read("cache-config"), write("cache-config", size=5), write("cache-config", size=100), read("cache-config"),
    write("cache-config", size=-1), write("cache-config", size=0), read("config/keys"),
    write("config/keys", disable_upsert=True), write("encrypt/up", plaintext=HELLO), read("config/keys"),
    write("config/keys", disable_upsert=False),
]  # fmt: skip

TRANSFER = [
    *(write(f"keys/x-{name}", type=name, exportable=True) for name in ("aes256-gcm96", "ecdsa-p256", "ed25519", "rsa-2048")),
    write("keys/x-aes256-gcm96/rotate"),
    *(read(f"export/{what}/{name}") for name in ("x-aes256-gcm96", "x-ecdsa-p256", "x-ed25519", "x-rsa-2048", "h64", "d", "zz")
      for what in ("encryption-key", "signing-key", "hmac-key", "public-key", "x")),
    *(read(f"export/encryption-key/x-aes256-gcm96/{version}") for version in ("1", "latest", "9", "0", "x")),
    read("export/public-key/ecdsa-p256"), read("export/public-key/edd"),
    read("backup/d"), read("backup/zz"), read("backup/x-ed25519"),
    write("keys/x-aes256-gcm96/config", allow_plaintext_backup=True),
    read("backup/x-aes256-gcm96", remember={"b": "backup"}), read("keys/x-aes256-gcm96"),
    write("restore", backup="$b"), write("restore/other", backup="$b"), write("restore/other", backup="$b"),
    write("restore/other", backup="$b", force=True), read("keys/other"), write("restore"),
    write("restore", texts=False, backup="??"), write("restore", texts=False, backup="AAAA"),
    read("wrapping_key"),
    write("keys/imp/import"), write("keys/imp/import", ciphertext="??"), write("keys/imp/import", ciphertext="AAAA"),
    write("keys/imp/import", ciphertext="AAAA", type="x"), write("keys/imp/import", ciphertext="AAAA", hash_function="x"),
    write("keys/x-ed25519/import", ciphertext="AAAA"), write("keys/x-ed25519/import_version", ciphertext="AAAA"),
    write("keys/zz/import_version", ciphertext="AAAA"),
]  # fmt: skip
