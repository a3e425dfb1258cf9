"""The shape of the house: the direction of the data, small modules, short functions, plain words."""

import ast
import re
import tomllib

import pytest
from importlinter.cli import lint_imports

from sliced import ROOT

SOURCE = ROOT / "src/comingclean"
TEXTS = {p.relative_to(SOURCE).as_posix(): p.read_text("utf-8") for p in sorted(SOURCE.rglob("*.py"))}
TREES = {name: ast.parse(text) for name, text in TEXTS.items()}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def nodes(kind):
    """Every node of a kind in every module, with the module's name."""
    return [
        (name, node)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, kind)
    ]


def public():
    """The classes, functions and methods that others may use, with the module's name."""
    for name, tree in TREES.items():
        members = [item for node in tree.body if isinstance(node, ast.ClassDef) for item in node.body]
        for node in [*tree.body, *members]:
            if isinstance(node, (*FUNCTION, ast.ClassDef)) and not node.name.startswith("_"):
                yield name, node


def test_data_goes_one_way_from_sources_to_views(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_contracts_name_the_whole_way_and_keep_views_from_readers():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(one["layers"] for one in settings["contracts"] if one["type"] == "layers")
    order = [layer for line in layers for layer in line.split(" | ")]
    wanted = ["views", "database", "estimates", "facilities", "sources"]
    assert [name for name in order if name in wanted] == wanted
    kept = {tuple(one["source_modules"]) for one in settings["contracts"] if one["type"] == "forbidden"}
    assert {("comingclean.views",), ("comingclean.estimates",), ("comingclean.sources",)} <= kept


def modules():
    """The name of every module, with its tree."""
    for name, tree in TREES.items():
        path = f"comingclean/{name.removesuffix('.py')}".removesuffix("/__init__")
        yield path.replace("/", "."), tree


def imported(tree, known):
    """The modules that a tree imports anywhere: within a function, and for types alone, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from names & known or {node.module} & known


def test_no_modules_import_each_other_in_a_circle():
    known = dict(modules())
    left = {name: set(imported(tree, set(known))) - {name} for name, tree in known.items()}
    assert sum(map(len, left.values())) > 500
    while free := [name for name, needed in left.items() if not needed & left.keys()]:
        for name in free:
            del left[name]
    assert left == {}


def test_no_module_is_longer_than_300_lines():
    lengths = {name: len(text.splitlines()) for name, text in TEXTS.items()}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_no_module_of_the_front_end_is_longer_than_300_lines():
    paths = [*(ROOT / "web/src").rglob("*.ts"), *(ROOT / "web/src").rglob("*.svelte")]
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in paths}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def body(function):
    """How many lines a function has; the options of a command are its arguments, and not counted."""
    return function.end_lineno - function.body[0].lineno + 1


def test_no_function_is_longer_than_40_lines():
    lengths = [(name, f.name, body(f)) for name, f in nodes(FUNCTION)]
    assert [found for found in lengths if found[-1] > 40] == []


def test_every_module_and_everything_public_says_what_it_is_for():
    assert [name for name, tree in TREES.items() if not ast.get_docstring(tree)] == []
    assert [(name, node.name) for name, node in public() if not ast.get_docstring(node)] == []


def test_every_function_has_full_hints():
    bare = []
    for name, function in nodes(FUNCTION):
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        hints = [a.annotation for a in named if a and a.arg not in ("self", "cls")]
        bare += [(name, function.name)] if None in [*hints, function.returns] else []
    assert bare == []


def test_no_path_of_a_workshop_stands_in_the_code():
    wrong = re.compile(r"/work/|\.\./shared|/root/|/home/")
    assert [name for name, text in TEXTS.items() if wrong.search(text)] == []


def test_every_join_of_frames_says_how_rows_may_meet():
    loose = []
    for name, call in nodes(ast.Call):
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        # A join of texts has no such words.
        of_frames = {"on", "left_on", "how"} & set(named) or len(call.args) > 1
        if getattr(call.func, "attr", "") == "join" and of_frames:
            how = getattr(named.get("how"), "value", "inner")
            loose += (
                [(name, call.lineno)] if "validate" not in named and how not in ("anti", "semi") else []
            )
    assert loose == []


def test_nothing_is_left_to_do_and_nothing_is_imported_blindly():
    left = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|import \*")
    assert [name for name, text in TEXTS.items() if left.search(text)] == []


TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("path", TESTS, ids=[path.stem for path in TESTS])
def test_no_test_lacks_an_assertion_and_none_is_skipped(path):
    holds = re.compile(r"\bassert\b|raises\(|expect\(|survives\(|check=True")
    tree = ast.parse(path.read_text("utf-8"))
    tests = [n for n in ast.walk(tree) if isinstance(n, FUNCTION) and n.name.startswith("test_")]
    assert tests
    assert [test.name for test in tests if not holds.search(ast.unparse(test))] == []
    assert not re.search(r"pytest\.(skip|xfail|importorskip)|mark\.(skip|xfail)", ast.unparse(tree))


def test_the_tests_of_every_folder_are_looked_at():
    folders = {path.parent.name for path in TESTS}
    assert {"tests", "browser", "community", "proximity", "toxics"} <= folders
