"""Every shape lets pass what conforms and is seen failing at what does not.

Each folder is named like a shape. Its ``conforms.ttl`` breaks no rule of any shape. ``violates-{rule}.ttl`` breaks the
rule ``shapes:{Shape}-{rule}`` and no other, unless a line of its head says ``# also: {rule}``; what is named
``violates-…`` in it is reported, and nothing else. All of them stand on ``context.ttl``, which conforms too, and on
what scheme each concept is in and which terms are ours. Files that violate are validated all at once, each under names
of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from pyshacl.graph_abstraction import DataGraph
from rdflib import RDF, RDFS, SH, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from benchmarks.fuseki import fetch_jar
from kg.build import Build
from kg.rdf import ntriples
from kg.store import UnionOfGraphs
from kg.validation.evaluation import StoredGraph, with_own_targets
from shacl_engines import Found, jena, rudof

HERE = Path(__file__).parent
SHAPES = Namespace("https://kg.seocho.example/shapes#")
FORCES = ("must", "should", "catalog", "ontology")
CONFORMING = sorted(HERE.glob("*/conforms.ttl"))
VIOLATING = sorted(HERE.glob("*/violates-*.ttl"))
CONTEXT = HERE / "context.ttl"
_DESCRIPTION = "대표단 서초구"
"""What exchanges of most files say; each file has its own, or they would be one exchange entered twice."""
READ_AS_STRINGS = (
    "Dated/conforms.ttl",
    "Dated/violates-precision.ttl",
    "ExternalClaim/violates-status.ttl",
    "SourceDoubt/violates-severity.ttl",
    "UnitCount/violates-category.ttl",
)
"""Files of rules about strings, which the engine types."""
COMPONENTS = {
    SH["class"]: "ClassConstraintComponent",
    SH.datatype: "DatatypeConstraintComponent",
    SH.disjoint: "DisjointConstraintComponent",
    SH.equals: "EqualsConstraintComponent",
    SH.hasValue: "HasValueConstraintComponent",
    SH["in"]: "InConstraintComponent",
    SH.languageIn: "LanguageInConstraintComponent",
    SH.lessThanOrEquals: "LessThanOrEqualsConstraintComponent",
    SH.maxCount: "MaxCountConstraintComponent",
    SH.maxInclusive: "MaxInclusiveConstraintComponent",
    SH.minCount: "MinCountConstraintComponent",
    SH.minExclusive: "MinExclusiveConstraintComponent",
    SH.minInclusive: "MinInclusiveConstraintComponent",
    SH.node: "NodeConstraintComponent",
    SH.nodeKind: "NodeKindConstraintComponent",
    SH["not"]: "NotConstraintComponent",
    SH["or"]: "OrConstraintComponent",
    SH.pattern: "PatternConstraintComponent",
    SH.qualifiedMaxCount: "QualifiedMaxCountConstraintComponent",
    SH.qualifiedMinCount: "QualifiedMinCountConstraintComponent",
    SH.sparql: "SPARQLConstraintComponent",
    SH.xone: "XoneConstraintComponent",
}
"""The parameter of each constraint, and the component that reports it."""
DESCRIBING = {RDF.type, SH.path, SH.property, SH.targetClass, SH.targetSubjectsOf, SH.name, SH.message, SH.severity,
              SHAPES.cure, SH.qualifiedValueShape}  # fmt: skip
"""The properties of a rule that constrain nothing by themselves."""


@dataclass(frozen=True)
class Result:
    """One validation result."""

    focus_node: str
    shape: str
    component: str
    severity: str
    messages: frozenset[str]


def stored(graph: Graph) -> DataGraph:
    """Return the same graph as the engine keeps it."""
    return StoredGraph(UnionOfGraphs.of_lines([ntriples(graph).decode()], ()))


def results(data: Graph | DataGraph, shapes: Graph) -> frozenset[Result]:
    """Validate and return the results.

    Not with ``focus_nodes=``: pySHACL 0.40.1 then leaves out the value nodes of nested shapes too.
    """
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    return frozenset(
        Result(
            str(report.value(node, SH.focusNode)),
            str(report.value(node, SH.sourceShape)).removeprefix(str(SHAPES)),
            str(report.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH)),
            str(report.value(node, SH.resultSeverity)).removeprefix(str(SH)),
            frozenset(str(message) for message in report.objects(node, SH.resultMessage)),
        )
        for node in report.objects(None, SH.result)
    )


def texts(graph: Graph, subject: Node, predicate: URIRef) -> dict[str | None, str]:
    """Return the texts of a property by language."""
    return {text.language: str(text) for text in graph.objects(subject, predicate) if isinstance(text, Literal)}


def name(path: Path) -> str:
    """Return what a test is called after."""
    return f"{path.parent.name}-{path.stem}"


@cache
def subjects(path: Path) -> frozenset[str]:
    """Return what a file describes."""
    return frozenset(str(subject) for subject in Graph().parse(path).subjects())


@pytest.fixture(scope="session")
def rules(shapes_graph: Graph) -> dict[str, URIRef]:
    """Return the shapes that report results, by name: those with a message."""
    return {
        str(shape).removeprefix(str(SHAPES)): shape
        for shape in shapes_graph.subjects(SH.message, unique=True)
        if isinstance(shape, URIRef)
    }


@pytest.fixture(scope="session")
def context(vocabulary_graph: Graph) -> Graph:
    """Return what the files stand on."""
    graph = Graph()
    for stated in (SKOS.inScheme, RDFS.isDefinedBy):
        graph += vocabulary_graph.triples((None, stated, None))
    return graph.parse(CONTEXT)


@pytest.fixture(scope="session")
def violating(context: Graph) -> Graph:
    """Join the files that violate; what is called ``violates-1`` in the third of them is now ``violates-3-1``."""
    graph = context + Graph()
    for number, path in enumerate(VIOLATING, start=1):
        text = (
            path.read_text("utf-8")
            .replace("violates-", f"violates-{number}-")
            .replace("/partner-", f"/partner-{number}-")
        )
        graph.parse(data=text.replace(_DESCRIPTION, f"{_DESCRIPTION} {number}"), format="turtle")
    return graph


@pytest.fixture(scope="session")
def all_found(violating: Graph, shapes_graph: Graph) -> frozenset[Result]:
    """Validate the files that violate, as they are read back from the engine."""
    return results(stored(violating), shapes_graph)


@pytest.fixture(scope="session")
def found(all_found: frozenset[Result], shapes_graph: Graph, context: Graph) -> dict[Path, frozenset[Result]]:
    """Give the results of every file; those about nothing that a file describes are the context's."""
    alone = {path: results(stored(context + Graph().parse(path)), shapes_graph) for path in CONFORMING}
    together: dict[Path, set[Result]] = {path: set() for path in (CONTEXT, *VIOLATING)}
    for result in all_found:
        head, called, tail = result.focus_node.partition("violates-")
        number, _, rest = tail.partition("-")
        path = VIOLATING[int(number) - 1] if called else CONTEXT
        together[path].add(replace(result, focus_node=f"{head}{called}{rest}"))
    return alone | {path: frozenset(each) for path, each in together.items()}


@pytest.mark.parametrize("path", [*CONFORMING, CONTEXT], ids=name)
def test_what_conforms_breaks_no_rule(found: dict[Path, frozenset[Result]], path: Path) -> None:
    """A conforming file has no result, not even a warning."""
    assert found[path] == frozenset()


@pytest.mark.parametrize("path", VIOLATING, ids=name)
def test_what_violates_a_rule_is_reported_under_it(found: dict[Path, frozenset[Result]], path: Path) -> None:
    """A violating file breaks the rule it is named after, and those that its head names."""
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# also: ")]
    expected = {f"{path.parent.name}-{path.stem.removeprefix('violates-')}"}
    assert {result.shape for result in found[path]} == expected | {line.removeprefix("# also: ") for line in head}


@pytest.mark.parametrize("path", VIOLATING, ids=name)
def test_what_violates_is_named(found: dict[Path, frozenset[Result]], path: Path) -> None:
    """The focus nodes are all that is called ``violates-…`` in a file, and nothing else."""
    guilty = {subject for subject in subjects(path) if subject.rsplit("/", 1)[-1].startswith("violates-")}
    assert {result.focus_node for result in found[path]} == guilty


@pytest.mark.parametrize("path", VIOLATING, ids=name)
def test_a_result_speaks_every_language(
    found: dict[Path, frozenset[Result]], shapes_graph: Graph, rules: dict[str, URIRef], path: Path
) -> None:
    """A result carries the messages of its shape in each language."""
    for result in found[path]:
        assert result.messages == set(texts(shapes_graph, rules[result.shape], SH.message).values())


@pytest.mark.parametrize("path", READ_AS_STRINGS)
def test_a_document_gives_the_same_results_as_the_engine(
    found: dict[Path, frozenset[Result]], shapes_graph: Graph, context: Graph, path: str
) -> None:
    """A string is a plain literal in a document and typed when it comes from the engine; no rule minds."""
    data = context + Graph().parse(HERE / path)
    assert results(data, shapes_graph) == found[HERE / path]


def test_every_constraint_is_seen_failing(
    found: dict[Path, frozenset[Result]], shapes_graph: Graph, rules: dict[str, URIRef]
) -> None:
    """For every constraint of every rule there is a file that breaks it; one without could be one that never fires."""
    stated = {
        (rule, COMPONENTS[predicate])
        for rule, shape in rules.items()
        for predicate in shapes_graph.predicates(shape)
        if isinstance(predicate, URIRef) and predicate in COMPONENTS
    }
    seen = {(result.shape, result.component) for path in VIOLATING for result in found[path]}
    assert stated - seen == set()


def test_no_constraint_is_unknown_to_these_tests(shapes_graph: Graph, rules: dict[str, URIRef]) -> None:
    """A rule states only constraints that the test above knows."""
    stated = {predicate for shape in rules.values() for predicate in shapes_graph.predicates(shape)}
    assert stated - set(COMPONENTS) - DESCRIBING == set()


def test_every_rule_has_message_and_cure_in_each_language(shapes_graph: Graph, rules: dict[str, URIRef]) -> None:
    """The report says what is wrong and what to do about it, in Korean and in English."""
    for rule, shape in rules.items():
        for predicate in (SH.message, SHAPES.cure):
            assert set(texts(shapes_graph, shape, predicate)) == {"ko", "en", "zh-hans"}, rule


def test_every_property_shape_is_a_rule(shapes_graph: Graph, rules: dict[str, URIRef]) -> None:
    """A property shape that a node shape with a target refers to has an IRI and a message."""
    for target in (SH.targetClass, SH.targetObjectsOf):
        for shape in shapes_graph.subjects(target, unique=True):
            assert set(shapes_graph.objects(shape, SH.property)) <= set(rules.values())


@pytest.mark.parametrize("force", FORCES)
def test_a_force_has_one_severity(force_graphs: dict[str, Graph], force: str) -> None:
    """What should hold gives warnings, the rest violations."""
    graph = force_graphs[force]
    expected = {SH.Warning} if force == "should" else set()
    for shape in graph.subjects(SH.message, unique=True):
        assert set(graph.objects(shape, SH.severity)) == expected, shape


@pytest.mark.parametrize("force", FORCES)
def test_a_file_of_shapes_stands_alone(force_graphs: dict[str, Graph], force: str) -> None:
    """Each file can be used without the others: what it refers to, it defines."""
    graph = force_graphs[force]
    referred = {
        node for predicate in (SH.node, SH.property, SH.qualifiedValueShape) for node in graph.objects(None, predicate)
    }
    assert {node for node in referred if (node, None, None) not in graph} == set()
    assert results(Graph(), graph) == frozenset()


def test_no_shape_asks_for_a_datatype_that_the_engine_changes(shapes_graph: Graph) -> None:
    """The engine keeps numbers by value, so a shape may ask for these datatypes only."""
    datatypes = set(shapes_graph.objects(None, SH.datatype))
    assert datatypes <= {XSD.string, XSD.integer, XSD.decimal, XSD.date, XSD.boolean}


def test_no_shape_compares_plain_strings_by_identity(shapes_graph: Graph) -> None:
    """What was a plain literal comes back from the engine typed as ``xsd:string``: ask with a pattern instead."""
    values = {value for listed in shapes_graph.objects(None, SH["in"]) for value in shapes_graph.items(listed)}
    assert all(isinstance(value, URIRef) for value in values | set(shapes_graph.objects(None, SH.hasValue)))


def test_the_graph_of_the_page_conforms(made: Build) -> None:
    """What is read from the page and what comes from elsewhere break no rule that must hold."""
    assert {result for result in made.report.results if result.severity != "warning"} == set()


def test_targets_of_its_own(violating: Graph, all_found: frozenset[Result], shapes_graph: Graph) -> None:
    """A build gives each property shape the targets of its node shape; not one result differs for it."""
    assert results(stored(violating), with_own_targets(shapes_graph)) == all_found


@pytest.fixture(scope="session")
def written(violating: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files that violate into one."""
    path = tmp_path_factory.mktemp("engines") / "violating.nt"
    violating.serialize(path, format="nt", encoding="utf-8")
    return path


def told(found: frozenset[Result]) -> Found:
    """Return results as other engines give them."""
    return frozenset(
        (result.focus_node, str(SHAPES[result.shape]), str(SH[result.component]), str(SH[result.severity]))
        for result in found
    )


def test_rudof_finds_the_same(written: Path, all_found: frozenset[Result], shapes_graph: Graph) -> None:
    """The shapes say all that an engine has to know: prefixes too."""
    assert rudof(shapes_graph.serialize(format="turtle"), written) == told(all_found)


@pytest.mark.slow
def test_jena_finds_the_same(written: Path, all_found: frozenset[Result], shapes_graph: Graph) -> None:
    """The same of a third engine, where Java and Maven are at hand."""
    jar = fetch_jar(written.parent)
    if jar is None:
        pytest.skip("Apache Jena is not here: Java or Maven is missing")
    assert jena(jar, shapes_graph.serialize(format="turtle"), written) == told(all_found)
