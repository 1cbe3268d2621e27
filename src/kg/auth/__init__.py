"""Access tokens and the audit log."""

from kg.auth.audit import Audit, Use
from kg.auth.tokens import SCOPES, AccessToken, TokenStore, expiry

__all__ = [
    "SCOPES",
    "AccessToken",
    "Audit",
    "TokenStore",
    "Use",
    "expiry",
]
