"""The locks: every package pinned, with hashes, without an address, and nothing we depend on left out."""

from __future__ import annotations

import re
import tomllib

import pytest

LOCKS = ("run", "dev", "docs")
GROUPS = {"run": ("build",), "dev": ("build", "test", "check"), "docs": ("build", "docs")}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", name).group()).lower()


def entries(root, lock):
    """Give the text of each pinned package, by name and marker."""
    joined = (root / "locks" / f"{lock}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith(("#", " "))]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(root, lock):
    assert [line for line in entries(root, lock) if "==" not in line or not HASH.search(line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_stands_in_a_lock(root, lock):
    text = (root / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    assert re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links|git\+", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_everything_we_ask_for(root, lock):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"]]
    for group in GROUPS[lock]:
        asked += project["dependency-groups"][group]
    locked = {plain(line) for line in entries(root, lock)}
    assert {plain(name) for name in asked} - locked == set()


def test_locks_agree_on_versions(root):
    pins = {lock: {line.split("--hash")[0].strip() for line in entries(root, lock)} for lock in LOCKS}
    by_name = {lock: {plain(pin) for pin in pins[lock]} for lock in LOCKS}
    for lock in ("run", "docs"):
        shared = by_name[lock] & by_name["dev"]
        apart = {pin for pin in pins[lock] - pins["dev"] if plain(pin) in shared}
        assert apart == set()
