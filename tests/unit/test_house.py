"""The rules of the house, as tests. CONTRIBUTING.md says why each is there."""

from __future__ import annotations

import ast
import os
import re
import resource
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 40
MOST_PUBLIC_METHODS = 12
MOST_DATA_BYTES = 1_000_000
IMPORT_SECONDS = 0.3
HELP_SECONDS = 0.4

BANNED_FILES = {"base", "common", "handler", "helper", "helpers", "manager", "misc", "util", "utils"}
BANNED_CLASSES = re.compile(r"^Base(?=[A-Z]|$)|(Manager|Handler|Helpers?|Utils?|Mixin)$")
READERS = {"open", "read_text", "read_bytes", "read_csv", "read_parquet", "load", "basicConfig", "getenv"}
HEAVY = {"numba", "numpy", "polars", "pydantic", "scipy", "shapely", "jinja2"}
TEXT = {
    ".csv",
    ".cff",
    ".geojson",
    ".html",
    ".j2",
    ".md",
    ".py",
    ".rst",
    ".sh",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}

# Written in pieces, so that this file does not break its own rules.
UNFINISHED = re.compile(rf"\b({'TO' + 'DO'}|{'FIX' + 'ME'})\b")
MACHINE_PATH = re.compile(r"(?<![\w.}])/(work|home|root|opt|tmp|Users|var/tmp)/[\w.]")
REGISTRY = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)"]))

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "asylia"
MODULES = sorted(SOURCE.rglob("*.py"))
TREES = {str(file.relative_to(SOURCE)): ast.parse(file.read_text(encoding="utf-8")) for file in MODULES}


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for name, tree in TREES.items():
        yield from ((name, node) for node in ast.walk(tree) if isinstance(node, kinds))


def at(name: str, node: ast.AST) -> str:
    return f"{name}:{node.lineno} {getattr(node, 'name', '')}".rstrip()


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def kept_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files are kept")
    command = [git, "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in found.split("\0") if name]
    return [file for file in files if file.is_file() and (file.suffix in TEXT or not file.suffix)]


def lines_like(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number} {found.group()}"
        for file in kept_files()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := pattern.search(line))
    ]


def cpu_seconds(command: list[str], runs: int = 5) -> float:
    """Give the least processor time of several runs; other work on the machine does not count."""
    spent = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def loaded_by(command: list[str]) -> set[str]:
    """Name the heavy packages that a command imports."""
    environment = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    found = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stderr
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in found.splitlines()} & HEAVY


def test_files_are_short():
    lengths = {name: len((SOURCE / name).read_text(encoding="utf-8").splitlines()) for name in TREES}
    assert {name: n for name, n in lengths.items() if n > MOST_FILE_LINES} == {}


def test_functions_are_short():
    long = []
    for name, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
        if length > MOST_FUNCTION_LINES:
            long.append(f"{at(name, node)}: {length} lines")
    assert long == []


def test_classes_do_one_thing():
    large = []
    for name, node in nodes(ast.ClassDef):
        public = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name[0] != "_"]
        if len(public) > MOST_PUBLIC_METHODS:
            large.append(f"{at(name, node)}: {len(public)} public methods")
    assert large == []


def test_names_say_what_is_inside():
    files = [name for name in TREES if BANNED_FILES & set(re.split(r"[/_.]", name.removesuffix(".py")))]
    classes = [at(name, node) for name, node in nodes(ast.ClassDef) if BANNED_CLASSES.search(node.name)]
    assert files + classes == []


def test_only_the_command_line_speaks_and_exits():
    talk = {"print", "exit", "quit", "sys.exit", "os._exit", "SystemExit"}
    found = [at(n, c) for n, c in nodes(ast.Call) if called(c) in talk and not n.startswith("cli/")]
    assert found == []


def test_errors_are_caught_by_name():
    broad = {"Exception", "BaseException"}
    found = []
    for name, node in nodes(ast.ExceptHandler):
        caught = (
            {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else broad
        )
        if caught & broad:
            found.append(at(name, node))
    assert found == []


def test_nothing_is_read_at_import():
    found = []
    for name, tree in TREES.items():
        ready = [part for part in tree.body if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
        while ready:
            node = ready.pop()
            if isinstance(node, ast.Call) and called(node).rsplit(".", 1)[-1] in READERS:
                found.append(at(name, node))
            inside = ast.iter_child_nodes(node)
            ready.extend(n for n in inside if not isinstance(n, ast.FunctionDef | ast.Lambda))
    assert found == []


@pytest.mark.parametrize(
    "pattern", [UNFINISHED, MACHINE_PATH, REGISTRY], ids=["unfinished", "path", "registry"]
)
def test_kept_files_hold_nothing_of(pattern):
    assert lines_like(pattern) == []


def test_import_is_silent_and_fast():
    command = [sys.executable, "-c", "import asylia"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert loaded_by(command) == set()
    assert cpu_seconds(command) < IMPORT_SECONDS


def test_help_is_fast():
    command = [str(Path(sys.executable).with_name("asylia")), "--help"]
    assert loaded_by(command) == set()
    assert cpu_seconds(command) < HELP_SECONDS


def test_cases_are_small_enough_to_ship():
    files = [file for file in (SOURCE / "data" / "cases").rglob("*") if file.is_file()]
    assert files
    assert sum(len(zlib.compress(file.read_bytes())) for file in files) < MOST_DATA_BYTES
