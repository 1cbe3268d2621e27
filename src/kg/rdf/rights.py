"""The licence of the data in words, or that none is stated and who could grant one."""

from __future__ import annotations

from kg.locales import Message


def rights(licence: str) -> Message:
    """Return what is said of a licence, given its IRI, or nothing where none is stated.

    >>> str(rights("https://spdx.org/licenses/CC-BY-4.0"))
    'Licence: https://spdx.org/licenses/CC-BY-4.0'
    """
    return Message("licence.stated", licence=licence) if licence else Message("licence.none")


def rights_link(licence: str, dataset: str) -> str:
    """Return the link of an answer to the licence (RFC 4946), or else to the rights statement of the dataset.

    >>> rights_link("", "https://kg.seocho.example/dataset")
    '<https://kg.seocho.example/dataset#rights>; rel="copyright"'
    """
    return f'<{licence}>; rel="license"' if licence else f'<{dataset}#rights>; rel="copyright"'
