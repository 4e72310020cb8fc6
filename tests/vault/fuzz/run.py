"""Fuzzes parsers until something is found, or for as long as the options of libFuzzer say.

    python -m fuzz.run policies FOLDER -max_total_time=60

Of several names, with commas between, the first byte of an input chooses. The folder keeps what has led further; what
is found is written beside it, and is run again when it is given instead.
"""

import os
import sys
from pathlib import Path

import atheris

os.environ["RUST_BACKTRACE"] = "0"  # making those of refused keys would take nearly all the time
with atheris.instrument_imports(include=["stratumiops.vault"]):
    from .harnesses import HARNESSES, seeds


def main(names: str, corpus: str, *options: str) -> None:
    """Fuzz the parsers of these names."""
    chosen = names.split(",")
    parsers = [HARNESSES[name] for name in chosen]
    if Path(corpus).is_dir():
        for number, name in enumerate(chosen):
            for place, seed in enumerate(seeds(name)):
                (Path(corpus) / f"seed-{name}-{place}").write_bytes(bytes([number]) + seed)

    def one(data: bytes) -> None:
        if data:
            parsers[data[0] % len(parsers)](data[1:])

    atheris.Setup([sys.argv[0], corpus, "-max_len=8192", "-timeout=30", *options], one)
    atheris.Fuzz()


main(*sys.argv[1:])
