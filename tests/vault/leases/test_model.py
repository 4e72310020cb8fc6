"""Leases and tokens against a model, through restarts and a clock that is moved about."""

import asyncio
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from stratumiops.vault.errors import BadRequest

from ..tokens.world import World  # noqa: TID252 - tests are no package on the path


class Leases(RuleBasedStateMachine):
    """The model: which leases should be there, when they end, and whose they are."""

    leases = Bundle("leases")
    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.vault = self.run(World().begin())
        self.expires: dict[str, float] = {}
        self.owner: dict[str, str] = {}
        self.parent: dict[str, str] = {}
        self.ends: dict[str, float] = {}

    def run(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        self.run(self.vault.tokens.stop())
        self.loop.close()

    def tokens_dead(self, token: str) -> bool:
        return bool(token) and token not in self.ends

    def kill(self, token: str) -> None:
        self.ends.pop(token, None)
        for lease in [lease for lease, owner in self.owner.items() if owner == token]:
            self.expires.pop(lease, None)
        for child in [child for child, parent in self.parent.items() if parent == token and child in self.ends]:
            self.kill(child)

    @rule(target=tokens, parent=st.one_of(st.just(""), tokens), ttl=st.integers(min_value=1, max_value=100))
    def create(self, parent: str, ttl: int) -> str:
        if self.tokens_dead(parent) or (parent and self.ends[parent] <= self.vault.system.at):
            return parent
        token: str = self.run(self.vault.token(parent, ttl=ttl))
        self.ends[token], self.parent[token] = self.vault.system.at + ttl, parent
        return token

    @rule(target=leases, token=st.one_of(st.just(""), tokens), ttl=st.integers(min_value=1, max_value=100))
    def register(self, token: str, ttl: int) -> str:
        if self.tokens_dead(token) or (token and self.ends[token] <= self.vault.system.at):
            return ""
        name = str(len(self.owner))
        lease: str = self.run(self.vault.lease(name, token, ttl=ttl))
        self.expires[lease], self.owner[lease] = self.vault.system.at + ttl, token
        return lease

    @rule(lease=leases, increment=st.integers(min_value=1, max_value=100))
    def renew(self, lease: str, increment: int) -> None:
        try:
            self.run(self.vault.leases.renew(lease, increment))
            renewed = True
        except BadRequest:
            renewed = False
        assert renewed == (self.expires.get(lease, 0) > self.vault.system.at)
        if renewed:
            self.expires[lease] = self.vault.system.at + increment

    @rule(lease=leases)
    def revoke(self, lease: str) -> None:
        self.run(self.vault.leases.revoke(lease))
        self.expires.pop(lease, None)

    @rule(token=tokens)
    def revoke_token(self, token: str) -> None:
        if not self.tokens_dead(token):
            self.run(self.vault.tokens.revoke(token))
            self.kill(token)

    @rule(seconds=st.integers(min_value=-50, max_value=50))
    def move_clock(self, seconds: int) -> None:
        self.vault.system.at += seconds

    @rule()
    def expire(self) -> None:
        self.run(self.vault.worker.expire_due())
        now = self.vault.system.at
        for token in [token for token, end in self.ends.items() if end <= now]:
            self.kill(token)
        self.expires = {lease: at for lease, at in self.expires.items() if at > now}

    @rule()
    def restart(self) -> None:
        self.vault = self.run(self.vault.restarted())

    @invariant()
    def as_in_the_model(self) -> None:
        there = {lease for page in self.run(self.pages()) for lease in page if lease.startswith("db/")}
        assert there == set(self.expires)
        alive = {token for token in self.parent if self.run(self.vault.is_alive(token))}
        assert alive == {token for token, end in self.ends.items() if end > self.vault.system.at}

    async def pages(self) -> list[list[str]]:
        return [page async for page in self.vault.leases.below("")]


TestLeases = Leases.TestCase
TestLeases.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
