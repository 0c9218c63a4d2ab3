"""The house stands as drawn: what import-linter cannot see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Lowest first: a storey may name itself and what is before it.
STOREYS = ("kit", "fleet", "hosting", "compliance", "config")
WITH_ORDERED_ROOMS = ("fleet", "hosting", "compliance")
GATHERING = {"__init__", "admin", "api", "apps", "models", "tasks", "urls"}
NOT_ROOMS = {"migrations", "management", "templatetags", "static", "locale", "__pycache__"}
TOP_LEVEL_FOLDERS = {*STOREYS, "templates", "seeds", "tests", "docs", "deploy", "benchmarks", "locale", "var"}
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager", "process", "handle", "data"}
LONGEST_FILE = 400
WITH_DOCSTRINGS = {"verbs.py", "reads.py", "rules.py"}


def modules(*roots: str) -> Iterator[Path]:
    """Yield the Python files of these folders, without migrations."""
    for root in roots:
        for path in sorted((PROJECT / root).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def shown(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def relation_targets(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and storey of every relation that names its model by a string."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in ("ForeignKey", "OneToOneField", "ManyToManyField"):
            continue
        for argument in [
            *node.args[:1],
            *(word.value for word in node.keywords if word.arg in ("to", "through")),
        ]:
            if (
                isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
                and "." in argument.value
            ):
                yield node.lineno, argument.value.split(".")[0]


def points_up(storey: str, target: str) -> bool:
    return target in STOREYS and STOREYS.index(target) > STOREYS.index(storey)


def ordered_rooms(storey: str) -> set[str]:
    """Return the rooms that the storey's import contract puts in order."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract.get("containers") == [storey]:
            return {layer.strip("()") for layer in contract["layers"]}
    return set()


def test_no_foreign_key_points_up_a_storey():
    found = [
        f"{shown(path)}:{line} points at {target}"
        for storey in STOREYS
        for path in modules(storey)
        for line, target in relation_targets(parsed(path))
        if points_up(storey, target)
    ]
    assert found == []


def test_a_foreign_key_that_points_up_would_be_found():
    tree = ast.parse("owner = models.ForeignKey(to='hosting.Party', on_delete=models.CASCADE)")
    assert [target for _, target in relation_targets(tree)] == ["hosting"]
    assert points_up("fleet", "hosting")
    assert not points_up("compliance", "hosting")


def test_no_file_is_longer_than_400_lines():
    lengths = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(*STOREYS, "tests", "benchmarks")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_module_has_a_name_that_says_nothing():
    found = [
        shown(path)
        for path in modules(*STOREYS, "tests")
        if BANNED_NAMES & {*path.relative_to(PROJECT).with_suffix("").parts}
    ]
    assert found == []


def test_nothing_stands_beside_the_storeys():
    files = {path.name for path in PROJECT.glob("*.py")}
    folders = {
        path.name
        for path in PROJECT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and any(path.rglob("*.py"))
    }
    assert files == {"manage.py"}
    assert folders - TOP_LEVEL_FOLDERS == set()


@pytest.mark.parametrize("storey", WITH_ORDERED_ROOMS)
def test_every_room_has_its_place_in_the_order(storey):
    rooms = {
        path.name for path in (PROJECT / storey).iterdir() if path.is_dir() and path.name not in NOT_ROOMS
    }
    assert rooms - ordered_rooms(storey) == set()


@pytest.mark.parametrize("storey", WITH_ORDERED_ROOMS)
def test_beside_its_rooms_a_storey_only_gathers(storey):
    beside = {path.stem for path in (PROJECT / storey).glob("*.py")}
    assert beside - GATHERING == set()


def test_code_imports_from_the_room_and_never_from_what_gathers():
    gathered = re.compile(
        r"^\s*(from|import) (kit|fleet|hosting|compliance)\.(models|admin|api|tasks)\b", re.M
    )
    found = [
        shown(path)
        for path in modules(*STOREYS)
        if path.parent.name not in STOREYS and gathered.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_public_verb_read_and_rule_says_what_it_does():
    found = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in modules(*WITH_ORDERED_ROOMS, "kit")
        if path.name in WITH_DOCSTRINGS
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert found == []
