"""What no file of the repository may say: where it was written, and where packages come from."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .blocks import ROOT

GENERATED = {f"requirements/{name}.txt" for name in ("lock", "uv", "extras", "bench")}
LOCKS = ("package-lock.json",)
OWN = "tests/docs/test_repository.py"
MACHINE_PATH = re.compile(
    r"(?<![\w.~-])/(?:work|root|Users|mnt|opt)/[\w.-]+|(?<![\w.~$-])/home/[a-z][\w.-]*/|(?<!\w)[A-Z]:\\Users"
)
HOST = re.compile(r"https?://([A-Za-z0-9.-]+)")
KNOWN_HOSTS = {
    "127.0.0.1", "localhost", "0.0.0.0",
    "repo.maven.apache.org",  # the public default of STRATUMIOPS_MAVEN
    "github.com", "pypi.org", "www.npmjs.com", "graphql.github.io", "keepachangelog.com", "semver.org",
    "api.openai.com",  # the public default of the provider openai
    "www.apache.org", "www.conventionalcommits.org", "scalars.graphql.org", "www.w3.org",
}  # fmt: skip
RESERVED = (".example", ".invalid", ".test", "example.com", "example.org", "example.net", ".localhost")


def text_files() -> Iterator[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.split("\0"):
        path = ROOT / name
        if name and path.is_file() and not path.is_symlink() and b"\0" not in path.read_bytes()[:8192]:
            yield name


@pytest.fixture
def files() -> list[str]:
    """The text files of the repository, without samples of other people's texts and this list of bad examples."""
    return [name for name in text_files() if not name.startswith("tests/samples/") and name != OWN]


def read(name: str) -> str:
    return (ROOT / name).read_bytes().decode("utf-8", "replace")


def test_files_are_found(files: list[str]) -> None:
    assert {"README.md", "Makefile", "graph/errors.py", ".kogral/config.toml"} <= set(files)


def test_no_path_of_a_machine(files: list[str]) -> None:
    assert {name: found for name in files if (found := MACHINE_PATH.findall(read(name)))} == {}


def test_the_search_for_machine_paths_finds_them() -> None:
    for bad in ("see /work/main/graph", "cd /home/someone/checkout", "'/root/.cache'", "C:\\Users\\me"):
        assert MACHINE_PATH.search(bad), bad
    for good in ("~/.cache/stratumiops", "docs/work/in", "/graphql", "$HOME/data"):
        assert not MACHINE_PATH.search(good), good


def test_no_host_that_is_not_public_documentation(files: list[str]) -> None:
    names = [name for name in files if not name.endswith((*LOCKS, *GENERATED, "LICENSE"))]
    assert {name: found for name in names if (found := unknown_hosts(read(name)))} == {}


def unknown_hosts(text: str) -> set[str]:
    hosts = {host.lower().rstrip(".") for host in HOST.findall(text)}
    return {host for host in hosts - KNOWN_HOSTS if not host.endswith(RESERVED) and "." in host}


def test_the_search_for_hosts_finds_them() -> None:
    assert unknown_hosts("index-url = https://mirror.corp.lan/simple") == {"mirror.corp.lan"}
    assert unknown_hosts("http://127.0.0.1:8001 https://db.example/x") == set()


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_python_locks_name_no_address(name: str) -> None:
    assert "://" not in read(name)


def test_npm_locks_name_no_registry(files: list[str]) -> None:
    locks = [name for name in files if name.endswith("package-lock.json")]
    assert len(locks) == 3
    for name in locks:
        packages = json.loads(read(name))["packages"]
        assert [path for path, package in packages.items() if "resolved" in package] == []
        assert all("integrity" in package for path, package in packages.items() if path)


def test_licences_of_what_is_fetched_are_listed() -> None:
    page = read("THIRD_PARTY.md")
    wanted = [line for line in read("requirements/run.in").splitlines() if line and not line.startswith("#")]
    for requirement in wanted:
        name = re.split(r"[\[=<>;~ ]", requirement)[0]
        assert re.search(rf"^\| {re.escape(name)} \|", page, re.M), f"{name} is not in THIRD_PARTY.md"
    for package in json.loads(read("ui/web/package.json"))["dependencies"]:
        assert re.search(rf"^\| {re.escape(package)} \|", page, re.M), f"{package} is not in THIRD_PARTY.md"


def test_the_version_is_in_the_changelog() -> None:
    version = re.search(r'__version__ = "([^"]+)"', read(".dev/stratumiops/__init__.py"))
    assert version
    assert f"## [{version[1]}]" in read("CHANGELOG.md")


def test_every_folder_of_the_readme_is_there() -> None:
    named = re.findall(r"^([.\w]+/) {2,}", Path(ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    assert len(named) >= 7
    assert [folder for folder in named if not (ROOT / folder).is_dir()] == []
