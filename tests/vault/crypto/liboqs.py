"""Native liboqs for the tests, built once from the C sources that the crate `oqs-sys` carries."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest

CRATE = "oqs-sys"
VERSION = "0.11.0+liboqs-0.13.0"
SHA256 = "ac6d66ee528a895ce5cc08851698d109c5d7ee5d7a0b3b40d61550eda91e414f"
ALGORITHMS = "KEM_ml_kem_512;KEM_ml_kem_768;KEM_ml_kem_1024;SIG_ml_dsa_44;SIG_ml_dsa_65;SIG_ml_dsa_87"
SETTINGS = (
    "-DBUILD_SHARED_LIBS=OFF", "-DCMAKE_POSITION_INDEPENDENT_CODE=ON", "-DCMAKE_BUILD_TYPE=Release",
    "-DOQS_BUILD_ONLY_LIB=ON", "-DOQS_USE_OPENSSL=OFF", "-DOQS_DIST_BUILD=ON", f"-DOQS_MINIMAL_BUILD={ALGORITHMS}",
)  # fmt: skip
EXTRA = """#include <stdbool.h>
/* liboqs-python 0.16 looks this up when imported; liboqs 0.13 lacks it. All schemes built here take contexts. */
bool OQS_SIG_supports_ctx_str(const char *name) { return name != 0; }
"""


def use_liboqs() -> None:
    """Make native liboqs the one that is found; skip the test where it cannot be built."""
    if "OQS_INSTALL_PATH" not in os.environ:
        os.environ["OQS_INSTALL_PATH"] = str(_built())


@cache
def _built() -> Path:
    base = Path(os.environ.get("STRATUMIOPS_CACHE") or Path.home() / ".cache" / "stratumiops")
    root = base / f"liboqs-{VERSION.rpartition('-')[2]}"
    if (root / "lib" / "liboqs.so").exists():
        return root
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    for needed, found in (
        ("a C compiler", compiler),
        ("cargo", shutil.which("cargo")),
        ("cmake", shutil.which("cmake")),
    ):
        if found is None:
            missing(f"liboqs is not built: there is no {needed}")
    base.mkdir(parents=True, exist_ok=True)
    with (base / "liboqs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "lib" / "liboqs.so").exists():
            _build(root, str(compiler))
    return root


def missing(reason: str) -> None:
    """Skip; an error where every part is required."""
    (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(reason)


def _build(root: Path, compiler: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        with tarfile.open(_crate()) as archive:
            archive.extractall(at, filter="data")
        source = at / f"{CRATE}-{VERSION}" / "liboqs"
        generator = ["-GNinja"] if shutil.which("ninja") else []
        _run("cmake", "-S", str(source), "-B", str(at / "build"), *generator, *SETTINGS)
        _run("cmake", "--build", str(at / "build"))
        (at / "extra.c").write_text(EXTRA, encoding="ascii")
        library = at / "liboqs.so"
        whole = ["-Wl,--whole-archive", str(at / "build" / "lib" / "liboqs.a"), "-Wl,--no-whole-archive"]
        _run(compiler, "-shared", "-fPIC", "-o", str(library), str(at / "extra.c"), *whole)
        (root / "lib").mkdir(parents=True, exist_ok=True)
        part = root / "lib" / "liboqs.so.part"
        shutil.copyfile(library, part)
        part.replace(root / "lib" / "liboqs.so")


def _crate() -> Path:
    """The crate's archive, as cargo fetched and checked it."""
    cached = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo") / "registry" / "cache"
    pattern = f"*/{CRATE}-{VERSION}.crate"
    if not any(cached.glob(pattern)):
        _run("cargo", "info", f"{CRATE}@{VERSION}")
    archive = next(cached.glob(pattern))
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        pytest.fail(f"the archive of {CRATE} {VERSION} is not the one that was pinned")
    return archive


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tempfile.gettempdir())
    if done.returncode:
        pytest.fail(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
