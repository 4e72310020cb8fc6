"""hvac drives Transit."""

import base64
from collections.abc import Iterator

import hvac
import pytest
from hvac import exceptions

TEXT = base64.b64encode(b"the text").decode()
CONTEXT = base64.b64encode(b"context").decode()


@pytest.fixture(scope="module", autouse=True)
def mount(server: object) -> Iterator[None]:
    client = hvac.Client(url=server.address, token=server.root)  # type: ignore[attr-defined]
    client.sys.enable_secrets_engine("transit")
    yield
    client.sys.disable_secrets_engine("transit")


def test_a_key_and_its_versions(client: hvac.Client) -> None:
    transit = client.secrets.transit
    transit.create_key("k", exportable=True, allow_plaintext_backup=True)
    old = transit.encrypt_data("k", plaintext=TEXT)["data"]["ciphertext"]
    transit.rotate_key("k")
    new = transit.rewrap_data("k", ciphertext=old)["data"]["ciphertext"]
    assert (old[:9], new[:9]) == ("vault:v1:", "vault:v2:")
    assert transit.decrypt_data("k", ciphertext=new)["data"]["plaintext"] == TEXT
    transit.update_key_configuration("k", min_decryption_version=2, deletion_allowed=True)
    client.write("transit/keys/k/config", min_encryption_version=2)
    with pytest.raises(exceptions.InvalidRequest, match="ciphertext or signature version is disallowed by policy"):
        transit.decrypt_data("k", ciphertext=old)
    transit.trim_key("k", 2)
    assert transit.read_key("k")["data"]["min_available_version"] == 2
    assert list(transit.export_key("k", "encryption-key")["data"]["keys"]) == ["2"]
    kept = transit.backup_key("k")["data"]["backup"]
    transit.delete_key("k")
    with pytest.raises(exceptions.InvalidPath):
        transit.read_key("k")
    transit.restore_key(kept, name="k")
    assert transit.decrypt_data("k", ciphertext=new)["data"]["plaintext"] == TEXT
    assert "k" in transit.list_keys()["data"]["keys"]


def test_batches_and_contexts(client: hvac.Client) -> None:
    transit = client.secrets.transit
    transit.create_key("d", derived=True, convergent_encryption=True)
    batch = [{"plaintext": TEXT, "context": CONTEXT}] * 2
    found = transit.encrypt_data("d", plaintext="", batch_input=batch)["data"]["batch_results"]
    assert found[0]["ciphertext"] == found[1]["ciphertext"]
    back = transit.decrypt_data("d", ciphertext=found[0]["ciphertext"], context=CONTEXT)
    assert back["data"]["plaintext"] == TEXT
    with pytest.raises(exceptions.InvalidRequest):
        transit.decrypt_data("d", ciphertext=found[0]["ciphertext"])


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa-p256", "rsa-2048", "ml-dsa-65"])
def test_signatures(client: hvac.Client, kind: str) -> None:
    transit = client.secrets.transit
    client.write(f"transit/keys/{kind}", type=kind)
    signature = transit.sign_data(kind, hash_input=TEXT)["data"]["signature"]
    assert transit.verify_signed_data(kind, hash_input=TEXT, signature=signature)["data"]["valid"] is True
    other = base64.b64encode(b"another").decode()
    assert transit.verify_signed_data(kind, hash_input=other, signature=signature)["data"]["valid"] is False


def test_datakeys_macs_hashes_and_random_bytes(client: hvac.Client) -> None:
    transit = client.secrets.transit
    transit.create_key("m")
    made = transit.generate_data_key("m", "plaintext", bits=256)["data"]
    assert transit.decrypt_data("m", ciphertext=made["ciphertext"])["data"]["plaintext"] == made["plaintext"]
    assert "plaintext" not in transit.generate_data_key("m", "wrapped")["data"]
    mac = transit.generate_hmac("m", TEXT, algorithm="sha2-512")["data"]["hmac"]
    assert transit.verify_signed_data("m", hash_input=TEXT, hmac=mac, hash_algorithm="sha2-512")["data"]["valid"]
    assert len(transit.hash_data(TEXT, algorithm="sha2-256", output_format="hex")["data"]["sum"]) == 64
    assert len(base64.b64decode(transit.generate_random_bytes(40)["data"]["random_bytes"])) == 40
    assert len(transit.generate_random_bytes(16, output_format="hex")["data"]["random_bytes"]) == 32
