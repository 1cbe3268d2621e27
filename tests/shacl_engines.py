"""Other SHACL engines than the one that we validate with."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyrudof
from rdflib import SH, Graph

Found = frozenset[tuple[str, str, str, str]]
"""Focus node, shape, component and severity of each result, as IRIs."""

_SECONDS = 300


def rudof(shapes: str, data: Path) -> Found:
    """Validate N-Triples with rudof (Rust)."""
    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data(str(data), pyrudof.RDFFormat.NTriples)
    engine.read_shacl(shapes, pyrudof.ShaclFormat.Turtle)
    return frozenset(
        (entry.focus_node, str(entry.source_shape), entry.constraint_component, str(SH[entry.severity]))
        for entry in engine.validate_shacl().violations
    )


def jena(jar: Path, shapes: str, data: Path) -> Found:
    """Validate N-Triples with Apache Jena (Java)."""
    path = data.with_name("shapes.ttl")
    path.write_text(shapes, "utf-8")
    command = ["java", "-cp", str(jar), "shacl.shacl", "validate", f"--shapes={path}", f"--data={data}"]
    told = subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS).stdout
    report = Graph().parse(data=told, format="turtle")
    terms = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
    return frozenset(
        (focus_node, shape, component, severity)
        for node in report.objects(None, SH.result)
        for focus_node, shape, component, severity in [[str(report.value(node, term)) for term in terms]]
    )
