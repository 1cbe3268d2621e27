"""The rewritings that keep the meaning of a query or an update, each with the reason in its docstring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from metamorphic import clauses, datasets, layout, naming, nesting, paths, spelling
from metamorphic.requests import Base, Request
from metamorphic.tokens import Token, Tokens

RequestRewriting = Callable[[Request, Random], Request]
TokenRewriting = Callable[[Tokens, Random], list[Token]]


@dataclass(frozen=True)
class Transformation:
    """A rewriting with its name; ``first_name`` gives the name that a variable of its answer had.

    ``may_refuse``: the specifications disagree on whether the new text is legal, so that a syntax error is right, too.
    """

    name: str
    rewrite: RequestRewriting
    first_name: Callable[[str], str] = str
    may_refuse: bool = False

    def apply(self, base: Base) -> Request | None:
        """Rewrite a request, the same way each time; None where there is nothing to rewrite."""
        request = base.request
        rewritten = self.rewrite(request, Random(f"{self.name}/{base.name}"))
        is_same = rewritten.parameters == request.parameters and list(rewritten.tokens) == list(request.tokens)
        return None if is_same else rewritten


def of_tokens(rewrite: TokenRewriting) -> RequestRewriting:
    """Return a rewriting of requests that rewrites their tokens."""
    return lambda request, random: replace(request, tokens=rewrite(request.tokens, random))


_MEANINGLESS = (layout.spaces, layout.tight, layout.lines, layout.comments, layout.remarks)
_RENAMED = (naming.full_iris, naming.prefixed_names, naming.relative_iris, naming.other_prefixes)
_RESPELLED = (
    *(spelling.code_points_in_terms, spelling.keyword_case, spelling.local_name_escapes, spelling.string_quotes),
    *(spelling.literal_forms, naming.dollar_variables),
)
_REARRANGED = (
    *(clauses.abbreviations_expanded, clauses.triple_order, clauses.element_order, clauses.filter_position),
    *(clauses.union_order, nesting.group_in_group, nesting.pattern_as_subquery, nesting.query_as_subquery),
    *(nesting.neutral_elements, naming.type_as_iri),
)


def several(request: Request, random: Random) -> Request:
    """Rearrange, rename, respell and lay out, in this order: an escape would hide a name from what renames it."""
    tokens = list(request.tokens)
    renamed, laid_out = random.choice(_RENAMED), random.choice(_MEANINGLESS)
    for rewrite in (*random.sample(_REARRANGED, 2), renamed, *random.sample(_RESPELLED, 2), laid_out):
        tokens = rewrite(tokens, random)
    return replace(request, tokens=tokens)


_OF_TOKENS: dict[str, TokenRewriting] = {
    "other white space": layout.spaces,
    "no white space": layout.tight,
    "a line for each token": layout.lines,
    "comments": layout.comments,
    "remarks": layout.remarks,
    "code points in IRIs and strings": spelling.code_points_in_terms,
    "code points in full IRIs": lambda tokens, random: spelling.code_points_in_terms(
        naming.full_iris(tokens, random), random
    ),
    "case of keywords": spelling.keyword_case,
    "escapes in local names": spelling.local_name_escapes,
    "quotes of strings": spelling.string_quotes,
    "forms of literals": spelling.literal_forms,
    "full IRIs": naming.full_iris,
    "prefixed names": naming.prefixed_names,
    "other prefixes": naming.other_prefixes,
    "relative IRIs": naming.relative_iris,
    "declarations repeated": naming.declarations_repeated,
    "a and rdf:type": naming.type_as_iri,
    "dollar variables": naming.dollar_variables,
    "abbreviations expanded": clauses.abbreviations_expanded,
    "order of triples": clauses.triple_order,
    "order of elements": clauses.element_order,
    "place of filters": clauses.filter_position,
    "order of unions": clauses.union_order,
    "paths written out": paths.paths_written_out,
    "group in a group": nesting.group_in_group,
    "pattern as a subquery": nesting.pattern_as_subquery,
    "query as a subquery": nesting.query_as_subquery,
    "neutral elements": nesting.neutral_elements,
    "a megabyte of comments": layout.long_comments,
    "a megabyte of white space": layout.long_spaces,
    "60 kB of values": nesting.long_values,
}

TRANSFORMATIONS = (
    *(Transformation(name, of_tokens(rewrite)) for name, rewrite in _OF_TOKENS.items()),
    Transformation("code points in names", of_tokens(spelling.code_points_in_names), may_refuse=True),
    Transformation("other variables", of_tokens(naming.other_variables), first_name=naming.first_name),
    Transformation("dataset spelled out", datasets.spelled_out),
    Transformation("dataset moved", datasets.moved),
    *(Transformation(f"several at once, {number}", several) for number in (1, 2, 3)),
)
