import pytest
from flask import Flask, render_template_string

from kg.domain import Settings
from kg.locales import Label
from kg.web.app import create_app
from kg.web.pages.bundle import Bundle
from kg.web.pages.footnotes import Footnotes

BASE = "https://kg.seocho.example/"


@pytest.fixture
def app(settings: Settings) -> Flask:
    """Make an application; what is tested here asks the store for nothing."""
    return create_app(settings, bundle=Bundle())


def rendered(app: Flask, template: str, *, query: str = "lang=en", prefix: str = "", **values: object) -> str:
    """Render a template that has the macros, without the space between its lines."""
    with app.test_request_context(f"/?{query}", environ_overrides={"SCRIPT_NAME": prefix}):
        text = render_template_string(f'{{% import "macros.html" as m with context %}}{template}', **values)
    return "".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize(("target", "query", "address"), [
    ("/cities", "lang=en", "/kg/cities?lang=en"),
    ("/cities", "", "/kg/cities"),
    (f"{BASE}id/municipality/hebi", "lang=zh", "/kg/page/municipality/hebi?lang=zh"),
    (f"{BASE}ontology#Friendship", "lang=ko", "/kg/ontology?lang=ko#Friendship"),
    ("/exchanges?year=2016", "lang=ko", "/kg/exchanges?year=2016&amp;lang=ko"),
    ("https://www.wikidata.org/entity/Q1", "lang=ko", "https://www.wikidata.org/entity/Q1"),
])  # fmt: skip
def test_a_page_is_addressed_by_path_or_by_iri(app: Flask, target: str, query: str, address: str) -> None:
    """Under the prefix, with the language where it was given; what is not ours is left as it is."""
    template = "{{ m.link('text', target) }}"
    assert rendered(app, template, query=query, prefix="/kg", target=target) == f'<a href="{address}">text</a>'


def test_a_file_has_no_language(app: Flask) -> None:
    """Downloads and data are the same in each."""
    template = "{{ file_address('/sparql', query='ASK {}', format=none) }}"
    assert rendered(app, template, prefix="/kg") == "/kg/sparql?query=ASK+%7B%7D"


@pytest.mark.parametrize(("label", "name"), [
    (Label("Hebi", "en"), "Hebi"),
    (Label("학벽시", "ko"), '<span lang="ko">학벽시</span>'),
    (Label("<410600>", ""), "&lt;410600&gt;"),
    ("<Hebi>", "&lt;Hebi&gt;"),
])  # fmt: skip
def test_a_name_says_its_language_where_it_is_another(app: Flask, label: object, name: str) -> None:
    """A label in the language of the page, in another, in none; a plain text."""
    assert rendered(app, "{{ m.name(label) }}", label=label) == name


def test_korean_source_text_is_a_quotation(app: Flask) -> None:
    """It stays as it is, marked as Korean and as quoted."""
    assert rendered(app, "{{ m.quote('약 1,18만명') }}") == '<q class="quotation" lang="ko">약 1,18만명</q>'
    assert rendered(app, "{{ m.quotation('원문', cite='/source/a') }}") == (
        '<blockquote class="quotation" lang="ko" cite="/source/a">원문</blockquote>'
    )


@pytest.mark.parametrize(("edtf", "written"), [
    ("2016-11", '<time datetime="2016-11">November 2016</time>'),
    ("2014/2016", "2014\u2009–\u20092016"),
    ("unknown", "unknown"),
])  # fmt: skip
def test_a_date_is_machine_readable_where_html_can_say_it(app: Flask, edtf: str, written: str) -> None:
    """An interval has no ``datetime``."""
    assert rendered(app, "{{ m.day(edtf) }}", edtf=edtf) == written


def test_footnotes_lead_there_and_back(app: Flask) -> None:
    """A source has one number however often it is named; each mark has its own name; the note leads to the first."""
    template = """{% call m.facts() %}{% for source in ["a", "b", "a"] %}
    {% call m.fact(source) %}{{ m.mark(notes.mark(source)) }}{% endcall %}{% endfor %}{% endcall %}
    {% call(source) m.notes(notes) %}<i>{{ source }}</i>{% endcall %}"""
    page = rendered(app, template, notes=Footnotes[str]())
    for number, nth in ((1, 1), (2, 1), (1, 2)):
        assert f'<a href="#note-{number}" id="mark-{number}-{nth}" aria-label="Source {number}">[{number}]</a>' in page
    assert '<li id="note-1"><i>a</i> <a href="#mark-1-1" aria-label="Back to the text">↩</a></li>' in page
    assert page.count("<li") == 2


def test_no_sources_no_footnotes(app: Flask) -> None:
    """No empty list at the end."""
    assert rendered(app, "{% call(source) m.notes(notes) %}{% endcall %}", notes=Footnotes[str]()) == ""


def test_a_table_can_be_reached_by_keyboard(app: Flask) -> None:
    """The region that moves sideways has a name and takes the focus; a caption may be for screen readers alone."""
    page = rendered(app, "{% call m.table('Cities', is_shown=false, is_wide=true) %}<tbody></tbody>{% endcall %}")
    assert page == (
        '<div class="table wide" role="region" aria-label="Cities" tabindex="0"><table>'
        '<caption class="hidden-visually">Cities</caption><tbody></tbody></table></div>'
    )


def test_badges_and_alerts_name_their_kind(app: Flask) -> None:
    """By class, for the eye; the text says it for everyone."""
    assert rendered(app, "{{ m.badge(t('badge.doubt'), 'doubt') }}") == '<span class="badge doubt">doubtful</span>'
    page = rendered(app, "{% call m.alert('warning') %}<p>x</p>{% endcall %}")
    assert page == '<div class="alert warning" role="note"><p>x</p></div>'
