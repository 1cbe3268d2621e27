import pytest
from flask.testing import FlaskClient
from rdflib import VOID, Graph, Literal, URIRef

from json_ld_documents import self_contained
from kg.domain import Settings
from kg.rdf.formats import DOCUMENT_FORMS
from kg.rdf.service_description import SD
from kg.web.app import create_app


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own JSON-LD parser uses it
@pytest.mark.parametrize("media_type", [form.media_type for form in DOCUMENT_FORMS])
def test_the_description_in_every_form(client: FlaskClient, media_type: str) -> None:
    """Without a query a program gets the service description: endpoint, languages, formats, datasets, limits."""
    answer = client.get("/sparql", headers={"Accept": media_type})
    assert answer.mimetype == media_type
    graph = Graph().parse(self_contained(answer.data), format=media_type)
    service = graph.value(predicate=SD.endpoint, object=URIRef("http://localhost/sparql"))
    assert service
    assert (service, SD.supportedLanguage, SD.SPARQL11Update) in graph
    names = {str(name) for name in graph.objects(None, SD.name)}
    assert names == {"http://a/apart", "https://kg.seocho.example/graphs/page"}
    default = graph.value(graph.value(service, SD.defaultDataset), SD.defaultGraph)
    assert (default, VOID.triples, Literal(2)) in graph
    assert "query time" in {str(name) for name in graph.objects()}


def test_a_description_is_an_answer_like_others(client: FlaskClient) -> None:
    """It has validators, can be fixed in a link, and is refused where nothing of it is acceptable."""
    answer = client.get("/sparql?format=ttl")
    assert answer.mimetype == "text/turtle"
    again = client.get("/sparql?format=ttl", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/sparql", headers={"Accept": "text/csv"}).mimetype == "text/turtle"
    assert client.get("/sparql?format=docx").status_code == 400


def test_federation_is_a_feature_where_it_is_allowed(settings: Settings, client: FlaskClient) -> None:
    """What SERVICE may do is said only by a server that lets it."""
    feature = b"BasicFederatedQuery"
    assert feature not in client.get("/sparql?format=nt").data
    open_settings = Settings(settings.home, settings.store, allowed_hosts=("example.org",))
    assert feature in create_app(open_settings).test_client().get("/sparql?format=nt").data


def test_a_browser_application_elsewhere_may_ask(client: FlaskClient) -> None:
    """Every answer lets any origin read it, and a preflight is answered."""
    origin = {"Origin": "https://app.example"}
    for path in ("/sparql?query=ASK%7B%7D", "/sparql?query=oops", "/downloads/", "/nowhere"):
        assert client.get(path, headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    preflight = {**origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
    answer = client.options("/graphs/x", headers=preflight)
    assert answer.status_code == 200
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
