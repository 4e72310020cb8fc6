"""The databases of a mount: their configurations, and a driver for each that is in use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace

from stratumiops.vault.backend import Match, Mount, Route, System
from stratumiops.vault.engines.database.config import Config
from stratumiops.vault.engines.database.drivers import DRIVERS
from stratumiops.vault.engines.database.drivers.port import DatabaseFailed, Driver
from stratumiops.vault.engines.database.names import named
from stratumiops.vault.engines.database.passwords import password
from stratumiops.vault.errors import BadRequest, Internal, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.view import View


class Databases:
    """Databases by name, at `config/{name}`."""

    def __init__(self, view: View, system: System, mount: Mount) -> None:
        self._view = view
        self._system = system
        self._mount = mount
        self._drivers: dict[str, Driver] = {}
        self._locks = Locks()

    def routes(self) -> Iterator[Route]:
        """The routes of configurations."""
        yield Route("config", list=self._list)
        yield Route("config/{name}", read=self._read, write=self._write, delete=self._delete, exists=self._exists)
        yield Route("reset/{name}", write=self._reset)
        yield Route("rotate-root/{name}", write=self._rotate_root)

    async def config(self, name: str) -> Config:
        """A configuration.

        Raises:
            BadRequest: there is none.
        """
        found = await self._config(name)
        if found is None:
            raise BadRequest(f'failed to find entry for connection with name: "{name}"')
        return found

    async def driver(self, name: str) -> Driver:
        """The driver of a database.

        Raises:
            BadRequest: there is no such database.
        """
        found = self._drivers.get(name)
        if found is None:
            async with self._locks.hold(name):
                found = self._drivers.get(name) or _driver(await self._settled(name))
                self._drivers[name] = found
        return found

    async def run(self, name: str, statements: Sequence[str], values: Mapping[str, str], what: str) -> None:
        """Run statements in a database.

        Raises:
            Internal: it cannot be; `what` says what was meant.
        """
        try:
            await (await self.driver(name)).run(statements, values)
        except DatabaseFailed as error:
            raise Internal(f"{what}: {error}") from None

    async def drop(self, name: str, user: str) -> None:
        """Drop a user.

        Raises:
            Internal: it cannot be.
        """
        try:
            await (await self.driver(name)).drop(user)
        except DatabaseFailed as error:
            raise Internal(f"failed to revoke a user: {error}") from None

    async def close(self) -> None:
        """Let all databases go."""
        for name in list(self._drivers):
            await self._forget(name)

    async def _list(self, _request: Request, _match: Match) -> Response:
        return listing(await self._view.names("config/"))

    async def _read(self, _: Request, match: Match) -> Response:
        config = await self._config(named(match))
        if config is None:
            raise NotFound
        return Response(config.shown())

    async def _write(self, request: Request, match: Match) -> None:
        name, fields = named(match), Fields(request.data)
        async with self._locks.hold(name):
            config = (await self._config(name) or Config()).changed(fields)
            driver = _driver(config)
            if fields.boolean("verify_connection", True):
                try:
                    await driver.check()
                except DatabaseFailed as error:
                    await driver.close()
                    raise BadRequest(f"error creating database object: error verifying connection: {error}") from None
            await self._save(name, config)
            await self._forget(name)
            self._drivers[name] = driver

    async def _delete(self, _: Request, match: Match) -> None:
        async with self._locks.hold(named(match)):
            await self._view.delete(f"config/{named(match)}")
            await self._forget(named(match))

    async def _exists(self, _: Request, match: Match) -> bool:
        return await self._config(named(match)) is not None

    async def _reset(self, _: Request, match: Match) -> None:
        name = named(match)
        async with self._locks.hold(name):
            await self._forget(name)
            driver = self._drivers[name] = _driver(await self._settled(name))
            try:
                await driver.check()
            except DatabaseFailed as error:
                raise Internal(f"error verifying connection: {error}") from None

    async def _rotate_root(self, _: Request, match: Match) -> None:
        name = named(match)
        async with self._locks.hold(name):
            config = await self._settled(name)
            if not config.username or not config.password:
                raise BadRequest("the root password can be rotated when username and password are configured")
            config = replace(config, next_password=await password(self._system, self._mount, config.password_policy))
            await self._save(name, config)
            driver = _driver(config)
            try:
                statements = config.root_rotation_statements or driver.rotation
                await driver.run(statements, {"name": config.username, "password": config.next_password})
            except DatabaseFailed as error:
                raise Internal(f"failed to update user: {error}") from None
            finally:
                await driver.close()
            await self._save(name, replace(config, password=config.next_password, next_password=""))
            await self._forget(name)

    async def _settled(self, name: str) -> Config:
        """The configuration, with the password that is good; the lock of the name is held.

        A change of the password that was broken off leaves two: the database knows which one it took.

        Raises:
            BadRequest: there is no such database.
            Internal: it cannot be asked.
        """
        config = await self.config(name)
        if not config.next_password:
            return config
        changed = replace(config, password=config.next_password, next_password="")
        for candidate in (changed, replace(config, next_password="")):
            driver = _driver(candidate)
            try:
                await driver.check()
            except DatabaseFailed as error:
                if not error.refused_login:
                    raise Internal(f"which password is good cannot be found out now: {error}") from None
                continue
            finally:
                await driver.close()
            await self._save(name, candidate)
            return candidate
        return config

    async def _config(self, name: str) -> Config | None:
        kept = await self._view.read(f"config/{name}")
        return None if kept is None else Config.from_kept(kept)

    async def _save(self, name: str, config: Config) -> None:
        await self._view.write(f"config/{name}", asdict(config))

    async def _forget(self, name: str) -> None:
        driver = self._drivers.pop(name, None)
        if driver is not None:
            await driver.close()


def _driver(config: Config) -> Driver:
    return DRIVERS[config.plugin_name](config.target())
