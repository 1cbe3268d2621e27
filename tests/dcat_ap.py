"""The European profile of DCAT: whether a catalogue conforms to DCAT-AP 3.0.1."""

import os
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import SH, Graph

_SHAPES = Path(os.environ.get("TEST_SHARED") or "../shared") / "dcat-ap" / "dcat-ap-3.0.1-shapes.ttl"
needs_shapes = pytest.mark.skipif(not _SHAPES.exists(), reason="the DCAT-AP shapes are not here (TEST_SHARED)")


def violations(catalog: Graph) -> str:
    """Return the report on a catalogue, or nothing where it has not one violation."""
    shapes = Graph().parse(_SHAPES)
    for owner, shape in list(shapes.subject_objects(SH.property)):
        if (shape, SH.path, None) not in shapes:  # the file names two property shapes that it does not define
            shapes.remove((owner, SH.property, shape))
    _, report, text = validate(catalog, shacl_graph=shapes, advanced=True)
    assert isinstance(report, Graph)
    return str(text) if list(report.subjects(SH.resultSeverity, SH.Violation)) else ""
