"""`stratumiops doctor`: looks at every part and says how to mend what is wrong."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from stratumiops.graph.server.home import Home
from stratumiops.ui.cli.output import print_json, print_table
from stratumiops.ui.cli.platform.doctor import machine, service, vault
from stratumiops.ui.cli.platform.doctor.check import Check, Verdict, guarded
from stratumiops.ui.cli.platform.screen import say

_CHECKS: tuple[tuple[str, Callable[[Home], Check]], ...] = (
    ("python", machine.python),
    ("packages", machine.packages),
    ("java", machine.java_runtime),
    ("neo4j files", machine.jars),
    ("start-up cache", machine.aot_cache),
    ("settings", service.settings),
    ("home", machine.home_folder),
    ("disk", machine.disk),
    ("credentials", machine.credentials),
    ("supervisor", service.supervisor),
    ("bolt port", service.bolt_port),
    ("api port", service.api_port),
    ("neo4j", service.neo4j),
    ("schema", service.schema),
    ("api", service.api),
)


def examine(root: Path, *, as_json: bool) -> int:
    """Run all checks and print them; the exit status is 1 when something is wrong, else 0."""
    home = Home(root)
    checks = [guarded(name, check, home) for name, check in (*_CHECKS, *vault.checks(home))]
    wrong = [check for check in checks if check.verdict is Verdict.WRONG]
    if as_json:
        print_json({"home": str(root), "ok": not wrong, "checks": [asdict(check) for check in checks]})
        return int(bool(wrong))
    print_table(["", "part", "found"], [(c.verdict.sign, c.name, c.found) for c in checks], empty="")
    for check in checks:
        if check.mend:
            say(f"{check.name}: {check.mend}")
    say(f"{len(wrong)} of {len(checks)} parts need mending" if wrong else "all is well")
    return int(bool(wrong))
