"""The model ⇄ RDF: mapping, naming, provenance, catalogue, formats, serialization."""

from kg.rdf.absolute_iris import is_absolute_iri
from kg.rdf.catalog import DESCRIPTION, KEYWORDS, PUBLISHER, catalog_graph
from kg.rdf.conformance import REPORT_FORMS, read_report, serialize_report
from kg.rdf.external_facts import Gazetteer, elsewhere_graph
from kg.rdf.format_errors import not_acceptable, place_of
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
    media_type_of_name,
    media_types,
    named,
    of_media_type,
    rdflib_name,
)
from kg.rdf.graph_reader import read_pages
from kg.rdf.mapping import map_page
from kg.rdf.naming import Naming
from kg.rdf.provenance import Code, activity_graph
from kg.rdf.quads import Index, Quad, Sides, language_tag, object_of, read_quad, subject_of
from kg.rdf.questions import Question, questions
from kg.rdf.rdf_dataset import Graph, RdfDataset, disjoint, parse_any_quads, parse_quads, relocated_text, union
from kg.rdf.renumbering import moved_terms
from kg.rdf.result_writer import (
    convert_lines,
    engine_format,
    serialize_results,
    serialize_triples,
    write_results,
    write_triples,
)
from kg.rdf.rights import rights, rights_link
from kg.rdf.serialization import (
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
from kg.rdf.shape_docs import NodeShape, documented_shapes, serialize_shapes
from kg.rdf.statistics import Release, dataset_description
from kg.rdf.tables import Labels, csv_table, tables
from kg.rdf.thing_names import ThingNames
from kg.rdf.things import GROUPED, KINDS, Things
from kg.rdf.wording import Language, Wording, quoted

__all__ = [
    "CSV",
    "DESCRIPTION",
    "GRAPH_FORMS",
    "GROUPED",
    "JSON",
    "JSON_LD",
    "KEYWORDS",
    "KINDS",
    "N_QUADS",
    "N_TRIPLES",
    "PUBLISHER",
    "RDF_XML",
    "READ_FORMS",
    "REPORT_FORMS",
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
    "Release",
    "Service",
    "Sides",
    "ThingNames",
    "Things",
    "Wording",
    "activity_graph",
    "catalog_graph",
    "content_type",
    "convert_lines",
    "csv_table",
    "dataset_description",
    "disjoint",
    "distributions",
    "document_in",
    "documented_shapes",
    "documents",
    "documents_of_quads",
    "elsewhere_graph",
    "engine_format",
    "is_absolute_iri",
    "language_tag",
    "map_page",
    "media_type_of_name",
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
    "place_of",
    "prefixes",
    "questions",
    "quoted",
    "rdflib_name",
    "read_pages",
    "read_quad",
    "read_report",
    "relocated_text",
    "rights",
    "rights_link",
    "serialize_report",
    "serialize_results",
    "serialize_shapes",
    "serialize_triples",
    "service_description",
    "subject_of",
    "tables",
    "union",
    "write_results",
    "write_triples",
]
