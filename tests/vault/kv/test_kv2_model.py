"""KV version 2 against a model of it: whatever is done in whatever order, both say the same."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from stratumiops.vault.engines.kv2.backend import Kv2Backend
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.request import Operation, Response

from ..mounted import mounted  # noqa: TID252 - tests are no package on the path

PATHS = st.sampled_from(["a", "a/b"])
VALUES = st.dictionaries(
    st.sampled_from("xyz"),
    st.one_of(st.none(), st.integers(0, 9), st.dictionaries(st.just("n"), st.integers(0, 9))),
    max_size=3,
)
NUMBERS = st.lists(st.integers(0, 4), min_size=1, max_size=3)


@dataclass
class Kept:
    """A version in the model: its value, and until when it can be read."""

    value: dict[str, Any] | None
    ends: float | None = None
    destroyed: bool = False


@dataclass
class Secret:
    versions: dict[int, Kept] = field(default_factory=dict)
    current: int = 0
    cas_required: bool = False
    max_versions: int = 0
    after: int = 0


class Model(RuleBasedStateMachine):
    """The engine and the model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.engine = mounted(Kv2Backend, "kv/")
        self.secrets: dict[str, Secret] = {}
        self.most = 0

    def teardown(self) -> None:
        self.loop.close()

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(what)

    def refused(self, what: Coroutine[Any, Any, Any], text: str) -> None:
        try:
            self.run(what)
        except BadRequest as error:
            assert text in str(error)  # noqa: PT017 - one of many texts
        else:
            raise AssertionError(f"not refused: {text}")

    def readable(self, kept: Kept) -> bool:
        return not kept.destroyed and (kept.ends is None or self.engine.system.at < kept.ends)

    def add(self, path: str, value: dict[str, Any]) -> None:
        secret = self.secrets.setdefault(path, Secret())
        secret.current += 1
        ends = self.engine.system.at + secret.after if secret.after else None
        secret.versions[secret.current] = Kept(value, ends)
        for number in sorted(secret.versions)[: -(max(secret.max_versions, self.most) or 10)]:
            del secret.versions[number]

    @rule(path=PATHS, value=VALUES, cas=st.one_of(st.none(), st.integers(-1, 6)))
    def write(self, path: str, value: dict[str, Any], cas: int | None) -> None:
        self.write_one(path, value, cas)

    def write_one(self, path: str, value: dict[str, Any], cas: int | None) -> None:
        secret = self.secrets.get(path, Secret())
        ask = self.engine.write(f"data/{path}", data=value, options={} if cas is None else {"cas": cas})
        if cas is None and secret.cas_required:
            self.refused(ask, "check-and-set parameter required for this call")
        elif cas is not None and cas != secret.current:
            self.refused(ask, "did not match the current version")
        else:
            self.run(ask)
            self.add(path, value)

    @rule(path=PATHS, value=VALUES, times=st.integers(1, 4))
    def write_again_and_again(self, path: str, value: dict[str, Any], times: int) -> None:
        for _ in range(times):
            self.write_one(path, value, self.secrets.get(path, Secret()).current)

    @rule(path=PATHS, value=VALUES)
    def patch(self, path: str, value: dict[str, Any]) -> None:
        secret = self.secrets.get(path, Secret())
        latest = secret.versions.get(secret.current)
        ask = self.engine.patch(f"data/{path}", data=value, options={"cas": secret.current})
        if latest is None:
            self.absent(ask)
        else:
            found = self.run(ask)
            assert found["version"] == secret.current + self.readable(latest)
            if self.readable(latest):
                self.add(path, self.merged(latest.value or {}, value))

    @staticmethod
    def merged(old: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
        new = dict(old)
        for name, one in patch.items():
            if isinstance(one, dict):
                new[name] = {**(old[name] if isinstance(old.get(name), dict) else {}), **one}
            else:
                new[name] = one
        return {name: one for name, one in new.items() if not (name in patch and patch[name] is None)}

    @rule(path=PATHS)
    def delete(self, path: str) -> None:
        self.run(self.engine.delete(f"data/{path}"))
        secret = self.secrets.get(path, Secret())
        self.end(secret, [secret.current])

    @rule(path=PATHS, numbers=NUMBERS)
    def delete_some(self, path: str, numbers: list[int]) -> None:
        self.run(self.engine.write(f"delete/{path}", versions=numbers))
        self.end(self.secrets.get(path, Secret()), numbers)

    def end(self, secret: Secret, numbers: list[int]) -> None:
        for number in numbers:
            kept = secret.versions.get(number)
            if kept is not None and self.readable(kept):
                kept.ends = self.engine.system.at

    @rule(path=PATHS, numbers=NUMBERS)
    def undelete(self, path: str, numbers: list[int]) -> None:
        self.run(self.engine.write(f"undelete/{path}", versions=[str(number) for number in numbers]))
        for number in numbers:
            kept = self.secrets.get(path, Secret()).versions.get(number)
            if kept is not None and not kept.destroyed:
                kept.ends = None

    @rule(path=PATHS, numbers=NUMBERS)
    def destroy_and_undelete(self, path: str, numbers: list[int]) -> None:
        self.delete_some(path, numbers)
        self.destroy(path, numbers)
        self.undelete(path, numbers)

    @rule(path=PATHS, numbers=NUMBERS)
    def destroy(self, path: str, numbers: list[int]) -> None:
        self.run(self.engine.write(f"destroy/{path}", versions=numbers))
        for number in numbers:
            kept = self.secrets.get(path, Secret()).versions.get(number)
            if kept is not None:
                kept.destroyed = True

    @rule(path=PATHS, required=st.booleans(), most=st.integers(0, 4), after=st.sampled_from([0, 10]))
    def describe(self, path: str, required: bool, most: int, after: int) -> None:
        about = {"cas_required": required, "max_versions": most, "delete_version_after": after}
        self.run(self.engine.write(f"metadata/{path}", **about))
        secret = self.secrets.setdefault(path, Secret())
        secret.cas_required, secret.max_versions, secret.after = required, most, after

    @rule(path=PATHS)
    def forget(self, path: str) -> None:
        self.run(self.engine.delete(f"metadata/{path}"))
        self.secrets.pop(path, None)

    @rule(most=st.integers(0, 4))
    def configure(self, most: int) -> None:
        self.run(self.engine.write("config", max_versions=most))
        self.most = most

    @rule()
    def wait(self) -> None:
        self.engine.system.at += 7

    @rule()
    def seal_and_unseal(self) -> None:
        self.run(self.engine.backend.stop())
        self.run(self.engine.backend.start())

    def absent(self, what: Coroutine[Any, Any, Any]) -> None:
        try:
            self.run(what)
        except NotFound as error:
            assert error.messages == ()  # noqa: PT017
        else:
            raise AssertionError("found")

    @invariant()
    def both_say_the_same(self) -> None:
        for path in ("a", "a/b"):
            secret = self.secrets.get(path)
            if secret is None:
                self.absent(self.engine.read(f"metadata/{path}"))
                continue
            about = self.run(self.engine.read(f"metadata/{path}"))
            assert about["current_version"] == secret.current
            assert {int(number) for number in about["versions"]} == set(secret.versions)
            for number, kept in secret.versions.items():
                shown = about["versions"][str(number)]
                assert bool(shown["deletion_time"]) == (kept.ends is not None)
                found: Response = self.run(self.engine.ask(Operation.READ, f"data/{path}", {"version": number}))
                assert found.data is not None
                assert found.data["data"] == (kept.value if self.readable(kept) else None)
                assert found.status == (None if self.readable(kept) else 404)
                assert found.data["metadata"]["destroyed"] == kept.destroyed

    @invariant()
    def nothing_is_left_behind(self) -> None:
        keys = self.run(self.engine.backend.view.keys("versions/"))
        kept = [one for secret in self.secrets.values() for one in secret.versions.values() if not one.destroyed]
        assert len(keys) == len(kept)

    @precondition(lambda self: self.secrets)
    @rule()
    def list_all(self) -> None:
        found = self.run(self.engine.data(Operation.LIST, "metadata/", {"recursive": True}))
        assert found["keys"] == sorted(self.secrets)


Model.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
TestModel = Model.TestCase
