"""The model as RDF and back: mapping, naming, serialization, formats."""

from kg.rdf.absolute_iris import is_absolute_iri
from kg.rdf.answer_writer import convert_lines, serialize_results, serialize_triples, write_results, write_triples
from kg.rdf.catalog import catalog_graph
from kg.rdf.conformance import FORMATS, read_report, written_report
from kg.rdf.elsewhere import Gazetteer, elsewhere_graph
from kg.rdf.formats import (
    CSV,
    GRAPH_FORMS,
    JSON,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    READ_FORMS,
    RESULT_FORMS,
    TRIG,
    TSV,
    TURTLE,
    XML,
    Form,
    content_type,
    media_types,
    named,
    of_media_type,
)
from kg.rdf.mapping import map_page
from kg.rdf.naming import Naming
from kg.rdf.numbering import moved_terms
from kg.rdf.provenance import Code, activity_graph
from kg.rdf.quads import Index, Quad, Sides, language_tag, object_of, read_quad, subject_of
from kg.rdf.questions import Question, questions
from kg.rdf.rdf_dataset import Graph, RdfDataset, disjoint, parse_any_quads, parse_quads, relocated_text, union
from kg.rdf.reading import read_pages
from kg.rdf.refusals import not_acceptable
from kg.rdf.serialization import (
    DOCUMENT_FORMATS,
    distributions,
    document_in,
    documents,
    documents_of_quads,
    nquads,
    ntriples,
    parse_turtle,
    prefixes,
)
from kg.rdf.service_description import Limit, Service, service_description
from kg.rdf.shape_docs import NodeShape, documented, serialized
from kg.rdf.statistics import VoidStatistics, dataset_description
from kg.rdf.tables import Labels, tables
from kg.rdf.thing_names import ThingNames
from kg.rdf.things import GROUPED, KINDS, Things
from kg.rdf.wording import Language, Wording, quoted

__all__ = [
    "CSV",
    "DOCUMENT_FORMATS",
    "FORMATS",
    "GRAPH_FORMS",
    "GROUPED",
    "JSON",
    "JSON_LD",
    "KINDS",
    "N_QUADS",
    "N_TRIPLES",
    "RDF_XML",
    "READ_FORMS",
    "RESULT_FORMS",
    "TRIG",
    "TSV",
    "TURTLE",
    "XML",
    "Code",
    "Form",
    "Gazetteer",
    "Graph",
    "Index",
    "Labels",
    "Language",
    "Limit",
    "Naming",
    "NodeShape",
    "Quad",
    "Question",
    "RdfDataset",
    "Service",
    "Sides",
    "ThingNames",
    "Things",
    "VoidStatistics",
    "Wording",
    "activity_graph",
    "catalog_graph",
    "content_type",
    "convert_lines",
    "dataset_description",
    "disjoint",
    "distributions",
    "document_in",
    "documented",
    "documents",
    "documents_of_quads",
    "elsewhere_graph",
    "is_absolute_iri",
    "language_tag",
    "map_page",
    "media_types",
    "moved_terms",
    "named",
    "not_acceptable",
    "nquads",
    "ntriples",
    "object_of",
    "of_media_type",
    "parse_any_quads",
    "parse_quads",
    "parse_turtle",
    "prefixes",
    "questions",
    "quoted",
    "read_pages",
    "read_quad",
    "read_report",
    "relocated_text",
    "serialize_results",
    "serialize_triples",
    "serialized",
    "service_description",
    "subject_of",
    "tables",
    "union",
    "write_results",
    "write_triples",
    "written_report",
]
