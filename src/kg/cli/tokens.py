"""The commands ``kg token``: who may do what, and what they did."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from kg.auth import SCOPES, Audit, TokenStore, expiry
from kg.cli.output import token_in_words, use_in_words
from kg.cli.versions import Commands
from kg.domain import Settings


def add_tokens(commands: Commands) -> None:
    """Add the commands to those of a parser."""
    actions = commands.add_parser("token", help="the tokens that let clients write").add_subparsers(required=True)
    command = actions.add_parser("create", help="make a token; its secret is the last line, shown once")
    command.add_argument("--name", required=True)
    command.add_argument("--scope", choices=SCOPES, nargs="+", default=["write"], help="what it is for; several may be")
    command.add_argument("--expires", metavar="WHEN", help="30d, or the last day: 2027-01-31 (UTC)")
    command.set_defaults(run=_create_token)
    actions.add_parser("list", help="list the tokens").set_defaults(run=_list_tokens)
    command = actions.add_parser("audit", help="list the uses of tokens, the oldest first")
    command.add_argument("--name", help="of this token only")
    command.set_defaults(run=_audit_tokens)
    command = actions.add_parser("revoke", help="take a token back")
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
