"""Who may do what: tokens, and the audit log of their uses."""

from kg.auth.audit import Audit, Use
from kg.auth.tokens import SCOPES, Token, Tokens, expiry

__all__ = [
    "SCOPES",
    "Audit",
    "Token",
    "Tokens",
    "Use",
    "expiry",
]
