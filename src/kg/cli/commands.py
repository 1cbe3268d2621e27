"""The command ``kg``: arguments, progress, exit codes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import shtab

from kg.build import (
    Build,
    HistoryGraphCache,
    MergeOptions,
    build,
    build_commit_metadata,
    commit_update,
    has_manual_changes,
    input_digest,
    language_of,
    merge_and_commit,
    needs_build,
    open_store,
    pending_build_in_words,
    preview_build,
    published_register,
    read_editorial_notes,
    read_file,
    read_source_page,
    render,
    serialize_files,
    source_paths,
    validate_files,
    versions_in_words,
    write_files,
)
from kg.cli.output import SEVERITIES, count, doubt_as_object, doubts_in_words, page_in_words, results_in_words
from kg.cli.temporary_store import is_writable, temporary_store, temporary_store_in_words
from kg.cli.terminal import print_table, progress
from kg.cli.tokens import add_tokens
from kg.cli.versions import Commands, add_commit_options, add_versions, author_of
from kg.domain import EvaluationError, Iris, KgError, NonconformingError, Settings, base_iri
from kg.locales import Message
from kg.source import sarif_log
from kg.store import Corruption, Store, Version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 success, 1 data that does not conform, 2 usage error, 3 failure."""
    try:
        call = _parser().parse_args(arguments)
        settings = Settings.from_environment(os.environ)
        run: Callable[[argparse.Namespace, Settings], int] = call.run
        return run(call, settings)
    except KgError as error:
        if isinstance(error, NonconformingError):
            _print(results_in_words(error.results), to_error=True)
        print(f"kg: {error}", file=sys.stderr)
        print(f"    {error.what.in_language('ko')} {error.cure.in_language('ko')}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


class _CommandParser(argparse.ArgumentParser):
    """A parser that has shells complete the names of files, as do those of its commands."""

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:  # noqa: ANN401 - as argparse has it
        action = super().add_argument(*names, **options)
        if action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined] # read by shtab
        return action


def _parser() -> argparse.ArgumentParser:
    about = "The Chinese friendship cities of Seocho-gu as a knowledge graph"
    parser: argparse.ArgumentParser = _CommandParser(prog="kg", description=about)
    parser.add_argument("--version", action="version", version=f"kg {installed_version('kg')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    adding = (
        _add_build,
        _add_diff,
        _add_check,
        _add_render,
        _add_query,
        _add_serve,
        add_tokens,
        add_versions,
        _add_setup,
    )
    for add in adding:
        add(commands)
    return parser


def _add_build(commands: Commands) -> None:
    command = commands.add_parser("build", help="build the graph from source pages, and commit it or write it to files")
    command.add_argument(
        "pages", nargs="*", type=Path, metavar="PAGE", help="source pages (default: data/sources/*.txt)"
    )
    command.add_argument("--base-iri", help="base of all IRIs (default: KG_BASE_IRI)")
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="write the distributions to this directory instead of committing"
    )
    command.add_argument(
        "--commit", action="store_true", help="commit even if there are manual changes, which are merged"
    )
    command.add_argument(
        "--accept-loss",
        action="store_true",
        help="commit even if cities would be removed, more lines would be unread, or nothing was read",
    )
    _add_deciding(command)
    add_commit_options(command)
    command.set_defaults(run=_build)


def _add_deciding(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--prefer", choices=("page", "hand"), help="side that wins conflicts between the page and manual changes"
    )
    command.add_argument("--language", choices=("ko", "en", "zh"), help="language of the differences (default: LANG)")


def _add_diff(commands: Commands) -> None:
    command = commands.add_parser(
        "diff", help="show the changes between versions, or those that a build of pages would make"
    )
    command.add_argument(
        "what", nargs="*", metavar="A [B] | PAGE", help="version numbers, or source pages (default: data/sources/*.txt)"
    )
    _add_deciding(command)
    command.set_defaults(run=_diff)


def _add_check(commands: Commands) -> None:
    command = commands.add_parser("check", help="parse source pages and report findings")
    command.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    command.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    command.add_argument("--severity", choices=SEVERITIES, default="note", help="lowest severity to show (text format)")
    command.set_defaults(run=_check)
    command = commands.add_parser("validate", help="validate RDF files against the shapes")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--with-current", action="store_true", help="validate them together with the current version")
    command.set_defaults(run=_validate)


def _add_render(commands: Commands) -> None:
    command = commands.add_parser("render", help="render the source page from the graph")
    command.add_argument(
        "--from",
        dest="folder",
        type=Path,
        metavar="DIR",
        help="directory written by 'build --out' (default: the current version)",
    )
    command.set_defaults(run=_render)
    command = commands.add_parser("export", help="write the current version to standard output")
    command.add_argument("--format", default="ttl", choices=("ttl", "jsonld", "nt", "nq", "trig", "rdf"))
    command.set_defaults(run=_export)


def _add_query(commands: Commands) -> None:
    command = commands.add_parser("query", help="query the current version with SPARQL")
    command.add_argument("text", metavar="QUERY", help="SPARQL query, @FILE, or - for standard input")
    formats = ("csv", "tsv", "json", "xml", "table", "ttl", "nt", "jsonld", "rdf")
    command.add_argument("--format", default="csv", choices=formats)
    command.set_defaults(run=_query)
    command = commands.add_parser("update", help="commit a SPARQL update")
    command.add_argument("text", metavar="UPDATE", help="SPARQL update, @FILE, or - for standard input")
    add_commit_options(command)
    command.set_defaults(run=_update)


def _add_serve(commands: Commands) -> None:
    command = commands.add_parser("serve", help="serve the current version over HTTP; build one first if there is none")
    command.add_argument("--host", help="address to listen on (default: KG_HOST)")
    command.add_argument("--port", type=int, help="port to listen on (default: KG_PORT)")
    command.set_defaults(run=_serve)
    command = commands.add_parser(
        "mcp", help="serve an assistant (Model Context Protocol) over standard input and output"
    )
    command.set_defaults(run=_mcp)


def _add_setup(commands: Commands) -> None:
    command = commands.add_parser("config", help="list the settings: value, and where it comes from")
    command.set_defaults(run=_config)
    command = commands.add_parser("completion", help="print a completion script for a shell")
    command.add_argument("shell", choices=shtab.SUPPORTED_SHELLS)
    command.set_defaults(run=_completion)


def _print(lines: Iterable[str], *, to_error: bool = False) -> None:
    for line in lines:
        print(line, file=sys.stderr if to_error else sys.stdout)


# -- building and checking -----------------------------------------------------------------------------------------


def _build(call: argparse.Namespace, settings: Settings) -> int:
    settings = replace(settings, base_iri=base_iri(call.base_iri)) if call.base_iri else settings
    paths = tuple(call.pages) or source_paths(settings.home)
    with progress("kg build"):
        made = build(paths, settings, published_register(settings))
    _tell(made)
    if not made.report.conforms:
        return 1
    if call.out and not call.accept_loss and not any(page.cities for page in made.pages):
        _print([f"kg: {Message('build.loss_everything').in_language(_decision(call).language)}"], to_error=True)
        return 1
    if call.out:
        write_files(made, call.out)
        print(f"kg: {call.out}: {sum(map(len, made.dataset.graphs.values()))} triples")
        return 0
    digest = input_digest(paths, settings)
    metadata = build_commit_metadata(author_of(call), call.message, datetime.now(UTC), digest, settings)
    return merge_and_commit(made, settings, metadata, _decision(call), _print)


def _diff(call: argparse.Namespace, settings: Settings) -> int:
    numbers = tuple(int(text) for text in call.what if text.isascii() and text.isdigit())
    if numbers and len(numbers) == len(call.what):
        _print(versions_in_words(open_store(settings), numbers, settings, _decision(call).language))
        return 0
    paths = tuple(map(Path, call.what)) or source_paths(settings.home)
    with progress("kg diff"):
        made = build(paths, settings, published_register(settings))
    _tell(made)
    return preview_build(made, settings, _decision(call), _print) if made.report.conforms else 1


def _decision(call: argparse.Namespace) -> MergeOptions:
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    given = vars(call)
    return MergeOptions(
        language_of(call.language or locale),
        call.prefer,
        is_commit=given.get("commit", False),
        accepts_loss=given.get("accept_loss", False),
    )


def _tell(made: Build) -> None:
    for page in made.pages:
        _print(page_in_words(page), to_error=True)
    if not made.report.conforms:
        _print(results_in_words(made.report.results), to_error=True)


def _check(call: argparse.Namespace, settings: Settings) -> int:
    notes = read_editorial_notes(settings.home)
    pages = [(str(path), read_source_page(read_file(path), notes)) for path in call.pages]
    if call.format == "text":
        shown = SEVERITIES[: SEVERITIES.index(call.severity) + 1]
        for name, page in pages:
            _print(doubts_in_words(page, name, shown))
    elif call.format == "json":
        document = [{"page": name, "doubts": [doubt_as_object(doubt) for doubt in page.doubts]} for name, page in pages]
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        print(json.dumps(sarif_log(pages), ensure_ascii=False, indent=1))
    return 1 if any(count(page, "error") for _, page in pages) else 0


def _validate(call: argparse.Namespace, settings: Settings) -> int:
    current = _current(settings).content().to_nquads() if call.with_current else b""
    with progress("kg validate"):
        validated = validate_files(tuple(call.files), settings, current)
    report = validated.report
    _print(results_in_words(report.results), to_error=True)
    violations = sum(result.severity == "violation" for result in report.results)
    outcome = "conforms" if report.conforms else "does not conform"
    print(f"kg: {outcome}: {violations} violations, {len(report.results) - violations} warnings")
    if validated.others:
        print(f"kg: {validated.others} triples are in graphs that are not validated", file=sys.stderr)
    return 0 if report.conforms else 1


# -- reading and changing a version --------------------------------------------------------------------------------


def _current(settings: Settings) -> Version:
    return open_store(settings).require_current()


def _render(call: argparse.Namespace, settings: Settings) -> int:
    quads = read_file(call.folder / "kg.nq").text.encode() if call.folder else _current(settings).content().to_nquads()
    with progress("kg render"):
        texts = render(quads)
    sys.stdout.buffer.write("".join(texts.values()).encode())
    return 0


def _export(call: argparse.Namespace, settings: Settings) -> int:
    version = _current(settings)
    name = f"kg.{call.format}"
    with progress("kg export"):
        base_iri = version.facts.get("base_iri", settings.base_iri)
        files = serialize_files(version.content().to_nquads(), base_iri, names=[name])
    if name in files.refused:
        cure = Message("command.use_nq")
        raise EvaluationError(files.refused[name], cure=cure)
    sys.stdout.buffer.write(files.made[name])
    return 0


def _text(argument: str) -> str:
    if argument == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return read_file(Path(argument[1:])).text if argument.startswith("@") else argument


def _query(call: argparse.Namespace, settings: Settings) -> int:
    from kg.build import run_query  # noqa: PLC0415 - the engine is loaded by the commands that need it

    history_cache = HistoryGraphCache(open_store(settings), Iris(settings.base_iri))
    form = "json" if call.format == "table" else call.format
    with progress("kg query"):
        answer = run_query(_text(call.text), _current(settings), settings, form, history_cache.lines)
    if call.format == "table":
        print_table(*_table(answer))
    else:
        sys.stdout.buffer.write(answer)
    return 0


def _table(answer: bytes) -> tuple[list[str], list[list[str]]]:
    """Return the headings and the rows of an answer in JSON."""
    found = json.loads(answer)
    if "boolean" in found:
        return ["ASK"], [[str(found["boolean"]).lower()]]
    names = found["head"]["vars"]
    return names, [[row.get(name, {}).get("value", "") for name in names] for row in found["results"]["bindings"]]


def _update(call: argparse.Namespace, settings: Settings) -> int:
    before = open_store(settings).current()
    text = _text(call.text)
    with progress("kg update"):
        version = commit_update(text, settings, author_of(call), call.message, datetime.now(UTC))
    if before and before.number == version.number:
        print("kg: nothing changed: the update found nothing to change (an update names its graph with GRAPH or WITH)")
        return 0
    print(f"kg: version {version.number} in {settings.store}")
    if version.commit_info.warnings:
        print(f"kg: {version.commit_info.warnings} warnings, kept with version {version.number}", file=sys.stderr)
    return 0


def _serve(call: argparse.Namespace, settings: Settings) -> int:
    from kg.web import read_bundle  # noqa: PLC0415 - the web is loaded by the command that serves

    port = settings.port if call.port is None else call.port
    settings = replace(settings, host=call.host or settings.host, port=port)
    if not read_bundle().assets:
        unstyled = Message("command.unstyled")
        print(f"kg: {unstyled}\n    {unstyled.in_language('ko')}", file=sys.stderr)
    if is_writable(settings.store) or (settings.store / "HEAD").exists() or "KG_STORE" in os.environ:
        return _serve_store(settings)
    with temporary_store(settings.store) as store:
        _print((f"kg: {line}" for line in temporary_store_in_words(settings.store, store)), to_error=True)
        return _serve_store(replace(settings, store=store))


def _serve_store(settings: Settings) -> int:
    from kg.web import serve  # noqa: PLC0415 - as above

    store = open_store(settings)
    with store.serving_lock():
        _tell_damage(store.check_head())
        is_stale = needs_build(store, source_paths(settings.home), settings)
        if is_stale and has_manual_changes(store):
            _print(pending_build_in_words(), to_error=True)
        elif is_stale:
            # in a process of its own, which gives back the memory that building takes
            environment = {**os.environ, "KG_STORE": str(settings.store)}
            command = [sys.executable, "-m", "kg", "build"]
            built = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)  # noqa: S603 - this program
            if built.returncode and (built.returncode != 1 or store.current() is None):
                return built.returncode
            if built.returncode:
                _print([f"kg: {Message('build.unbuildable')}"], to_error=True)
        serve(settings, partial(_tell_ready, store))
    return 0


def _mcp(_call: argparse.Namespace, settings: Settings) -> int:
    from kg.web import serve_assistant  # noqa: PLC0415 - as above

    serve_assistant(settings)
    return 0


def _config(_call: argparse.Namespace, settings: Settings) -> int:
    rows = [(name, text, "environment" if os.environ.get(name) else "default") for name, text in settings.listed()]
    print_table(("setting", "value", "from"), rows)
    return 0


def _completion(call: argparse.Namespace, _settings: Settings) -> int:
    print(shtab.complete(_parser(), call.shell))
    return 0


def _tell_ready(store: Store, address: str) -> None:
    """Print the address of the server; then verify the log, which is not needed to serve."""
    print(address, flush=True)
    _tell_damage(store.check_log())


def _tell_damage(found: Iterable[Corruption]) -> None:
    _print((f"kg: {corruption.in_words()}" for corruption in found), to_error=True)
