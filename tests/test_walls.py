"""The rooms of the house: a room imports only from rooms below it, and a library has one owner."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "kg"

FLOORS = {
    "messages": 0.9,
    "dates": 1.0,
    "errors": 1.0,
    "model": 1.1,
    "vocab": 1.1,
    "iri": 2.0,
    "settings": 2.0,
    "questions": 2.1,
    "sparql": 2.5,
    "page": 3.0,
    "store": 3.0,
    "workers": 3.5,
    "graph": 4.0,
    "validation": 4.5,
    "build": 5.0,
    "asking": 5.05,
    "distributing": 5.05,
    "proposing": 5.05,
    "publish": 5.1,
    "remembering": 5.1,
    "extension": 5.12,
    "comparing": 5.15,
    "deciding": 5.16,
    "telling": 5.2,
    "web": 6.0,
    "cli_versions": 6.8,
    "cli_tokens": 6.9,
    "cli": 7.0,
    "__main__": 8.0,
}
OWNERS = {
    "pyoxigraph": {"store", "sparql"},
    "lark": {"sparql"},
    "pyshacl": {"graph.evaluation"},
    "rdflib": {"graph", "vocab"},
    "flask": {"web"},
    "werkzeug": {"web"},
    "granian": {"web.server"},
    "prometheus_client": {"web.metrics"},
    "pypinyin": {"web.reading.pinyin"},
    "babel": {"web.languages"},
}
WITHOUT_FLASK = {
    *("web.negotiation", "web.protocol", "web.hot", "web.complete", "web.querying"),
    *("web.front", "web.gateway", "web.direct", "web.openapi", "web.metrics"),
    *("web.reading", "web.drawing"),
    *("web.format_choice", "web.json_ld", "web.memento", "web.ranges"),
    *("web.bundle", "web.footnotes", "web.forwarding", "web.languages.language", "web.languages.edtf"),
}


@cache
def modules() -> list[str]:
    """List every module below ``kg``, dotted, without the ``kg``."""
    files = sorted(SOURCE.rglob("*.py"))
    dotted = (".".join(file.relative_to(SOURCE).with_suffix("").parts) for file in files)
    return [name.removesuffix(".__init__") for name in dotted if name != "__init__"]


@cache
def imports(module: str) -> tuple[str, ...]:
    """Return what a module imports: dotted names."""
    return tuple(_imports(module))


def _imports(module: str) -> Iterator[str]:
    path = SOURCE / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import hides its room"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(module: str) -> set[str]:
    """Return the modules of ``kg`` that a module imports, without the ``kg``."""
    known = set(modules())
    assert "kg" not in {name for name in imports(module) if name == "kg"}, f"{module} imports kg itself"
    return {name[3:] for name in imports(module) if name.startswith("kg.") and name[3:] in known} - {module}


@pytest.mark.parametrize("module", modules())
def test_no_arrow_runs_up(module: str) -> None:
    """A room imports from its own room or from a room below."""
    room = module.split(".", maxsplit=1)[0]
    above = {
        other for other in ours(module) if other.split(".")[0] != room and FLOORS[other.split(".")[0]] >= FLOORS[room]
    }
    assert not above


@pytest.mark.parametrize("module", modules())
def test_a_library_has_one_owner(module: str) -> None:
    """A library is imported only where it lives."""
    for name in imports(module):
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or any(module == o or module.startswith(f"{o}.") for o in owners), name
    if module in WITHOUT_FLASK or module.startswith(("web.reading.", "web.drawing.")):
        assert not {name for name in imports(module) if name.split(".")[0] in {"flask", "werkzeug"}}


def test_no_cycle() -> None:
    """No module reaches itself over its imports."""
    arrows = {module: ours(module) for module in modules()}

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path, module))
        for other in sorted(arrows[module]):
            visit(other, (*path, module))

    for module in arrows:
        visit(module, ())
