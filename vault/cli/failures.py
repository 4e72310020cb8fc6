"""How a command ends when it could not do what was asked."""

from collections.abc import Sequence


class Failed(Exception):
    """What is told, and the exit status: 1 for what is wrong here, 2 for what the server said."""

    def __init__(self, text: str, status: int = 2) -> None:
        super().__init__(text)
        self.status = status


class Refused(Failed):
    """The server's answer."""

    def __init__(self, method: str, url: str, code: int, errors: Sequence[str], hint: str = "") -> None:
        lines = [f"Error making API request.\n\nURL: {method} {url}\nCode: {code}. Errors:\n"]
        lines += [f"* {one}" for one in errors] or ["* nothing is there" if code == 404 else "* no reason was given"]
        super().__init__("\n".join([*lines, *([f"\n{hint}"] if hint else [])]))
        self.code = code
        self.errors = tuple(errors)
