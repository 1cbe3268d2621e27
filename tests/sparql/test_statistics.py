"""Statistics are exact when they are made, and upper bounds after any change."""

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.sparql import Statistics
from kg.sparql.statistics import RDF_TYPE, Counts

PREDICATES = [NamedNode(iri) for iri in ("http://a/p", "http://a/q", RDF_TYPE)]
SUBJECTS: list[NamedNode | BlankNode] = [NamedNode("http://a/s"), NamedNode("http://a/t"), BlankNode("b")]
OBJECTS: list[NamedNode | BlankNode | Literal] = [*SUBJECTS, NamedNode("http://a/C"), Literal("a b .\n<x>")]
OBJECTS += [Literal("c", language="ko"), Literal(1)]
GRAPHS = [DefaultGraph(), DefaultGraph(), NamedNode("http://a/g"), NamedNode("http://a/h")]

terms = [st.sampled_from(some) for some in (SUBJECTS, PREDICATES, OBJECTS, GRAPHS)]
quads = st.lists(st.builds(Quad, *terms), unique=True)


def open_store(content: list[Quad]) -> Store:
    """Return a store that holds some quads."""
    store = Store()
    store.extend(content)
    return store


def most(keys: list[object]) -> int:
    """Return how often the most frequent key is there."""
    return max(Counter(map(str, keys)).values(), default=0)


@given(quads)
def test_counts_are_exact(content: list[Quad]) -> None:
    """What is counted of a store is what a count of its quads gives."""
    statistics = Statistics.of(open_store(content))
    assert statistics.quads == len(content)
    assert statistics.graph_names == {str(quad.graph_name) for quad in content if quad.graph_name != DefaultGraph()}
    for counts, is_default in ((statistics.default, True), (statistics.named, False)):
        mine = [quad for quad in content if (quad.graph_name == DefaultGraph()) is is_default]
        assert counts.all == (len(mine), most([q.subject for q in mine]), most([q.object for q in mine]))
        for predicate in PREDICATES:
            own = [quad for quad in mine if quad.predicate == predicate]
            expected = (len(own), most([q.subject for q in own]), most([q.object for q in own]))
            assert counts.of(predicate.value) == expected
            assert counts.length(predicate.value) == max((len(str(q.object)) for q in own), default=0) or "\n" in str(
                own
            )
        types = [q.object for q in mine if q.predicate.value == RDF_TYPE]
        assert counts.instances("http://a/C") == types.count(NamedNode("http://a/C"))


def is_bound(counts: Counts, exact: Counts) -> bool:
    """Tell whether counts are nowhere smaller than others."""
    names = [predicate.value for predicate in PREDICATES]
    larger = [(counts.all, exact.all), *((counts.of(name), exact.of(name)) for name in names)]
    sizes = [(counts.longest, exact.longest), (counts.blank_objects, exact.blank_objects)]
    sizes += [(counts.instances(name), number) for name, number in exact.classes.items()]
    sizes += [(counts.length(name), exact.length(name)) for name in names]
    for name, one, two in product(names, names, names):
        others = frozenset((one, two))
        sizes.append((counts.objects_beside(name, others), exact.objects_beside(name, others)))
    return all(all(map(int.__ge__, one, other)) for one, other in larger) and all(one >= other for one, other in sizes)


@given(quads, quads, quads, st.sets(st.integers(0, 20)))
def test_changes_leave_upper_bounds(before: list[Quad], first: list[Quad], second: list[Quad], gone: set[int]) -> None:
    """After patches that add and remove quads, nothing is smaller than what a new count finds."""
    store = open_store(before)
    statistics = Statistics.of(store)
    for added in (first, second):
        for place, quad in enumerate(before):
            if place in gone:
                store.remove(quad)
        new = [quad for quad in added if quad not in store]
        store.extend(new)
        statistics.changed(new)
    exact = Statistics.of(store)
    assert is_bound(statistics.default, exact.default)
    assert is_bound(statistics.named, exact.named)
    assert statistics.graph_names >= {str(quad.graph_name) for quad in store if quad.graph_name != DefaultGraph()}
    for predicate, lists in exact.lists.items():
        known = statistics.lists.get(predicate, lists)
        assert all(map(int.__ge__, known, lists)), predicate


@given(quads)
def test_what_is_beside_others_is_exact_at_first(content: list[Quad]) -> None:
    """A subject that has some predicates has no more objects of another than is said."""
    counts = Statistics.of(open_store(content)).default
    subjects = {quad.subject for quad in content}
    mine = [quad for quad in content if quad.graph_name == DefaultGraph()]
    for wanted, one, two in product(PREDICATES, repeat=3):
        fitting = [s for s in subjects if {one, two, wanted} <= {quad.predicate for quad in mine if quad.subject == s}]
        numbers = (sum(q.subject == s and q.predicate == wanted for q in mine) for s in fitting)
        assert counts.objects_beside(wanted.value, frozenset((one.value, two.value))) == max(numbers, default=0)


def test_a_change_has_a_new_revision() -> None:
    """Who keeps what follows from statistics can tell that they changed."""
    statistics = Statistics()
    statistics.changed([Quad(SUBJECTS[0], PREDICATES[0], OBJECTS[0])])
    assert (statistics.revision, statistics.quads) == (1, 1)
