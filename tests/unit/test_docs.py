"""The docs say what there is, and nothing that is not there."""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import asylia
import asylia.testing
from asylia.cli.main import COMMANDS
from asylia.cli.main import load as load_command
from asylia.io.folder import new_case, read_case
from asylia.model.rules import RULES
from asylia.model.schemas import TABLES
from asylia.study.criteria import JUDGES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")])
WRITTEN = [page for page in PAGES if "generated" not in page.parts and "_build" not in page.parts]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
COMMAND = re.compile(r"(?:^|[\s`/])asylia ([a-z]+)((?: [^`\n#;|]*)?)")
GLOSSARY = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")


def load(path: str):
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generated():
    return {name: page() for name, page in load("docs/generate.py").PAGES.items()}


@pytest.fixture(scope="module")
def commands():
    return {name: load_command(name) for name in COMMANDS}


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def toml_of(file: str) -> str:
    """Give the example of one file from the page on the case folder."""
    text = (ROOT / "docs" / "reference" / "case-folder.md").read_text(encoding="utf-8")
    return re.search(rf"^## {re.escape(file)}\n.*?```toml\n(.*?)```", text, re.DOTALL | re.MULTILINE).group(1)


@pytest.mark.parametrize("schema", TABLES.values(), ids=TABLES)
def test_every_column_is_documented(schema, generated):
    part = generated["tables"].split(f"## {schema.file}\n")[1].split("\n## ")[0]
    assert [c.name for c in schema.columns if f"| `{c.name}` |" not in part or not c.doc] == []


def test_every_rule_and_criterion_is_documented(generated):
    assert [
        name for name, rule in RULES.items() if f"`{name}`" not in generated["rules"] or not rule.doc
    ] == []
    found = [judge.criterion for judge in JUDGES]
    assert [c.id for c in found if f"`{c.id}`" not in generated["criteria"] or not c.basis] == []


def test_every_command_and_option_is_documented(generated, commands):
    page = generated["commands"]
    assert commands
    for name, command in commands.items():
        assert f"## asylia {name}\n" in page
        assert command.help, name
        silent = [p.name for p in command.params if p.name != "help" and not getattr(p, "help", "")]
        assert silent == [], name


def test_every_public_name_is_documented(generated):
    assert [name for name in asylia.__all__ if f":: asylia.{name}\n" not in generated["python"]] == []
    homes = vars(asylia.testing).items()
    own = {n for n, v in homes if n[0] != "_" and getattr(v, "__module__", "") == "asylia.testing"}
    assert [name for name in own if f":: asylia.testing.{name}\n" not in generated["python"]] == []


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_holds_no_broken_link_or_command(page, generated, commands):
    text = page.read_text(encoding="utf-8")
    made = {(ROOT / "docs" / "reference" / "generated" / f"{name}.md").resolve() for name in generated}
    targets = {link: (page.parent / link).resolve() for link in LINK.findall(text)}
    assert [link for link, target in targets.items() if not (target.exists() or target in made)] == []
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    for name, rest in COMMAND.findall(code):
        assert name in commands, f"asylia {name}"
        part = rest.split()[0] if rest.split() else ""
        command = (
            commands[name].part(part) if part in getattr(commands[name], "parts", ()) else commands[name]
        )
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, f"asylia {name}{rest}"


def test_targets_named_in_the_docs_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in WRITTEN:
        named = set(re.findall(r"[`$] ?make ([a-z]+)", page.read_text(encoding="utf-8")))
        assert named <= targets, page.name


def test_words_of_the_glossary_are_sorted_out_once():
    words = re.findall(r"^([a-z][a-z ]+)\n  \S", GLOSSARY, re.MULTILINE)
    assert len(words) == len(set(words)) > 30


def test_examples_of_the_case_folder_pass_the_check(tmp_path):
    folder = tmp_path / "riverland"
    new_case(folder)
    for file in folder.glob("plans/*.toml"):
        file.unlink()
    for file in ("case.toml", "actors.toml", "statements.toml"):
        (folder / file).write_text(toml_of(file), encoding="utf-8")
    (folder / "plans" / "mill-zone.toml").write_text(toml_of("plans/\\*.toml"), encoding="utf-8")
    case = read_case(folder)
    assert [plan.id for plan in case.plans] == ["none", "mill-zone"]
    assert case.statements[0].id == "RIV-1"


def test_the_three_forms_of_a_number_are_toml():
    assert set(tomllib.loads(toml_of("An uncertain number"))) == {"a", "b", "c"}


def test_the_lines_of_the_readme_are_the_example():
    example = (ROOT / "examples" / "compare_plans.py").read_text(encoding="utf-8")
    lines = [line for line in blocks(ROOT / "README.md", "python")[0].splitlines() if line]
    assert len(lines) == 6
    assert [line for line in lines if line not in example] == []


def test_the_example_runs(tmp_path):
    script = ROOT / "examples" / "compare_plans.py"
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "turkey-north" in done.stdout
    assert "No zone" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_fragments_have_a_kind():
    kinds = set(
        re.findall(r"^\| `([a-z]+)` \|", (ROOT / "changelog.d" / "README.md").read_text(), re.MULTILINE)
    )
    assert kinds == {"added", "changed", "fixed", "removed", "numbers"}
    names = [file.name for file in (ROOT / "changelog.d").glob("*.md") if file.name != "README.md"]
    assert [name for name in names if name.split(".")[-2] not in kinds] == []


def test_a_release_collects_fragments_by_kind(tmp_path):
    (tmp_path / "b.fixed.md").write_text("Mended\nthis.\n", encoding="utf-8")
    (tmp_path / "a.added.md").write_text("New.\n", encoding="utf-8")
    tool = load("tools/changelog.py")
    text = tool.section("0.2.0", dt.date(2026, 1, 5), tool.fragments(tmp_path))
    assert " ".join(text.split()) == "## 0.2.0 (2026-01-05) ### Added - New. ### Fixed - Mended this."
