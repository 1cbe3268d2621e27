"""The packages of the project: what each may import, what it exports, and which libraries it owns."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "kg"

PACKAGES = (
    *("cli", "web", "api", "build", "validation", "auth", "workers", "store", "sparql", "diff", "rdf", "source"),
    *("domain", "locales"),
)
"""From the top down: a package imports from those after it."""
OWNERS = {
    "pyoxigraph": {"store", "sparql", "rdf", "diff", "build"},
    "lark": {"sparql"},
    "pyld": {"rdf"},
    "pyshacl": {"validation"},
    "rdflib": {"rdf", "diff", "validation", "build", "domain"},
    "flask": {"web"},
    "werkzeug": {"web"},
    "granian": {"web"},
    "prometheus_client": {"web"},
    "pypinyin": {"web"},
    "mcp": {"web"},
    "babel": {"locales"},
}
ENTRIES = {"cli": {"main"}, "api": {"FriendshipCity", "KnowledgeGraph", "Rows", "open_graph"}}
"""What users of the package import."""
WITHOUT_FLASK = (
    *("web.http.negotiation", "web.http.protocol", "web.http.response_cache", "web.http.complete_response"),
    *("web.http.format_choice", "web.http.json_ld", "web.http.memento", "web.http.ranges", "web.http.forwarding"),
    *("web.api.query_requests", "web.api.openapi", "web.api.metrics", "web.front", "web.gateway", "web.direct_answers"),
    *("web.pages.bundle", "web.pages.footnotes", "web.pages.queries.", "web.pages.drawing."),
)
"""What answers before Flask sees a request, and what is used without one."""


@cache
def modules() -> dict[str, Path]:
    """Return the file of every module below ``kg`` by its dotted name, without the ``kg``."""
    files = {".".join(file.relative_to(SOURCE).with_suffix("").parts): file for file in SOURCE.rglob("*.py")}
    return {name.removesuffix(".__init__"): file for name, file in sorted(files.items()) if name != "__init__"}


@cache
def imports(module: str) -> tuple[tuple[str, str], ...]:
    """Return what a module imports: the dotted module, and the name from it, which is empty for ``import``."""
    return tuple(_imports(module))


def _imports(module: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(modules()[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import hides its package"
            yield from ((node.module or "", alias.name) for alias in node.names)


def package_of(module: str) -> str:
    """Return the package of a module."""
    return module.partition(".")[0]


def inner(module: str) -> set[str]:
    """Return the modules of ``kg`` that a module imports, without the ``kg``."""
    named = {f"{one}.{name}" if f"{one}.{name}"[3:] in modules() else one for one, name in imports(module)}
    return {name[3:] for name in named if name.startswith("kg.")}


@pytest.mark.parametrize("module", modules())
def test_imports_point_down(module: str) -> None:
    """A package imports packages below it, and nothing past their public API."""
    package = package_of(module)
    for imported, name in imports(module):
        other = package_of(imported.removeprefix("kg."))
        if imported.startswith("kg.") and other != package and module != "__main__":
            assert PACKAGES.index(other) > PACKAGES.index(package), f"{other} is above {package}"
            assert imported == f"kg.{other}", f"{imported} is not the API of {other}"
            assert name in import_module(imported).__all__


@pytest.mark.parametrize("module", modules())
def test_a_library_has_its_owners(module: str) -> None:
    """A library is imported only where it lives."""
    for imported, _ in imports(module):
        library = imported.partition(".")[0]
        assert package_of(module) in OWNERS.get(library, {package_of(module)}), library
        assert not (module.startswith(WITHOUT_FLASK) and library in {"flask", "werkzeug"})


def test_no_cycle() -> None:
    """No module reaches itself over its imports."""
    TopologicalSorter({module: inner(module) - {package_of(module)} for module in modules()}).prepare()


def test_what_is_exported_is_used() -> None:
    """A package exports what another one imports, and nothing else."""
    used: dict[str, set[str]] = defaultdict(set)
    for module in modules():
        for imported, name in imports(module):
            if imported.startswith("kg.") and package_of(imported[3:]) != package_of(module):
                used[imported[3:]].add(name)
    for package in PACKAGES:
        assert set(import_module(f"kg.{package}").__all__) == used[package] | ENTRIES.get(package, set())


def test_a_class_name_means_one_thing() -> None:
    """No two modules have a class of the same name."""
    places: dict[str, list[str]] = defaultdict(list)
    for module, file in modules().items():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module)
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_every_module_is_collected(pytestconfig: pytest.Config) -> None:
    """No folder of tests or doctests has a name that pytest passes over; by default it passes over ``build``."""
    root = pytestconfig.rootpath
    files = [file.relative_to(root) for name in ("src", "tests") for file in (root / name).rglob("*.py")]
    folders = {folder for file in files if "node_modules" not in file.parts for folder in file.parts[:-1]}
    assert "build" in folders
    patterns = pytestconfig.getini("norecursedirs")
    assert not {folder for folder in folders for pattern in patterns if fnmatch(folder, pattern)}
