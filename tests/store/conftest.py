from pathlib import Path

import pytest

from kg.store import Store, Version
from signing import published

QUADS = b"""<http://a/s> <http://a/p> "d" .
<http://a/s> <http://a/p> "1" <http://a/queried> .
<http://a/s> <http://a/p> "2" <http://a/apart> .
"""


@pytest.fixture
def version(tmp_path: Path) -> Version:
    """Publish three triples: in the default graph, in a queried graph, in a graph apart."""
    return published(Store(tmp_path / "store"), QUADS)
