"""The command ``kg``: arguments, progress, errors as exit codes; the only room that prints."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from kg.build import (
    Build,
    build,
    check_page,
    editorial_notes,
    input_digest,
    read_file,
    render,
    source_paths,
    validate_files,
)
from kg.errors import KgError, Message, StoreError
from kg.graph.validation import Report
from kg.iri import Iris
from kg.model import Doubt, Page
from kg.page.sarif import sarif_log
from kg.publish import current_or_built, publish
from kg.settings import Settings, base_iri
from kg.store.versions import Store, Version

_SEVERITIES = ("error", "warning", "note")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 the data does not conform, 2 the call is wrong, 3 it failed."""
    try:
        settings = Settings.from_environment(os.environ)
        call = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace, Settings], int] = call.run
        return run(call, settings)
    except KgError as error:
        print(f"kg: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kg", description="The Chinese friendship cities of Seocho-gu as a knowledge graph"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    _add_check(commands)
    _add_reading(commands)
    _add_serving(commands)
    return parser


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "build", help="build the graph from pages: the store's next version, or files in a folder"
    )
    command.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="the pages (data/sources/*.txt)")
    command.add_argument("--base-iri", type=str, help="the base of all IRIs (KG_BASE_IRI)")
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="write the distributions here and leave the store alone"
    )
    command.set_defaults(run=_build)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("check", help="read pages and report what is doubtful or cannot be read")
    command.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    command.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    command.set_defaults(run=_check)
    command = commands.add_parser("validate", help="check RDF files against the shapes")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.set_defaults(run=_validate)


def _add_reading(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("render", help="write the page from the graph alone")
    command.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="a folder that 'build --out' wrote")
    command.set_defaults(run=_render)
    command = commands.add_parser("export", help="write the current version to standard output")
    command.add_argument("--format", default="ttl", choices=("ttl", "jsonld", "nt", "nq", "trig", "rdf"))
    command.set_defaults(run=_export)
    command = commands.add_parser("query", help="ask the current version")
    command.add_argument("query", help="the query, or @file")
    command.add_argument("--format", default="csv", choices=("csv", "tsv", "json", "xml", "ttl", "nt", "jsonld", "rdf"))
    command.set_defaults(run=_query)


def _add_serving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("serve", help="serve the current version, built first where there is none")
    command.add_argument("--host", help="the address to listen at (KG_HOST)")
    command.add_argument("--port", type=int, help="the port to listen at (KG_PORT)")
    command.set_defaults(run=_serve)


# -- building and checking -----------------------------------------------------------------------------------------


def _build(call: argparse.Namespace, settings: Settings) -> int:
    settings = replace(settings, base_iri=base_iri(call.base_iri)) if call.base_iri else settings
    paths = tuple(call.pages) or source_paths(settings.home)
    made = build(paths, settings)
    _report_pages(made)
    _report_shapes(made.report, paths)
    if not made.report.conforms:
        return 1
    if call.out:
        _write_files(made, call.out)
        print(f"kg: {call.out}: {sum(map(len, made.dataset.graphs.values()))} triples")
    else:
        version = publish(made, input_digest(paths, settings), settings)
        print(f"kg: version {version.number} in {settings.store}")
    return 0


def _report_pages(made: Build) -> None:
    for page in made.pages:
        occurrences = sum(len(exchange.occurrences) for _, exchange in page.exchanges())
        counts = ", ".join(f"{_count(page, severity)} {severity}s" for severity in _SEVERITIES)
        lines = sum(1 for _ in page.exchanges())
        print(
            f"kg: {page.name}: {len(page.cities)} cities, {lines} exchange lines, {occurrences} dates; {counts}",
            file=sys.stderr,
        )
        _print_doubts(page, page.name, ("error",), sys.stderr)


def _count(page: Page, severity: str) -> int:
    return sum(doubt.severity == severity for doubt in page.doubts)


def _report_shapes(report: Report, paths: tuple[Path, ...]) -> None:
    for result in report.results:
        if result.severity != "violation":
            continue
        lines = ", ".join(map(str, result.lines)) or "-"
        print(f"kg: {result.severity}: {result.message.en}", file=sys.stderr)
        print(f"    focus node  {result.focus_node}", file=sys.stderr)
        print(f"    path        {result.path or '-'}\n    value       {result.value or '-'}", file=sys.stderr)
        print(f"    line        {lines} of {', '.join(path.name for path in paths)}", file=sys.stderr)
        print(f"    cure        {result.cure.en or '-'}\n    한국어      {result.message.ko}", file=sys.stderr)


def _write_files(made: Build, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in made.files().items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise StoreError(
            Message(ko=f"{folder}에 쓸 수 없습니다.", en=f"{folder} cannot be written: {error.strerror}."),
            cure=Message(ko="다른 폴더를 주십시오.", en="Give another folder."),
        ) from None


def _check(call: argparse.Namespace, settings: Settings) -> int:
    notes = editorial_notes(settings.home)
    pages = [(str(path), check_page(read_file(path), notes)) for path in call.pages]
    if call.format == "text":
        for name, page in pages:
            _print_doubts(page, name, _SEVERITIES, sys.stdout)
    elif call.format == "json":
        document = [{"page": name, "doubts": [_doubt_object(doubt) for doubt in page.doubts]} for name, page in pages]
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        print(json.dumps(sarif_log(pages), ensure_ascii=False, indent=1))
    return 1 if any(_count(page, "error") for _, page in pages) else 0


def _print_doubts(page: Page, name: str, severities: tuple[str, ...], stream: TextIO) -> None:
    for doubt in page.doubts:
        if doubt.severity in severities:
            place = f"{name}:{doubt.place.line}:{doubt.place.start}"
            reading = f" → {doubt.reading}" if doubt.reading else ""
            reason = f"{doubt.reason_en} {doubt.reason_ko} [{doubt.rule}]"
            print(f"{place}: {doubt.severity}: {doubt.printed!r}{reading}: {reason}", file=stream)


def _doubt_object(doubt: Doubt) -> dict[str, object]:
    return {
        "rule": doubt.rule,
        "severity": doubt.severity,
        "line": doubt.place.line,
        "startColumn": doubt.place.start,
        "endColumn": doubt.place.end,
        "printed": doubt.printed,
        "reading": doubt.reading,
        "reason": {"ko": doubt.reason_ko, "en": doubt.reason_en},
    }


def _validate(call: argparse.Namespace, settings: Settings) -> int:
    report = validate_files(tuple(call.files), settings)
    _report_shapes(report, tuple(call.files))
    print(f"kg: {'conforms' if report.conforms else 'does not conform'}, {len(report.results)} results")
    return 0 if report.conforms else 1


# -- reading a version ---------------------------------------------------------------------------------------------


def _current(settings: Settings) -> Version:
    version = Store(settings.store).current()
    if version is None:
        raise StoreError(
            Message(ko=f"{settings.store}에 아직 버전이 없습니다.", en=f"There is no version in {settings.store} yet."),
            cure=Message(ko="kg build를 먼저 하십시오.", en="Run 'kg build' first."),
        )
    return version


def _render(call: argparse.Namespace, settings: Settings) -> int:
    path = call.folder / "kg.nq" if call.folder else _current(settings).downloads / "kg.nq"
    texts = render(read_file(path).text.encode())
    sys.stdout.buffer.write("".join(texts.values()).encode())
    return 0


def _export(call: argparse.Namespace, settings: Settings) -> int:
    data = read_file(_current(settings).downloads / f"kg.{call.format}")
    sys.stdout.buffer.write(data.text.encode())
    return 0


def _query(call: argparse.Namespace, settings: Settings) -> int:
    from kg.store import forms  # noqa: PLC0415 - the engine is loaded by the commands that ask it
    from kg.store.engine import Query  # noqa: PLC0415
    from kg.store.evaluator import LocalEvaluator  # noqa: PLC0415

    text = read_file(Path(call.query[1:])).text if call.query.startswith("@") else call.query
    iris = Iris(settings.base_iri)
    results = forms.named(call.format, forms.RESULT_FORMS) or forms.CSV
    graph = forms.named(call.format, forms.GRAPH_FORMS) or forms.TURTLE
    query = Query(
        text, base_iri=iris.document("sparql"), queried_graphs=iris.queried_graphs(), results=results, graph=graph
    )
    sys.stdout.buffer.write(LocalEvaluator().evaluate(_current(settings), query).body)
    return 0


def _serve(call: argparse.Namespace, settings: Settings) -> int:
    from kg.web.server import serve  # noqa: PLC0415 - the web rooms are loaded by the command that serves

    settings = replace(
        settings, host=call.host or settings.host, port=settings.port if call.port is None else call.port
    )
    current_or_built(source_paths(settings.home), settings)
    serve(settings, lambda address: print(address, flush=True))
    return 0
