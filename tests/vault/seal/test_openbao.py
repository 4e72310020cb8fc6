"""Shares of a real OpenBao, put together here; and shares made here, which unseal a real OpenBao."""

import itertools
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.ports import unused_port

from stratumiops.vault.seal.shamir import combine, split

_CONFIG = """
storage "raft" {{ path = "{folder}/raft"
  node_id = "one" }}
listener "tcp" {{ address = "127.0.0.1:{port}"
  tls_disable = true }}
api_addr = "http://127.0.0.1:{port}"
cluster_addr = "http://127.0.0.1:{cluster}"
disable_mlock = true
"""


@pytest.fixture
def openbao(tmp_path: Path) -> Iterator[str]:
    port, cluster = unused_port(), unused_port()
    (tmp_path / "raft").mkdir()
    (tmp_path / "bao.hcl").write_text(_CONFIG.format(folder=tmp_path, port=port, cluster=cluster))
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            ["bao", "server", f"-config={tmp_path}/bao.hcl"], stdout=log, stderr=log, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}/v1/sys/"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address + "seal-status", timeout=1):
            break
        time.sleep(0.1)
    yield address
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def put(address: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(address, json.dumps(body).encode(), method="PUT")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def test_shares_go_both_ways(openbao: str) -> None:
    made = put(openbao + "init", {"secret_shares": 5, "secret_threshold": 3})
    theirs = [bytes.fromhex(key) for key in made["keys"]]
    keys = {bytes(combine(chosen)) for chosen in itertools.permutations(theirs, 3)}
    assert len(keys) == 1
    key = keys.pop()
    assert bytes(combine(theirs)) == key
    assert bytes(combine(theirs[:2])) != key
    ours = split(key, 7, 3)
    status = [put(openbao + "unseal", {"key": share.hex()}) for share in ours[2:5]]
    assert [one["sealed"] for one in status] == [True, True, False]
