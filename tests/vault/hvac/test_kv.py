"""hvac drives the key/value engines."""

from collections.abc import Iterator

import hvac
import pytest
from hvac import exceptions


@pytest.fixture(scope="module", autouse=True)
def mounts(server: object) -> Iterator[None]:
    client = hvac.Client(url=server.address, token=server.root)  # type: ignore[attr-defined]
    client.sys.enable_secrets_engine("kv", path="one", options={"version": "1"})
    client.sys.enable_secrets_engine("kv-v2", path="two")
    yield
    client.sys.disable_secrets_engine("one")
    client.sys.disable_secrets_engine("two")


def test_version_1(client: hvac.Client) -> None:
    kv = client.secrets.kv.v1
    kv.create_or_update_secret("a/b", {"x": "1", "deep": {"y": [1, None]}}, mount_point="one")
    found = kv.read_secret("a/b", mount_point="one")
    assert found["data"] == {"x": "1", "deep": {"y": [1, None]}}
    assert found["lease_duration"] == 2764800
    kv.create_or_update_secret("a/b", {"z": "2"}, mount_point="one", method="PUT")
    assert kv.read_secret("a/b", mount_point="one")["data"] == {"z": "2"}
    kv.create_or_update_secret("http://x", {"w": "3"}, mount_point="one", method="PUT")
    assert kv.read_secret("http://x", mount_point="one")["data"] == {"w": "3"}
    assert kv.list_secrets("", mount_point="one")["data"]["keys"] == ["a/", "http:/"]
    kv.delete_secret("a/b", mount_point="one")
    with pytest.raises(exceptions.InvalidPath):
        kv.read_secret("a/b", mount_point="one")


def test_versions(client: hvac.Client) -> None:
    kv = client.secrets.kv.v2
    at = {"mount_point": "two"}
    assert kv.create_or_update_secret("s", {"a": "1"}, cas=0, **at)["data"]["version"] == 1
    with pytest.raises(exceptions.InvalidRequest, match="check-and-set parameter did not match the current version"):
        kv.create_or_update_secret("s", {"a": "2"}, cas=0, **at)
    assert kv.create_or_update_secret("s", {"a": "2"}, cas=1, **at)["data"]["version"] == 2
    kv.patch("s", {"b": "3"}, **at)
    assert kv.read_secret("s", raise_on_deleted_version=True, **at)["data"]["data"] == {"a": "2", "b": "3"}
    first = kv.read_secret_version("s", version=1, raise_on_deleted_version=True, **at)["data"]
    assert (first["data"], first["metadata"]["version"]) == ({"a": "1"}, 1)
    kv.delete_latest_version_of_secret("s", **at)
    with pytest.raises(exceptions.InvalidPath):
        kv.read_secret_version("s", raise_on_deleted_version=True, **at)
    gone = kv.read_secret_version("s", raise_on_deleted_version=False, **at)["data"]
    assert gone["data"] is None
    assert gone["metadata"]["deletion_time"]
    kv.undelete_secret_versions("s", [3], **at)
    kv.delete_secret_versions("s", [2], **at)
    kv.destroy_secret_versions("s", [1], **at)
    versions = kv.read_secret_metadata("s", **at)["data"]["versions"]
    assert [versions[n]["destroyed"] for n in "123"] == [True, False, False]
    assert [bool(versions[n]["deletion_time"]) for n in "123"] == [False, True, False]
    with pytest.raises(exceptions.InvalidPath):
        kv.patch("absent", {"a": 1}, **at)


def test_metadata_and_configuration(client: hvac.Client) -> None:
    kv = client.secrets.kv.v2
    at = {"mount_point": "two"}
    kv.configure(max_versions=5, cas_required=False, delete_version_after="1h", **at)
    found = kv.read_configuration(**at)["data"]
    assert (found["max_versions"], found["delete_version_after"]) == (5, "1h0m0s")
    kv.configure(max_versions=0, delete_version_after="0s", **at)
    kv.update_metadata("m", max_versions=2, cas_required=True, custom_metadata={"owner": "ops"}, **at)
    with pytest.raises(exceptions.InvalidRequest, match="check-and-set parameter required for this call"):
        kv.create_or_update_secret("m", {"a": 1}, **at)
    for cas in range(3):
        kv.create_or_update_secret("m", {"a": cas}, cas=cas, **at)
    about = kv.read_secret_metadata("m", **at)["data"]
    assert (about["custom_metadata"], sorted(about["versions"]), about["oldest_version"]) == (
        {"owner": "ops"},
        ["2", "3"],
        2,
    )
    assert "m" in kv.list_secrets("", **at)["data"]["keys"]
    kv.delete_metadata_and_all_versions("m", **at)
    with pytest.raises(exceptions.InvalidPath):
        kv.read_secret_metadata("m", **at)
