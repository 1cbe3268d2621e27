"""The commands of ``kg`` for versions: history, restore, pin, verify, backup."""

from __future__ import annotations

import argparse
import getpass
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from kg.build import open_store, restore_version
from kg.cli.output import commit_in_words
from kg.cli.terminal import print_table, progress
from kg.domain import Settings
from kg.store import CommitMetadata, Pin

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name


def add_versions(commands: Commands) -> None:
    """Add the commands to a parser."""
    command = commands.add_parser("history", help="list the versions: number, time, author, changes, message")
    command.set_defaults(run=_history)
    command = commands.add_parser("restore", help="commit the content of an earlier version again")
    command.add_argument("number", type=int, metavar="N")
    add_commit_options(command)
    command.set_defaults(run=_restore)
    command = commands.add_parser("verify", help="verify the checksums of the store without changing it")
    command.set_defaults(run=_verify)
    for name, run, what in (
        ("pin", _pin, "exempt a version from retention"),
        ("unpin", _unpin, "subject a version to retention again"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("number", type=int, metavar="N")
        add_commit_options(command)
        command.set_defaults(run=run)
    for name, run, what in (
        ("backup", _backup, "back the store up to a tar file, also while it is served"),
        ("restore-backup", _restore_backup, "restore an empty store from a file written by 'backup'"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("file", type=Path, metavar="FILE")
        command.set_defaults(run=run)


def add_commit_options(command: argparse.ArgumentParser) -> None:
    """Add the options of a commit."""
    command.add_argument("--message", default="", help="commit message")
    command.add_argument("--author", help="author of the commit (default: the user's name)")


def author_of(call: argparse.Namespace) -> str:
    """Return the author: the option's, or the name of the user, or the number of one who has none (in containers)."""
    try:
        return call.author or getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _history(_call: argparse.Namespace, settings: Settings) -> int:
    store = open_store(settings)
    pins = store.pins.listed()
    rows = [
        commit_in_words(commit, is_kept=store.log.is_kept(commit.number), is_pinned=commit.number in pins)
        for commit in store.commits()
    ]
    print_table(("version", "time", "author", "kind", "quads", "message"), rows)
    return 0


def _restore(call: argparse.Namespace, settings: Settings) -> int:
    metadata = CommitMetadata(author_of(call), call.message, datetime.now(UTC), "restore")
    with progress("kg restore"):
        version = restore_version(call.number, settings, metadata)
    print(f"kg: version {version.number} in {settings.store}")
    return 0


def _pin(call: argparse.Namespace, settings: Settings) -> int:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    open_store(settings).pin(call.number, Pin(author_of(call), call.message, now))
    return 0


def _unpin(call: argparse.Namespace, settings: Settings) -> int:
    open_store(settings).unpin(call.number)
    return 0


def _verify(_call: argparse.Namespace, settings: Settings) -> int:
    """Print each damaged file; return 0 for none, 1 if the current version is intact, 3 if it is not."""
    store = open_store(settings)
    with progress("kg verify"):
        found = store.verify()
    for corruption in found:
        print(f"kg: {corruption.in_words()}")
    if any(corruption.is_of_head for corruption in found):
        return 3
    print(f"kg: {len(store.commits())} versions in {settings.store}, {len(found)} damaged files")
    return 1 if found else 0


def _backup(call: argparse.Namespace, settings: Settings) -> int:
    with progress("kg backup"):
        open_store(settings).backup(call.file)
    print(f"kg: {call.file}")
    return 0


def _restore_backup(call: argparse.Namespace, settings: Settings) -> int:
    store = open_store(settings)
    with progress("kg restore-backup"):
        store.restore_backup(call.file)
    print(f"kg: {len(store.commits())} versions in {settings.store}")
    return 0
