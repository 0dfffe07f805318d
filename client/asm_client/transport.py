"""How requests travel: over mutual TLS, or straight into a WSGI application in the same process."""

from __future__ import annotations

import io
import os
import ssl
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from asm_client.errors import CertificateUnusable, ConnectionFailed

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MANAGEMENT_HOST: Final = "management.core.windows.net"
CONNECT_TIMEOUT: Final = 10.0
READ_TIMEOUT: Final = 65.0
"""Seconds; the reading one is what the official Python client has."""

USER_AGENT: Final = "asm-client"
_MOST_REDIRECTS: Final = 5
_TOO_WEAK: Final = ("EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it came; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Carries one request and brings its answer."""

    def send(self, verb: str, path_with_query: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send a request and wait for its answer, whatever its status.  Raises `ConnectionFailed`."""
        ...

    def close(self) -> None:
        """Let go of what is held open; may be called twice."""
        ...


# -- over the wire --------------------------------------------------------------------------------------------------


class HttpsTransport:
    """Mutual TLS with connections kept alive; may be shared by threads.

    host:        the service, ``name`` or ``name:port`` (or an ``https`` URL, as a .publishsettings file has it)
    certificate: a PEM file with private key and certificate; None calls without one
    ca:          a PEM file or directory to trust instead of what ``REQUESTS_CA_BUNDLE``, ``CURL_CA_BUNDLE`` or else
                 certifi say
    session:     a session of the caller's own, which then brings certificate and trust; it is not closed here
    timeouts:    seconds to connect and between two bytes of an answer; None waits for ever

    ``HTTPS_PROXY`` and ``NO_PROXY`` are honoured.  A 307 is followed, certificate and body included, to ``https`` only.
    Raises `CertificateUnusable` for files that do not serve.
    """

    def __init__(
        self,
        host: str = MANAGEMENT_HOST,
        certificate: str | os.PathLike[str] | None = None,
        *,
        ca: str | os.PathLike[str] | None = None,
        session: requests.Session | None = None,
        connect_timeout: float | None = CONNECT_TIMEOUT,
        read_timeout: float | None = READ_TIMEOUT,
    ) -> None:
        self.base = _base(host)
        self.connect_timeout = connect_timeout
        self.read_timeout = read_timeout
        self._own = session is None
        self.session = _session(tls_context(certificate, ca)) if session is None else session

    def send(self, verb: str, path_with_query: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send a request and wait for its answer, whatever its status.  Raises `ConnectionFailed`."""
        url = self.base + path_with_query
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._exchange(verb, url, headers, body)
            if answer.status_code != 307 or "location" not in answer.headers:
                return Response(
                    answer.status_code,
                    {name.lower(): value for name, value in answer.headers.items()},
                    answer.content,
                )
            url = urljoin(url, answer.headers["location"])
            if urlsplit(url).scheme != "https":
                raise ConnectionFailed(f"{verb} was redirected to {url}, which is not https")
        raise ConnectionFailed(f"{verb} {self.base}: more than {_MOST_REDIRECTS} redirects")

    def _exchange(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> requests.Response:
        try:
            return self.session.request(
                verb,
                url,
                data=body,
                headers=dict(headers),
                timeout=(self.connect_timeout, self.read_timeout),
                allow_redirects=False,
            )
        except (OSError, requests.RequestException) as problem:
            parts = urlsplit(url)
            raise ConnectionFailed(f"{verb} https://{parts.netloc}: {problem}") from problem

    def close(self) -> None:
        """Close the connections that are kept alive, if the session is the transport's own."""
        if self._own:
            self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _base(host: str) -> str:
    scheme, found, rest = host.partition("://")
    if found and scheme.lower() != "https":
        raise ValueError(f"the service speaks https only, not {scheme}")
    name = (rest if found else host).rstrip("/")
    if not name or any(forbidden in name for forbidden in "/?#@ "):
        raise ValueError(f"not a host, or host and port: {host!r}")
    return f"https://{name}"


def tls_context(certificate: str | os.PathLike[str] | None, ca: str | os.PathLike[str] | None = None) -> ssl.SSLContext:
    """A client's TLS settings: the server is verified, TLS 1.2 at least, key and certificate loaded.

    The service took RSA-1024 certificates, and the documented command makes one; OpenSSL's level 2 refuses to load
    it.  For such a certificate, and no other, the level is 1; the server is verified all the same.
    Raises `CertificateUnusable`.
    """
    try:
        return _context(certificate, ca)
    except ssl.SSLError as problem:
        if problem.reason not in _TOO_WEAK:
            raise CertificateUnusable(f"{certificate} cannot be used: {_reason(problem)}") from problem
    try:
        return _context(certificate, ca, "DEFAULT:@SECLEVEL=1")
    except ssl.SSLError as problem:
        raise CertificateUnusable(f"{certificate} cannot be used: {_reason(problem)}") from problem


def _context(
    certificate: str | os.PathLike[str] | None, ca: str | os.PathLike[str] | None, ciphers: str | None = None
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ciphers is not None:
        context.set_ciphers(ciphers)
    variables = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    trusted = Path(ca or variables or DEFAULT_CA_BUNDLE_PATH)
    try:
        if trusted.is_dir():
            context.load_verify_locations(capath=trusted)
        else:
            context.load_verify_locations(cafile=trusted)
    except OSError as problem:  # ssl.SSLError is one
        raise CertificateUnusable(f"{trusted} cannot be trusted: {_reason(problem)}") from problem
    if certificate is not None:
        try:
            context.load_cert_chain(certificate, password=lambda: "")  # an encrypted key fails rather than prompts
        except ssl.SSLError:
            raise
        except OSError as problem:
            raise CertificateUnusable(f"{os.fspath(certificate)}: {_reason(problem)}") from problem
    return context


def _reason(problem: OSError) -> str:
    return problem.strerror or str(problem)


class _Adapter(HTTPAdapter):
    """Connections of one TLS context, complete from the start.

    Left to itself requests loads certificate and CA again for every connection, into a context that other threads may
    be using, and could not load a weak certificate at all.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=4, pool_maxsize=32)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def build_connection_pool_key_attributes(self, request: Any, *_: Any, **__: Any) -> Any:
        host, _unused = super().build_connection_pool_key_attributes(request, True, None)
        return host, {"cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context says it all."""


def _session(context: ssl.SSLContext) -> requests.Session:
    session = requests.Session()
    session.mount("https://", _Adapter(context))
    session.auth = _unchanged  # otherwise requests looks for a password in ~/.netrc
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = USER_AGENT
    del session.headers["Accept"]  # the service's own clients send none
    return session


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


# -- in process -----------------------------------------------------------------------------------------------------


class WSGITransport:
    """Calls a WSGI application directly: no socket, no TLS, one call at a time per caller's thread.

    certificate_der: the certificate the caller is taken to have shown, as DER; None for a caller without one
    """

    def __init__(
        self, app: WSGIApplication, certificate_der: bytes | None = None, *, address: str = "127.0.0.1"
    ) -> None:
        self.app = app
        self.certificate_der = certificate_der
        self.address = address

    def send(self, verb: str, path_with_query: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send a request and wait for its answer.

        As over TLS, a 307 to the application itself is followed.  One to anywhere else, and an application that
        breaks, is a `ConnectionFailed`.
        """
        target = path_with_query
        for _ in range(_MOST_REDIRECTS + 1):
            found = self._call(verb, target, headers, body)
            if found.status != 307 or "location" not in found.headers:
                return found
            location = urlsplit(urljoin(f"https://localhost{target}", found.headers["location"]))
            if location.hostname != "localhost":
                raise ConnectionFailed(f"{verb} was redirected to {location.geturl()}, which is not this application")
            target = location._replace(scheme="", netloc="").geturl()
        raise ConnectionFailed(f"{verb} {path_with_query}: more than {_MOST_REDIRECTS} redirects")

    def _call(self, verb: str, path_with_query: str, headers: Mapping[str, str], body: bytes) -> Response:
        answer: list[tuple[int, dict[str, str]]] = []
        written: list[bytes] = []

        def start_response(status: str, fields: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
            answer[:] = [(int(status[:3]), {name.lower(): value for name, value in fields})]
            return written.append

        try:
            chunks: Iterable[bytes] = self.app(self._environ(verb, path_with_query, headers, body), start_response)
            try:
                written.extend(chunks)
            finally:
                close = getattr(chunks, "close", None)
                if close is not None:
                    close()
            status, fields = answer[0]
        except Exception as problem:
            raise ConnectionFailed(f"{verb} {path_with_query}: the application broke: {problem!r}") from problem
        return Response(status, fields, b"".join(written))

    def _environ(self, verb: str, target: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": verb,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": target,
            "REMOTE_ADDR": self.address,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)),
            "asm.peer_certificate": self.certificate_der,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        return environ

    def close(self) -> None:
        """Nothing is held open."""
