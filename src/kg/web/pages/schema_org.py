"""What a page is about in the words of schema.org, as a JSON-LD data block."""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from kg.locales import LANGUAGES
from kg.rdf import DESCRIPTION, KEYWORDS, PUBLISHER, rights
from kg.web.api.addresses import root
from kg.web.pages.frame import current_language
from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.queries.facts import SKOS, Facts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.site import current_site

CONTEXT = "https://schema.org"
_DCAT, _DCTERMS = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
_PLACES = ("seocho", "china")


def data_block(markup: Mapping[str, object]) -> Markup:
    r"""Write JSON-LD so that nothing in it ends the element that it stands in.

    >>> data_block({"name": "</script>"})
    Markup('{"name":"\\u003c/script>"}')
    """
    text = json.dumps(markup, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - no letter of HTML is left in it


def page_markup(kind: str, name: str, **more: object) -> Markup:
    """Describe a page that is about no single thing: its type, its name, the dataset that it shows."""
    language = current_language().tag
    return data_block({"@context": CONTEXT, "@type": kind, "name": name, "inLanguage": language, **_dataset(), **more})


def dataset_markup(runner: QueryRunner, facts: Facts) -> Markup:
    """Describe the dataset from the catalogue, as search engines for data read it."""
    dataset, language = runner.iris.document("dataset"), current_language()
    site = current_site()
    publisher = {"@type": "GovernmentOrganization", "name": PUBLISHER.in_language(language.code)}
    period = [facts.text(dataset, f"{_DCTERMS}temporal", f"{_DCAT}{end}Date") for end in ("start", "end")]
    first = site.store.log.commit_info(min(site.store.log.numbers(runner.version.number)))
    distributions = (one.value for one in facts.all(dataset, f"{_DCAT}distribution"))
    return data_block(
        {
            "@context": CONTEXT,
            "@type": "Dataset",
            "@id": dataset,
            "url": reached(dataset),
            "identifier": dataset,
            "name": language.translate("catalog.title"),
            "description": DESCRIPTION.in_language(language.code),
            "keywords": [one.in_language(language.code) for one in KEYWORDS],
            "creator": publisher,
            "publisher": publisher,
            "inLanguage": [one.tag for one in LANGUAGES],
            "isAccessibleForFree": True,
            "version": str(runner.version.number),
            "datePublished": first.time.isoformat(),
            "dateModified": runner.version.commit_info.time.isoformat(),
            **({"temporalCoverage": "/".join(period)} if all(period) else {}),
            "spatialCoverage": [
                {"@type": "Place", "name": language.translate(f"catalog.keyword.{one}")} for one in _PLACES
            ],
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": one.partition("#")[2],
                    "contentUrl": reached(facts.text(one, f"{_DCAT}downloadURL")),
                    "encodingFormat": facts.text(one, f"{_DCAT}mediaType").partition("media-types/")[2],
                }
                for one in distributions
            ],
            "includedInDataCatalog": {
                "@type": "DataCatalog",
                "@id": f"{dataset}#catalog",
                "name": language.translate("catalog.catalog"),
            },
            **rights_markup(),
        }
    )


def thing_markup(described: ThingView, kind: str, name: str, more: Mapping[str, object]) -> Markup:
    """Describe a thing: its IRI, its names in every language, the same thing elsewhere, and what its kind adds."""
    names = [{"@language": tag, "@value": text} if tag else text for tag, text in described.texts(described.thing)]
    same = [one.value for one in described.facts.all(described.thing, f"{SKOS}exactMatch")]
    return data_block(
        {
            "@context": CONTEXT,
            "@type": kind,
            "@id": described.thing,
            "name": names or name,
            "url": reached(described.thing),
            **({"sameAs": same} if same else {}),
            "subjectOf": {"@type": "WebPage", "inLanguage": current_language().tag, **_dataset()},
            **more,
        }
    )


def _dataset() -> dict[str, object]:
    dataset = current_site().iris.document("dataset")
    return {"isPartOf": {"@type": "Dataset", "@id": dataset, "url": reached(dataset), **rights_markup()}}


def reached(iri: str) -> str:
    """Return the address at which an IRI is reached."""
    return current_site().reached(iri, root())


def rights_markup() -> dict[str, str]:
    """Return the licence of the data, or that none is stated."""
    licence = current_site().settings.license
    return {"license": licence} if licence else {"copyrightNotice": rights("").in_language(current_language().code)}
