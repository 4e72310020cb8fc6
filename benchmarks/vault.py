"""svault beside OpenBao: the same requests, the same machine, the same run, in turn."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import primitives, vault_leases
from benchmarks.goals import Goal
from benchmarks.measure import Figure, Generator, Plan, figure, generator
from benchmarks.report import markdown_table, rate
from benchmarks.sizes import rss_mb
from benchmarks.vault_leases import Unsealing
from benchmarks.vault_rows import ROWS, Row, prepare
from benchmarks.vault_servers import Vault, bare, openbao, svault

CONNECTIONS = 16
LEASES, QUICK_LEASES = 1_000_000, 100_000
OURS, PEER, LIMIT = "svault", "openbao", "bare"
_AUDITS = (False, True)

Key = tuple[str, bool, str]
"""Row, whether audit was on, server."""


@dataclass
class VaultFigures:
    """What has been found. `primitive`: operations/s of one core, by row."""

    rows: Sequence[Row]
    figures: dict[Key, Figure] = field(default_factory=dict)
    primitive: dict[str, float] = field(default_factory=dict)
    idle_mb: dict[str, float] = field(default_factory=dict)
    unsealing: Unsealing | None = None

    def ratio(self, row: Row, *, audit: bool, to: str = PEER) -> float:
        """Requests/s of svault over those of another."""
        other = self.figures[row.name, audit, to].per_second
        return self.figures[row.name, audit, OURS].per_second / other if other else 0.0

    def p99_ratio(self, row: Row, *, audit: bool) -> float:
        """svault's 99th percentile over OpenBao's."""
        other = self.figures[row.name, audit, PEER].p99_ms
        return self.figures[row.name, audit, OURS].p99_ms / other if other else 0.0


def measure(plan: Plan, only: Sequence[str], progress: Callable[[str], None], *, quick: bool) -> VaultFigures:
    """All rows, or those named, without and with audit; then memory, and the unseal with many leases."""
    found = VaultFigures([row for row in ROWS if not only or row.name in only])
    with tempfile.TemporaryDirectory(prefix="svault-bench-") as root:
        folder = Path(root)
        with ExitStack() as stack:
            progress("starting svault, OpenBao and the bare server")
            ours = stack.enter_context(svault(folder / OURS))
            peer = stack.enter_context(openbao(folder / PEER))
            limit = stack.enter_context(bare(folder / LIMIT))
            found.idle_mb = {one.name: rss_mb(one.pid) for one in (ours, peer)}
            for one in (ours, peer):
                prepare(one)
            found.idle_mb |= {f"{one.name}, unsealed": rss_mb(one.pid) for one in (ours, peer)}
            load = stack.enter_context(generator())
            for audit in _AUDITS:
                for one in (ours, peer):
                    if audit:
                        one.audit(on=True)
                for row in found.rows:
                    progress(f"{row.title}, audit {'on' if audit else 'off'}")
                    for name, one_figure in _rounds(load, (ours, peer, limit), row, plan).items():
                        found.figures[row.name, audit, name] = one_figure
        found.primitive = primitives.per_second(min(plan.seconds, 1.0))
        if not only:
            found.unsealing = vault_leases.measure(folder / "leases", QUICK_LEASES if quick else LEASES, progress)
    return found


def _rounds(load: Generator, servers: Sequence[Vault], row: Row, plan: Plan) -> dict[str, Figure]:
    results: dict[str, list[dict[str, Any]]] = {one.name: [] for one in servers}
    for one in servers:
        load.run(_job(one, row, plan.first_warmup_s, plan.warmup_s))
    for _ in range(plan.rounds):
        for one in servers:
            results[one.name].append(load.run(_job(one, row, plan.seconds, plan.warmup_s)))
    return {name: figure(rounds) for name, rounds in results.items()}


def _job(one: Vault, row: Row, seconds: float, warmup_s: float) -> dict[str, Any]:
    return {
        "port": one.port,
        "path": f"{one.name} {row.title}",
        "requests": row.requests(),
        "headers": {"X-Vault-Token": one.token or "none"},
        "status": " 2",
        "connections": CONNECTIONS,
        "seconds": seconds,
        "warmup_s": warmup_s,
        "pids": {"server": [one.pid], "neo4j": []},
    }


def goals(found: VaultFigures) -> list[Goal]:
    """Those of the figures that are there; the worse of audit off and on counts."""
    made = []
    for row in found.rows:
        least = [found.ratio(row, audit=audit) for audit in _AUDITS]
        text = f"{least[0]:.2f} × without, {least[1]:.2f} × with audit"
        made.append(Goal(f"{row.title} ≥ {row.least:g} × OpenBao", text, min(least) >= row.least, _why(found, row)))
        p99 = [found.p99_ratio(row, audit=audit) for audit in _AUDITS]
        text = f"{p99[0]:.2f} × without, {p99[1]:.2f} × with audit"
        made.append(Goal(f"{row.title}: p99 ≤ 1 × OpenBao's", text, max(p99) <= 1))
    idle = max(megabytes for name, megabytes in found.idle_mb.items() if name.startswith(OURS))
    made.append(Goal("svault idle < 200 MB resident", f"{idle:.0f} MB", idle < 200))
    if (last := found.unsealing) is not None:
        text = f"{last.first_read_s:.2f} s with {last.leases:,} leases"
        goal = f"unseal with {LEASES:,} leases to the first read < 1 s"
        made.append(Goal(goal, text, last.first_read_s < 1 and last.leases >= LEASES))
    return made


def _why(found: VaultFigures, row: Row) -> str:
    limit = found.figures[row.name, False, LIMIT].per_second / found.figures[row.name, False, PEER].per_second
    return f"A constant answer over bare ASGI is {limit:.2f} × OpenBao."


def section(found: VaultFigures) -> str:
    """The chapter of the report."""
    text = (
        f"\n## svault and OpenBao, {CONNECTIONS} connections\n\n"
        "Requests/s over keep-alive HTTP without TLS; both write to disk (svault its default storage, OpenBao raft), "
        "and both check a policy and look a token up for each request. `bare` is uvicorn with a constant answer, "
        "`primitive` what one core does of the cryptography alone, or of synced commits by one writer.\n"
    )
    parts = [text]
    for audit in _AUDITS:
        header = [f"file audit {'on' if audit else 'off'}", "× OpenBao", OURS, PEER, LIMIT, "primitive", "p50, ms"]
        header += ["p99, ms", "CPU, ms"]
        parts.append(markdown_table(header, [_cells(found, row, audit) for row in found.rows]) + "\n")
    idle = ", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in found.idle_mb.items())
    parts.append(f"p50, p99 and CPU of a request: {OURS} / {PEER}. Resident, idle: {idle}.")
    if (last := found.unsealing) is not None:
        parts.append(
            f"Unseal with {last.leases:,} leases in the storage: {last.first_read_s:.2f} s from the last share to the "
            f"first secret read, {last.rss_mb:.0f} MB resident then."
        )
    return "\n".join(parts) + "\n"


def _cells(found: VaultFigures, row: Row, audit: bool) -> list[str]:
    ours, peer, limit = (found.figures[row.name, audit, name] for name in (OURS, PEER, LIMIT))
    primitive = found.primitive.get(row.name)
    return [
        row.title,
        f"{found.ratio(row, audit=audit):.2f}",
        rate(ours.per_second),
        rate(peer.per_second),
        rate(limit.per_second),
        "–" if primitive is None else rate(primitive),
        f"{ours.p50_ms:.1f} / {peer.p50_ms:.1f}",
        f"{ours.p99_ms:.1f} / {peer.p99_ms:.1f}",
        f"{ours.cpu_ms:.2f} / {peer.cpu_ms:.2f}",
    ]
