"""A client whose server is this process: GraphQL over a directory of files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from stratumiops.ui.cli.client import Client, data_of

if TYPE_CHECKING:
    from stratumiops.resolvers.local import LocalApi

_SHOWN = 20


class LocalClient(Client):
    """`Client` without a connection; what serves is loaded with the first operation.

    Files that count for nothing are told on stderr when it is closed.

    Args:
        directory: the directory, usually `.kogral`.
    """

    threads: ClassVar[int] = 1

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory
        self._api: LocalApi | None = None

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """See `Client.execute`."""
        if self._api is None:
            from stratumiops.resolvers.local import LocalApi

            self._api = LocalApi(self.directory)
        answer = self._api.execute(document, dict(variables or {}))
        return data_of(answer.status, answer.body, str(self.directory))

    def close(self) -> None:
        """Tell what is wrong with the files, and give back what was taken."""
        api, self._api = self._api, None
        if api is None:
            return
        problems = api.problems()
        api.close()
        if problems:
            self._tell([str(problem) for problem in problems])

    def _tell(self, problems: list[str]) -> None:
        from stratumiops.ui.cli.output import one_line, print_note

        for problem in problems[:_SHOWN]:
            print_note(f"{self.directory}: {one_line(problem)}")
        if len(problems) > _SHOWN:
            print_note(f"{self.directory}: and {len(problems) - _SHOWN} more files that cannot be read.")
