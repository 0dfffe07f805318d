"""The service from wire to wire: authentication, versions, bodies, headers, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asm_contracts.areas.operations import Error
from asm_contracts.codec import xml
from asm_contracts.versions import VERSIONS
from asm_emulator import pki
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION, Emulator
from asm_emulator.messages import Exchange, Reply
from asm_emulator.wsgi import thumbprint_of

OTHER = "22222222-2222-2222-2222-222222222222"
NAMESPACE = "http://schemas.microsoft.com/windowsazure"
CREATE = (
    f'<CreateHostedService xmlns="{NAMESPACE}"><ServiceName>web</ServiceName><Label>d2Vi</Label>'
    "<Location>West US</Location></CreateHostedService>"
)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Two certificates: the subscription's, and a stranger's."""
    found = []
    for name in ("own", "stranger"):
        directory: Path = tmp_path_factory.mktemp(name)
        found.append(pki.ensure(directory, DEFAULT_SUBSCRIPTION, "").management_certificate.read_bytes())
    return found[0], found[1]


class Caller:
    """Sends requests to an emulator without a socket."""

    def __init__(self, emulator: Emulator, certificate: bytes | None) -> None:
        self.emulator = emulator
        self.certificate = certificate

    def __call__(
        self,
        verb: str,
        path: str,
        body: str | bytes = b"",
        *,
        version: str | None = "2014-10-01",
        subscription: str | None = DEFAULT_SUBSCRIPTION,
        query: str = "",
    ) -> Reply:
        return self.emulator.service.answer(
            Exchange(
                verb=verb,
                path=f"/{subscription}{path}" if subscription else path,
                query=query,
                headers={} if version is None else {"x-ms-version": version},
                body=body.encode() if isinstance(body, str) else body,
                certificate=self.certificate,
                thumbprint=thumbprint_of(self.certificate) if self.certificate else None,
            )
        )


@pytest.fixture
def emulator(certificates: tuple[bytes, bytes]) -> Emulator:
    return Emulator(certificates=[certificates[0]], pace="manual")


@pytest.fixture
def call(emulator: Emulator, certificates: tuple[bytes, bytes]) -> Caller:
    return Caller(emulator, certificates[0])


def error(reply: Reply) -> tuple[int, str, str]:
    found = xml.decode(Error, reply.body)
    return reply.status, found.code, found.message


FORBIDDEN = (
    403,
    "ForbiddenError",
    "The server failed to authenticate the request. "
    "Verify that the certificate is valid and is associated with this subscription.",
)


def test_answers_have_the_recorded_headers_and_form(call: Caller) -> None:
    reply = call("GET", "/services/hostedservices")
    headers = dict(reply.headers)
    assert reply.status == 200
    assert re.fullmatch("[0-9a-f]{32}", headers["x-ms-request-id"])
    assert headers["x-ms-servedbyregion"] == "ussouth3"
    assert headers["Server"] == "1.0.6198.243 (rd_rdfe_stable.150618-1025) Microsoft-HTTPAPI/2.0"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Type"] == "application/xml; charset=utf-8"
    assert headers["Date"] == "Thu, 02 Jul 2015 17:25:07 GMT"
    assert (
        reply.body
        == (f'<HostedServices xmlns="{NAMESPACE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>').encode()
    )


def test_an_answer_without_a_body_has_no_content_type(call: Caller) -> None:
    reply = call("POST", "/services/hostedservices", CREATE)
    headers = dict(reply.headers)
    assert (reply.status, reply.body, headers["Content-Length"]) == (201, b"", "0")
    assert "Content-Type" not in headers
    assert headers["Location"] == (
        f"https://management.core.windows.net/subscriptions/{DEFAULT_SUBSCRIPTION}/compute/web"
    )


def test_strangers_nobody_and_unknown_subscriptions_get_the_same_refusal(
    emulator: Emulator, certificates: tuple[bytes, bytes]
) -> None:
    own, stranger = certificates
    assert error(Caller(emulator, stranger)("GET", "/locations")) == FORBIDDEN
    assert error(Caller(emulator, None)("GET", "/locations")) == FORBIDDEN
    assert error(Caller(emulator, own)("GET", "/locations", subscription=OTHER)) == FORBIDDEN
    assert error(Caller(emulator, own)("GET", "/", subscription=None)) == FORBIDDEN
    assert error(Caller(emulator, None)("GET", "/subscriptions", subscription=None)) == FORBIDDEN
    assert error(Caller(emulator, own)("GET", "/locations", subscription="not-a-guid")) == FORBIDDEN


def test_who_may_not_come_in_learns_nothing_else(emulator: Emulator, certificates: tuple[bytes, bytes]) -> None:
    stranger = Caller(emulator, certificates[1])
    assert error(stranger("GET", "/no/such/path", version=None)) == FORBIDDEN
    assert error(stranger("POST", "/services/hostedservices", "<broken")) == FORBIDDEN


def test_open_enrolment_gives_a_certificate_subscriptions_of_its_own(certificates: tuple[bytes, bytes]) -> None:
    own, stranger = certificates
    emulator = Emulator(certificates=[own], open_enrolment=True)
    assert Caller(emulator, stranger)("GET", "/services/hostedservices", subscription=OTHER).status == 200
    assert error(Caller(emulator, own)("GET", "/services/hostedservices", subscription=OTHER)) == FORBIDDEN
    assert error(Caller(emulator, stranger)("GET", "/services/hostedservices")) == FORBIDDEN
    assert error(Caller(emulator, stranger)("GET", "/services/hostedservices", subscription="x")) == FORBIDDEN


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_the_service_had_is_known(call: Caller, version: str) -> None:
    assert call("GET", "/services/hostedservices", version=version).status == 200


@pytest.mark.parametrize("version", [None, "", "2014-10-02", "2099-01-01", "x", "2014-10-01, 2014-10-01"])
def test_a_missing_or_unknown_version_is_refused(call: Caller, version: str | None) -> None:
    assert error(call("GET", "/services/hostedservices", version=version)) == (
        400,
        "MissingOrIncorrectVersionHeader",
        "The versioning header is not specified or was specified incorrectly.",
    )


def test_an_operation_younger_than_the_version_is_refused(call: Caller) -> None:
    refused = call("DELETE", "/services/hostedservices/web", query="comp=media", version="2013-06-01")
    assert error(refused)[:2] == (400, "MissingOrIncorrectVersionHeader")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<",
        "plain",
        CREATE[:-1],
        CREATE.replace("CreateHostedService", "CreateAffinityGroup"),
        CREATE.replace(NAMESPACE, "urn:other"),
        CREATE.replace(f' xmlns="{NAMESPACE}"', ""),
        "<!DOCTYPE x>" + CREATE,
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + CREATE.replace("web", "&e;"),
        CREATE.replace("d2Vi", "not base64!"),
        CREATE.replace("<Label>d2Vi</Label>", ""),
        CREATE.replace("<ServiceName>web</ServiceName>", "<ServiceName>web</ServiceName>" * 2),
        CREATE.replace("<ServiceName>web</ServiceName>", "").replace(
            "</Label>", "</Label><ServiceName>web</ServiceName>"
        ),
        CREATE.replace("<Label>", "text<Label>"),
        CREATE.replace(
            "<Label>d2Vi</Label>", '<Label i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>'
        ),
        CREATE.encode("utf-16").replace(b"w\x00e\x00b\x00", b"\x00\xd8\x00\x00e\x00"),
        CREATE.encode().replace(b"web", b"w\xffb"),
        '<?xml version="1.0" encoding="iso-8859-1"?>' + CREATE,
        "<a>" * 100_000,
    ],
)
def test_what_is_not_the_document_is_refused_and_changes_nothing(call: Caller, body: str | bytes) -> None:
    before = call.emulator.engine.state
    assert error(call("POST", "/services/hostedservices", body)) == (
        400, "InvalidXmlRequest", "The request body's XML was invalid or not correctly specified.",
    )  # fmt: skip
    assert call.emulator.engine.state is before


@pytest.mark.parametrize("prologue", ["", "\ufeff", '<?xml version="1.0" encoding="utf-8"?>', "<!-- hello -->"])
def test_prologues_and_byte_order_marks_are_no_obstacle(call: Caller, prologue: str) -> None:
    assert call("POST", "/services/hostedservices", prologue + CREATE).status == 201


def test_unknown_elements_are_ignored(call: Caller) -> None:
    body = CREATE.replace("</Label>", "</Label><Colour>red<Deeper/></Colour>")
    assert call("POST", "/services/hostedservices", body).status == 201


@pytest.mark.parametrize(
    ("verb", "path", "expected"),
    [
        ("GET", "/nothing/here", (404, "ResourceNotFound")),
        ("PATCH", "/services/hostedservices", (400, "InvalidHttpVerb")),
        ("PUT", "/services/hostedservices", (400, "InvalidHttpVerb")),
        ("GET", "/services/hostedservices/none", (404, "ResourceNotFound")),
        ("GET", "/operations/" + "0" * 32, (404, "ResourceNotFound")),
    ],
)
def test_unknown_paths_and_verbs(call: Caller, verb: str, path: str, expected: tuple[int, str]) -> None:
    assert error(call(verb, path))[:2] == expected


def test_paths_in_any_case_and_with_spare_slashes(call: Caller) -> None:
    assert call("GET", "//Services/HOSTEDSERVICES//").status == 200


def test_every_mutation_can_be_asked_after(call: Caller) -> None:
    done = dict(call("POST", "/services/hostedservices", CREATE).headers)["x-ms-request-id"]
    reply = call("GET", f"/operations/{done}")
    dashed = f"{done[:8]}-{done[8:12]}-{done[12:16]}-{done[16:20]}-{done[20:]}"
    assert reply.body.endswith(
        f"<ID>{dashed}</ID><Status>Succeeded</Status><HttpStatusCode>200</HttpStatusCode></Operation>".encode()
    )
    assert call("GET", f"/operations/{dashed}").body == reply.body


def test_a_defect_is_the_services_internal_error_and_logged(
    call: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from asm_emulator.areas.hosted_services import HostedServiceArea

    def broken(self: HostedServiceArea) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(HostedServiceArea, "list_hosted_services", broken)
    assert error(call("GET", "/services/hostedservices")) == (
        500, "InternalError", "The server encountered an internal error. Please retry the request.",
    )  # fmt: skip
    assert "defect" in caplog.text


def test_the_state_survives_a_crash_at_any_step_of_serving(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    before = call.emulator.engine.state
    from asm_emulator.state import Draft

    for method in ("claim", "put", "schedule", "take_serial"):
        with monkeypatch.context() as patch:

            def crash(*_: object, **__: object) -> None:
                raise MemoryError

            patch.setattr(Draft, method, crash)
            assert call("POST", "/services/hostedservices", CREATE).status == 500
        assert call.emulator.engine.state is before


def test_a_reset_forgets_everything_but_the_first_subscription(call: Caller) -> None:
    call("POST", "/services/hostedservices", CREATE)
    call.emulator.reset()
    assert error(call("GET", "/services/hostedservices/web"))[:2] == (404, "ResourceNotFound")
    assert call("POST", "/services/hostedservices", CREATE).status == 201


@pytest.mark.parametrize("options", [{"pace": "slow"}, {"subscription": "mine"}])
def test_wrong_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"pace|GUID"):
        Emulator(**options)  # type: ignore[arg-type]
