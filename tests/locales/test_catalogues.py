"""The catalogues: each language says the same, what code and templates name is there, and nothing else is."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from kg.locales import LANGUAGES, Language, Message
from kg.locales.catalogue import Pattern, read_catalogue

HOME = Path(__file__).parents[2]
SOURCE = HOME / "src" / "kg"
SCRIPTS = SOURCE / "web" / "frontend" / "src"
CALLS = {"Message": 0, "say": 0, "translate": 0}
"""What takes a key, and its place among the arguments."""
PUT_TOGETHER = (
    re.compile(r'f"((?:[a-z_]+\.)+)\{[^}"]+\}()"'),
    re.compile(r"f'((?:[a-z_]+\.)+)\{[^}']+\}()'"),
    re.compile(r'f"()\{[^}"]+\}(\.[a-z_]+)"'),
    re.compile(r'\bt\("((?:[a-z_]+\.)+)" ~ [\w.\[\]#"()-]+(?: ~ "([\w.]+)")?'),
    re.compile(r'\bt\("((?:[a-z_]+\.)+)" ~ \(()'),
)
"""How the key of a message is put together: its beginning and its end, in Python and in templates."""
FEWER_PARAMETERS = {
    "change.first_and_more",  # English says how many more, Korean and Chinese how many in all
    *("finding.commemorated-off-season", "finding.founded-on-intent", "finding.two-offices"),  # said in full in Korean
}
"""Messages that take other parameters in one language than in another."""


def forms(pattern: Pattern) -> dict[str, str]:
    """Return the plural forms of a message; one without them is its only form."""
    return {"other": pattern} if isinstance(pattern, str) else dict(pattern)


def placeholders(text: str) -> set[str]:
    """Return the names of the parameters that a text takes."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def lacking(keys: set[str]) -> list[str]:
    """Name what a language with these keys lacks."""
    return sorted(read_catalogue("ko").keys() - keys)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_no_language_lacks_a_key(language: Language) -> None:
    """A new language is one file; this names what is missing from it, or has no business there."""
    keys = set(read_catalogue(language.code))
    assert lacking(keys) == []
    assert keys - read_catalogue("ko").keys() == set()


def test_what_a_new_language_lacks_is_named() -> None:
    """By its key."""
    assert lacking(set(read_catalogue("en")) - {"date.since"}) == ["date.since"]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_languages_take_the_same_parameters(language: Language) -> None:
    """In each language and in every plural form, which are those of the language."""
    korean, other = read_catalogue("ko"), read_catalogue(language.code)
    for key in korean:
        wanted = placeholders(forms(korean[key])["other"])
        assert placeholders(forms(other[key])["other"]) == wanted or key in FEWER_PARAMETERS, key
        assert all(placeholders(text) <= wanted for text in forms(other[key]).values()) or key in FEWER_PARAMETERS, key
        assert forms(other[key]).keys() <= set(language.locale.plural_form.tags) | {"other"}, key


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_catalogue_is_sorted(language: Language) -> None:
    """Areas, keys and plural forms, so that two branches that add some seldom meet."""
    text = (SOURCE / "locales" / f"{language.code}.json").read_text("utf-8")
    assert text == f"{json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True)}\n"


def calls() -> Iterator[tuple[Path, str, set[str]]]:
    """Yield what code asks for by its whole key: the file, the key, the names of the parameters."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            key = node.args[0]
            if name in CALLS and isinstance(key, ast.Constant) and isinstance(key.value, str):
                given = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield file, key.value, given


def test_a_call_gives_what_its_message_takes() -> None:
    """Nothing is missing and nothing idle, in any language."""
    for file, key, given in calls():
        taken = {
            language.code: placeholders(forms(read_catalogue(language.code)[key])["other"]) for language in LANGUAGES
        }
        counts = {"count"} if not isinstance(read_catalogue("en")[key], str) else set()
        assert all(names | counts <= given for names in taken.values()), f"{file.name}: {key}"
        assert given == set().union(counts, *taken.values()), f"{file.name}: {key}"


def test_what_templates_say_is_in_the_catalogues() -> None:
    """A key that a template names is there; one that it puts together begins as some key does."""
    catalogue = read_catalogue("ko")
    for template in (SOURCE / "web" / "templates").rglob("*.html"):
        for key, is_part in re.findall(r'\bt\("([\w.-]+)"(?:\s*(~))?', template.read_text("utf-8")):
            found = key in catalogue if not is_part else any(name.startswith(key) for name in catalogue)
            assert found, f"{template.name}: {key}"


def texts(folder: Path, *endings: str) -> str:
    """Return the files below a folder that end so, as one text."""
    files = (file for ending in endings for file in sorted(folder.rglob(f"*.{ending}")))
    return "\n".join(file.read_text("utf-8") for file in files if "node_modules" not in file.parts)


def test_every_message_is_said() -> None:
    """A key is named, or begins and ends as one that is put together, with a word between that is known elsewhere."""
    naming, scripts = texts(SOURCE, "py", "html"), texts(SCRIPTS, "js")
    known = naming + texts(SOURCE, "rq") + texts(HOME / "ontology", "ttl") + texts(HOME / "data", "json")
    ends = {found for pattern in PUT_TOGETHER for found in pattern.findall(naming)}
    quoted = set(re.findall(r"[\"']([\w.-]+)(?=[\"'])", naming))
    known_words = set(re.findall(r"[\w-]+", known))

    def is_said(key: str) -> bool:
        if key in quoted:
            return True
        if key.startswith("editor."):
            return bool(re.search(rf'"{key.removeprefix("editor.")}"|[{{,] {key.removeprefix("editor.")}\b', scripts))
        words = (
            key[len(start) : len(key) - len(end)] for start, end in ends if key.startswith(start) and key.endswith(end)
        )
        return any(word in known_words or (" " in word and f'"{word}"' in known) for word in words)

    assert not [key for key in read_catalogue("ko") if not is_said(key)]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_message_has_parts_in_its_own_language(language: Language) -> None:
    """A parameter that is a message is written in the language of the whole."""
    part = Message("store.disk_full")
    assert part.in_language(language.code) in Message("store.unwritable", reason=part).in_language(language.code)
