"""The commands ``kg token``: access tokens and the audit log."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from kg.auth import SCOPES, Audit, TokenStore, expiry
from kg.cli.output import token_in_words, use_in_words
from kg.cli.versions import Commands
from kg.domain import Settings


def add_tokens(commands: Commands) -> None:
    """Add the commands to a parser."""
    actions = commands.add_parser("token", help="manage access tokens").add_subparsers(required=True)
    command = actions.add_parser("create", help="create a token and print its secret, which is not stored")
    command.add_argument("--name", required=True)
    command.add_argument(
        "--scope", choices=SCOPES, nargs="+", default=["write"], help="one or more scopes (default: write)"
    )
    command.add_argument(
        "--expires", metavar="WHEN", help="number of days, such as 30d, or last day, such as 2027-01-31 (UTC)"
    )
    command.set_defaults(run=_create_token)
    actions.add_parser("list", help="list tokens").set_defaults(run=_list_tokens)
    command = actions.add_parser("audit", help="print the audit log, oldest first")
    command.add_argument("--name", help="show this token only")
    command.set_defaults(run=_audit_tokens)
    command = actions.add_parser("revoke", help="revoke a token")
    command.add_argument("--name", required=True)
    command.set_defaults(run=_revoke_token)


def _create_token(call: argparse.Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    expires = expiry(call.expires, now) if call.expires else None
    scope, created = " ".join(call.scope), now.isoformat(timespec="seconds")
    print(TokenStore(settings.store).create(call.name, scope, created, expires))
    return 0


def _list_tokens(_call: argparse.Namespace, settings: Settings) -> int:
    tokens = TokenStore(settings.store).listed()
    last, now = Audit(settings.store).last_uses(tokens), datetime.now(UTC)
    for token in tokens:
        print(token_in_words(token, last.get(token.name), now))
    return 0


def _audit_tokens(call: argparse.Namespace, settings: Settings) -> int:
    uses = Audit(settings.store).uses()
    for use in uses:
        if call.name in (None, use.token):
            print(use_in_words(use))
    return 0


def _revoke_token(call: argparse.Namespace, settings: Settings) -> int:
    TokenStore(settings.store).revoke(call.name)
    return 0
