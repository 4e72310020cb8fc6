"""Tidying drops what ended long ago, and nothing else."""

import asyncio
from typing import Any

from tests.vault.mounted import Mounted

from stratumiops.vault.request import Operation

HOUR = 3600


async def tidied(pki: Mounted, **fields: Any) -> dict[str, Any]:
    found = await pki.ask(Operation.UPDATE, "tidy", fields)
    assert found is not None
    assert found.status == 202
    assert "successfully started" in found.warnings[0]
    return await finished(pki)


async def finished(pki: Mounted) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while (status := await pki.read("tidy-status"))["state"] == "Running":
            await asyncio.sleep(0)
    return status


async def test_what_ended_goes(pki: Mounted) -> None:
    short = (await pki.write("issue/any", common_name="a", ttl="1h"))["serial_number"]
    revoked = (await pki.write("issue/any", common_name="a", ttl="1h"))["serial_number"]
    long = (await pki.write("issue/any", common_name="a", ttl="20h"))["serial_number"]
    lasting = (await pki.write("issue/any", common_name="a", ttl="20h"))["serial_number"]
    for one in (revoked, lasting):
        await pki.write("revoke", serial_number=one)
    pki.system.at += 2 * HOUR
    status = await tidied(pki, tidy_cert_store=True, tidy_revoked_certs=True, safety_buffer="2h")
    assert (status["state"], status["cert_store_deleted_count"]) == ("Finished", 0)
    status = await tidied(pki, tidy_cert_store=True, safety_buffer="30m")
    assert (status["cert_store_deleted_count"], status["revoked_cert_deleted_count"]) == (1, 0)
    assert short not in await pki.names("certs")
    status = await tidied(pki, tidy_revoked_certs=True, safety_buffer="30m", page_size=1)
    assert status["revoked_cert_deleted_count"] == 1
    assert await pki.names("certs/revoked") == [lasting]
    assert {long, lasting} <= set(await pki.names("certs"))
    assert revoked not in await pki.names("certs")


async def test_what_cannot_be_read_goes(pki: Mounted) -> None:
    await pki.backend.view.apply({"certs/00ff": b"junk"})
    assert "00:ff" in await pki.names("certs")
    assert "00:ff" not in await pki.names("certs/detailed")
    assert (await tidied(pki, tidy_cert_store=True))["cert_store_deleted_count"] == 0
    assert (await tidied(pki, tidy_invalid_certs=True))["cert_store_deleted_count"] == 1
    assert "00:ff" not in await pki.names("certs")


async def test_issuers_that_ended_go(pki: Mounted) -> None:
    await pki.write("root/generate/internal", common_name="Short", key_type="ec", ttl="1h", issuer_name="short")
    pki.system.at += 10 * HOUR
    await tidied(pki, tidy_expired_issuers=True)
    assert len(await pki.names("issuers")) == 2
    await tidied(pki, tidy_expired_issuers=True, issuer_safety_buffer="5h")
    assert len(await pki.names("issuers")) == 1
    pki.system.at += 100_000 * HOUR
    await tidied(pki, tidy_expired_issuers=True, issuer_safety_buffer="5h")
    assert len(await pki.names("issuers")) == 1, "the default stays"


async def test_one_run_at_a_time_and_an_end_to_it(pki: Mounted) -> None:
    started = await pki.ask(Operation.UPDATE, "tidy", {"tidy_cert_store": True, "pause_duration": "1h"})
    again = await pki.ask(Operation.UPDATE, "tidy", {"tidy_cert_store": True})
    assert started is not None
    assert again is not None
    assert again.warnings == ["Tidy operation already in progress."]
    assert (await pki.read("tidy-status"))["state"] == "Running"
    assert (await pki.write("tidy-cancel"))["state"] == "Cancelled"
    await tidied(pki, tidy_cert_store=True)
    nothing = await pki.ask(Operation.UPDATE, "tidy-cancel", {})
    assert nothing is not None
    assert "none is currently running" in nothing.warnings[0]


async def test_it_tidies_by_itself(pki: Mounted) -> None:
    await pki.write("issue/any", common_name="a", ttl="1h")
    pki.system.at += 100 * HOUR
    await pki.write("config/auto-tidy", enabled=True, tidy_cert_store=True, interval_duration="1s")
    await pki.backend.stop()
    await pki.backend.start()
    async with asyncio.timeout(30):
        while (status := await pki.read("tidy-status"))["state"] != "Finished":
            await asyncio.sleep(0.05)
    assert status["cert_store_deleted_count"] == 1
