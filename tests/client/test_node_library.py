"""Reading what a generated library of Node says of itself, from a method of the same make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from asm_client.drivers import node, node_documents
from asm_client.drivers.node_library import Library, Method
from asm_contracts.document import NIL, Base64, Nil, document, element
from asm_contracts.operation import Contract, operation
from asm_contracts.suite.driver import NotConfigured, NotExpressible, Settings

SOURCE = """function(shopName, parameters, callback) {
    // Construct URL
    var url2 = '';
    url2 = url2 + '/';
    if (this.client.credentials.subscriptionId !== null && this.client.credentials.subscriptionId !== undefined) {
      url2 = url2 + encodeURIComponent(this.client.credentials.subscriptionId);
    }
    url2 = url2 + '/shops/';
    url2 = url2 + encodeURIComponent(shopName);
    url2 = url2 + '/cakes';
    var queryParameters = [];
    if (parameters.dry !== null && parameters.dry !== undefined && parameters.dry === true) {
      queryParameters.push('comp=dry');
    }
    if (parameters.since !== null && parameters.since !== undefined) {
      queryParameters.push('since=' + encodeURIComponent(parameters.since.toISOString()));
    }
    var baseUrl = this.client.baseUri;
    var httpRequest = new WebResource();
    httpRequest.method = 'POST';
    var cakeElement = js2xml.createElement('Cake', 'http://schemas.microsoft.com/windowsazure');
    js2xml.addChildElement(requestDoc, cakeElement);

    var kindElement = js2xml.createElement('Kind', 'http://schemas.microsoft.com/windowsazure');
    js2xml.setElementValue(kindElement, parameters.cakeKind);
    js2xml.addChildElement(cakeElement, kindElement);

    if (parameters.label !== null && parameters.label !== undefined) {
      var labelElement = js2xml.createElement('Label', 'http://schemas.microsoft.com/windowsazure');
      js2xml.setElementValue(labelElement, new Buffer(parameters.label).toString('base64'));
      js2xml.addChildElement(cakeElement, labelElement);
    }
    var ovenElement = js2xml.createElement('Oven', 'http://schemas.microsoft.com/windowsazure');
    js2xml.addChildElement(cakeElement, ovenElement);
    var degreesElement = js2xml.createElement('Degrees', 'http://schemas.microsoft.com/windowsazure');
    js2xml.setElementValue(degreesElement, parameters.theOven.degrees.toString());
    js2xml.addChildElement(ovenElement, degreesElement);
    if (parameters.slices !== null && parameters.slices !== undefined) {
      var slicesSequenceElement = js2xml.createElement('Slices', 'http://schemas.microsoft.com/windowsazure');
      for (var loweredIndex1 = 0; loweredIndex1 < parameters.slices.length; loweredIndex1 = loweredIndex1 + 1) {
        var slicesItemElement = js2xml.createElement('Slice', 'http://schemas.microsoft.com/windowsazure');
        js2xml.setElementValue(slicesItemElement, parameters.slices[loweredIndex1]);
      }
    }
    return this.client.pipeline(httpRequest, function (err, response, body) {
      var statusCode = response.statusCode;
      var cakeElement2 = js2xml.getElement(responseDoc, responseDoc, 'CAKE', 'HTTP://SCHEMAS.MICROSOFT.COM/WINDOWSAZURE');
      if (cakeElement2 !== null && cakeElement2 !== undefined) {
        var cakeInstance = { slices: [] };
        result.cake = cakeInstance;
        var kindElement2 = js2xml.getElement(responseDoc, cakeElement2, 'KIND', 'HTTP://SCHEMAS.MICROSOFT.COM/WINDOWSAZURE');
        cakeInstance.cakeKind = kindElement2;
        var bakedElement2 = js2xml.getElement(responseDoc, cakeElement2, 'BAKED', 'HTTP://SCHEMAS.MICROSOFT.COM/WINDOWSAZURE');
        cakeInstance.baked = new Date(bakedElement2);
      }
      return callback(null, result);
    });
  }"""


@document()
class Oven:
    """Where it is baked."""

    degrees: int | None = None


@document()
class Cake:
    """A cake."""

    kind: str
    label: Base64 | Nil | None = None
    oven: Oven | None = None
    slices: tuple[str, ...] | None = element(default=None, item="Slice")
    baked: datetime | None = None


class BakeryContract(Contract):
    """Cakes."""

    @operation("POST", "/shops/{shop}/cakes?since={since}", since="2014-10-01")
    def bake(self, shop: str, body: Cake, since: str | None = None) -> Cake:
        """Bake."""

    @operation("POST", "/shops/{shop}/cakes?comp=dry", since="2014-10-01")
    def bake_dry(self, shop: str, body: Cake) -> Cake:
        """Bake without."""

    @operation("DELETE", "/shops/{shop}/cakes", since="2014-10-01")
    def eat(self, shop: str) -> None:
        """Eat."""


@dataclass(frozen=True)
class Known:
    library: Library
    method: Method


@pytest.fixture
def known() -> Known:
    library = Library([{"group": 3, "name": "bake", "source": SOURCE, "library": "azure-asm-cakes"}])
    return Known(library, library.methods[0])


def test_a_method_is_found_by_what_it_sends(known: Known) -> None:
    bake, bake_dry, eat = (BakeryContract.__operations__[name] for name in ("bake", "bake_dry", "eat"))
    ((_, found),) = known.library.find(bake, "/Shops/my%20shop/cakes")
    assert found["shopName"] == "my shop" and found["parameters.dry"] is False
    ((_, found),) = known.library.find(bake, "/shops/mine/cakes?since=2015-01-01")
    assert found["parameters.since"] == {"$date": "2015-01-01"}
    ((_, found),) = known.library.find(bake_dry, "/shops/mine/cakes?comp=dry")
    assert found["parameters.dry"] is True
    assert not known.library.find(eat, "/shops/mine/cakes")
    assert not known.library.find(bake, "/shops/mine/cakes?comp=other")


def test_a_document_is_written_by_the_librarys_own_names(known: Known) -> None:
    cake = Cake(kind="plain", label="l", oven=Oven(degrees=180), slices=("a", "b"))
    given = node_documents.arguments(known.method, {"shopName": "mine", "parameters.dry": False}, cake)
    assert given[0] == "mine"
    assert given[1] == {
        "cakeKind": "plain",
        "label": "l",
        "theOven": {"degrees": 180},
        "slices": ["a", "b"],
        "dry": False,
    }


@pytest.mark.parametrize(
    ("cake", "why"),
    [
        (Cake(kind="plain", label=NIL), "nil"),
        (Cake(kind="plain", baked=datetime(2015, 1, 1, tzinfo=UTC)), "does not send Baked"),
    ],
)
def test_what_a_library_has_no_words_for(known: Known, cake: Cake, why: str) -> None:
    with pytest.raises(NotExpressible, match=why):
        node_documents.arguments(known.method, {"shopName": "mine"}, cake)


def test_markup_is_escaped_for_a_library_that_writes_texts_as_they_are(known: Known) -> None:
    (_, found) = node_documents.arguments(known.method, {"shopName": "mine"}, Cake(kind="<a&b]]>", label="<l&>"))
    assert found["cakeKind"] == "&lt;a&amp;b]]&gt;"
    assert found["label"] == "<l&>", "of this one the library makes base64"


def test_a_result_is_read_and_what_it_lacks_is_not_made_up(known: Known) -> None:
    result = {"cake": {"cakeKind": "plain", "baked": "2015-01-01T00:00:00.000Z", "slices": []}, "statusCode": 200}
    found = node_documents.document(Cake, result, known.method.reads)
    assert (found.kind, found.baked, found.slices) == ("plain", datetime(2015, 1, 1, tzinfo=UTC), ())
    with pytest.raises(NotExpressible, match="label"):
        assert found.label
    assert found == Cake(kind="plain", label="l", slices=(), baked=datetime(2015, 1, 1, tzinfo=UTC))
    assert found != Cake(kind="other", slices=(), baked=datetime(2015, 1, 1, tzinfo=UTC))


def test_without_the_libraries_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv(node.VARIABLE, str(tmp_path))
    with pytest.raises(NotConfigured, match=node.VARIABLE):
        node.node_modules()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotConfigured, match="no program called node"):
        node.NodeDriver(Settings("s", endpoint="https://localhost:1", certificate=tmp_path / "x.pem"))
