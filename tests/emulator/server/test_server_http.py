"""HTTP/1 as the front speaks it, over plain TCP."""

import logging
from io import BytesIO

import pytest

from asm_emulator.server import DropConnection, Reason, Server

HOST = b"Host: localhost\r\n"


def test_a_request_reaches_the_application(serve, connect):
    server = serve()
    answer = connect(server).ask("/sub/services//x%2Fy%20z?comp=list&a=%41", headers="x-ms-version: 2014-10-01\r\n")
    said = answer.json
    assert answer.status == 200
    assert said["RAW_URI"] == "/sub/services//x%2Fy%20z?comp=list&a=%41"
    assert said["PATH_INFO"] == "/sub/services//x/y z"
    assert said["QUERY_STRING"] == "comp=list&a=%41"
    assert said["HTTP_X_MS_VERSION"] == "2014-10-01"
    assert said["REMOTE_ADDR"] == "127.0.0.1"
    assert said["SERVER_PORT"] == str(server.port)
    assert said["wsgi.url_scheme"] == "http"
    assert said["thumbprint"] == ""
    assert "date" in answer.headers
    assert "connection" not in answer.headers


def test_bytes_beyond_ascii_in_the_path_arrive_as_wsgi_has_them(serve, connect):
    said = connect(serve()).ask("/caf%C3%A9%00").json
    assert said["PATH_INFO"].encode("latin-1") == "/café\0".encode()


def test_keep_alive_serves_many_requests_on_one_connection(serve, connect):
    wire = connect(serve())
    ports = {wire.ask(f"/{number}").json["REMOTE_PORT"] for number in range(5)}
    assert len(ports) == 1


def test_connection_close_is_obeyed(serve, connect):
    wire = connect(serve())
    answer = wire.ask(headers="Connection: close\r\n")
    assert answer.headers["connection"] == "close"
    assert wire.rest() == b""


def test_http_1_0_closes_unless_asked_to_keep_alive(serve, connect):
    server = serve()
    wire = connect(server)
    wire.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert wire.answer().headers["connection"] == "keep-alive"
    wire.send(b"GET /2 HTTP/1.0\r\n\r\n")
    answer = wire.answer()
    assert answer.headers["connection"] == "close"
    assert answer.json["SERVER_PROTOCOL"] == "HTTP/1.0"
    assert wire.rest() == b""


def test_pipelined_requests_are_answered_in_order(serve, connect):
    wire = connect(serve())
    wire.send(b"".join(b"GET /%d HTTP/1.1\r\n%s\r\n" % (number, HOST) for number in range(50)))
    assert [wire.answer().json["PATH_INFO"] for _ in range(50)] == [f"/{number}" for number in range(50)]


def test_nothing_is_answered_after_a_close_in_a_pipeline(serve, connect):
    wire = connect(serve())
    wire.send(b"GET /1 HTTP/1.1\r\n%sConnection: close\r\n\r\nGET /2 HTTP/1.1\r\n%s\r\n" % (HOST, HOST))
    assert wire.answer().json["PATH_INFO"] == "/1"
    assert wire.rest() == b""


def test_requests_before_a_malformed_one_are_answered(serve, connect):
    wire = connect(serve())
    wire.send(b"GET /1 HTTP/1.1\r\n%s\r\nGET /2 NONSENSE\r\n\r\n" % HOST)
    assert wire.answer().json["PATH_INFO"] == "/1"
    assert wire.answer().status == 400
    assert wire.rest() == b""


def test_a_request_in_single_bytes(serve, connect):
    wire = connect(serve())
    for byte in b"POST /slow HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\nabc":
        wire.send(bytes([byte]))
    said = wire.answer().json
    assert (said["PATH_INFO"], said["body"]) == ("/slow", "abc")


def test_a_body_with_a_length(serve, connect):
    wire = connect(serve())
    assert wire.ask("/", "POST", body=b"x" * 100_000).json["body"] == "x" * 100_000
    assert wire.ask("/", "PUT", headers="Content-Length: 0\r\n").json["body"] == ""


def test_a_chunked_body_with_extension_and_trailer(serve, connect):
    wire = connect(serve())
    wire.send(
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
        b"3;note=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Ms-Version: smuggled\r\nHost: other\r\n\r\n"
    )
    said = wire.answer().json
    assert said["body"] == "abcde"
    assert said["CONTENT_LENGTH"] == "5"
    assert said["HTTP_HOST"] == "localhost"
    assert "HTTP_X_MS_VERSION" not in said
    assert "HTTP_TRANSFER_ENCODING" not in said
    assert wire.ask("/after").json["PATH_INFO"] == "/after"


def test_expect_100_continue(serve, connect):
    wire = connect(serve())
    wire.send(b"POST / HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert (wire.line(), wire.line()) == (b"HTTP/1.1 100 Continue\r\n", b"\r\n")
    wire.send(b"ok")
    assert wire.answer().json["body"] == "ok"


def test_100_continue_comes_after_the_answers_before_it(serve, connect):
    wire = connect(serve())
    wire.send(
        b"GET /1 HTTP/1.1\r\n" + HOST + b"\r\n"
        b"POST /2 HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    )
    assert wire.answer().json["PATH_INFO"] == "/1"
    assert (wire.line(), wire.line()) == (b"HTTP/1.1 100 Continue\r\n", b"\r\n")
    wire.send(b"ok")
    assert wire.answer().json["PATH_INFO"] == "/2"


def test_no_100_continue_when_the_body_comes_along(serve, connect):
    wire = connect(serve())
    assert wire.ask("/", "POST", headers="Expect: 100-continue\r\n", body=b"here").json["body"] == "here"


def test_another_expectation_is_refused(serve, connect):
    assert connect(serve()).ask(headers="Expect: miracles\r\n").status == 417


def test_head_has_the_headers_of_get_and_no_body(serve, connect):
    wire = connect(serve())
    answer = wire.ask("/x", "HEAD")
    assert answer.status == 200
    assert int(answer.headers["content-length"]) > 100
    assert wire.ask("/next").json["PATH_INFO"] == "/next"


def test_head_keeps_the_length_the_application_states(serve, connect):
    def application(environ, start_response):
        start_response("200 OK", [("Content-Length", "1234")])
        return []

    wire = connect(serve(application))
    assert wire.ask("/", "HEAD").headers["content-length"] == "1234"


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_without_a_body_has_no_length(serve, connect, status):
    def application(environ, start_response):
        start_response(status, [])
        return [b"ignored"]

    wire = connect(serve(application))
    for _ in range(2):
        answer = wire.ask()
        assert answer.status == int(status[:3])
        assert "content-length" not in answer.headers


def test_the_front_writes_the_length_and_framing_itself(serve, connect):
    def application(environ, start_response):
        write = start_response("200 OK", [("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("Date", "then")])
        write(b"ab")
        return iter([b"cd", b"", b"ef"])

    answer = connect(serve(application)).ask()
    assert answer.body == b"abcdef"
    assert answer.headers == {"content-length": "6", "date": "then"}


def test_an_absolute_target_names_its_host(serve, connect):
    said = connect(serve()).ask("https://management.core.windows.net/sub/x?y=1").json
    assert said["HTTP_HOST"] == "management.core.windows.net"
    assert (said["PATH_INFO"], said["QUERY_STRING"]) == ("/sub/x", "y=1")
    assert said["RAW_URI"] == "https://management.core.windows.net/sub/x?y=1"


def test_repeated_headers_are_joined_and_underscores_dropped(serve, connect):
    said = connect(serve()).ask(headers="A: 1\r\na: 2\r\nX_Ms_Version: 1\r\nCookie: a=1\r\nCookie: b=2\r\n").json
    assert said["HTTP_A"] == "1,2"
    assert said["HTTP_COOKIE"] == "a=1; b=2"
    assert "HTTP_X_MS_VERSION" not in said


def test_an_upgrade_is_not_taken(serve, connect):
    wire = connect(serve())
    answer = wire.ask("/x", headers="Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n")
    assert answer.status == 200
    assert answer.json["PATH_INFO"] == "/x"
    assert wire.rest() == b""


def test_empty_lines_before_a_request_are_skipped(serve, connect):
    wire = connect(serve())
    wire.send(b"\r\n\r\n")
    assert wire.ask("/x").status == 200


CHUNKED = b"Transfer-Encoding: chunked\r\n"
MALFORMED = {
    "length and chunked": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "chunked and length": b"POST / HTTP/1.1\r\n" + HOST + CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nab",
    "same length twice": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
    "list of lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 2, 2\r\n\r\nab",
    "negative length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -2\r\n\r\nab",
    "signed length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +2\r\n\r\nab",
    "overflowing length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999999\r\n\r\nab",
    "no digits": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: \r\n\r\nab",
    "unknown coding": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "coding twice": b"POST / HTTP/1.1\r\n" + HOST + CHUNKED + CHUNKED + b"\r\n0\r\n\r\n",
    "coding after a tab": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "space before the colon": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "chunked in 1.0": b"POST / HTTP/1.0\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "bad chunk size": b"POST / HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\nzz\r\n\r\n",
    "prefixed chunk size": b"POST / HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n0x1\r\na\r\n0\r\n\r\n",
    "overflowing chunk size": b"POST / HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\nfffffffffffffffff\r\nabc",
    "chunk longer than said": b"POST / HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n1\r\nabc\r\n0\r\n\r\n",
    "chunk ended by LF": b"POST / HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n1\na\n0\n\n",
    "folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "folded first header": b"GET / HTTP/1.1\r\n X: a\r\n" + HOST + b"\r\n",
    "bare LF": b"GET / HTTP/1.1\n" + HOST + b"\n",
    "bare LF in headers": b"GET / HTTP/1.1\r\nHost: x\nFoo: y\r\n\r\n",
    "bare CR in headers": b"GET / HTTP/1.1\r\nHost: x\rFoo: y\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n",
    "nameless header": b"GET / HTTP/1.1\r\n" + HOST + b": x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "space in the target": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "raw byte in the target": b"GET /\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
    "relative target": b"GET foo HTTP/1.1\r\n" + HOST + b"\r\n",
    "fragment": b"GET /a#b HTTP/1.1\r\n" + HOST + b"\r\n",
    "foreign scheme": b"GET ftp://a/b HTTP/1.1\r\n" + HOST + b"\r\n",
    "tunnel": b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "upgrade with a body": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc",
    "version 1.2": b"GET / HTTP/1.2\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/2": b"GET / HTTP/2.0\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "unknown method": b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n",
    "compressed coding": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
}
OTHERS = {
    "TLS": 501,
    "HTTP/2": 505,
    "HTTP/0.9": 505,
    "unknown method": 501,
    "compressed coding": 501,
    "unknown coding": 501,
}


@pytest.mark.parametrize("shape", MALFORMED)
def test_a_request_that_could_be_read_two_ways_is_refused_once(serve, connect, caplog, shape):
    served = []

    def application(environ, start_response):
        served.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return []

    wire = connect(serve(application))
    with caplog.at_level(logging.WARNING):
        wire.send(MALFORMED[shape] + b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = wire.answer()
        assert wire.rest() == b""
    assert answer.status == OTHERS.get(shape, 400)
    assert answer.headers["connection"] == "close"
    assert served == []
    assert caplog.records == []


def test_the_application_words_refusals(serve, connect):
    refusals = []

    def refuse(refusal):
        refusals.append(refusal)
        return 400, [("Content-Type", "application/xml"), ("x-ms-request-id", "1")], b"<Error/>"

    wire = connect(serve(refuse=refuse))
    wire.send(b"BREW /pot HTTP/1.1\r\n\r\n")
    answer = wire.answer()
    assert (answer.status, answer.body, answer.headers["x-ms-request-id"]) == (400, b"<Error/>", "1")
    assert [refusal.reason for refusal in refusals] == [Reason.UNKNOWN_METHOD]


def test_an_exception_in_wording_falls_back(serve, connect, caplog):
    def refuse(refusal):
        raise ValueError("secret")

    wire = connect(serve(refuse=refuse))
    wire.send(b"nonsense\r\n\r\n")
    answer = wire.answer()
    assert answer.status == 501
    assert b"secret" not in answer.body
    assert "wording a refusal failed" in caplog.text


def raising(environ, start_response):
    raise ValueError("secret")


def raising_late(environ, start_response):
    start_response("200 OK", [])
    yield b"half"
    raise ValueError("secret")


def silent(environ, start_response):
    return [b"x"]


def splitting(environ, start_response):
    start_response("200 OK", [("X", "a\r\nX-Split: yes")])
    return [b"x"]


def informational(environ, start_response):
    start_response("100 Continue", [])
    return []


@pytest.mark.parametrize("application", [raising, raising_late, silent, splitting, informational])
def test_a_failing_application_gives_a_500_without_details(serve, connect, caplog, application):
    wire = connect(serve(application))
    answer = wire.ask("/x")
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert "x-split" not in answer.headers
    assert wire.rest() == b""
    assert "the application failed on GET /x" in caplog.text


def test_the_refusal_of_a_failed_request_names_it(serve, connect):
    refusals = []

    def refuse(refusal):
        refusals.append((refusal.reason, refusal.method, refusal.target))
        return 500, [], b""

    connect(serve(raising, refuse=refuse)).ask("/a%20b?c", "DELETE")
    assert refusals == [(Reason.FAILED, "DELETE", "/a%20b?c")]


def test_an_iterable_is_closed(serve, connect):
    closed = []

    class Chunks(BytesIO):
        def close(self):
            closed.append(True)
            super().close()

    def application(environ, start_response):
        start_response("200 OK", [])
        return Chunks(b"line\n")

    assert connect(serve(application)).ask().body == b"line\n"
    assert closed == [True]


def test_a_dropped_connection_is_reset(serve, connect):
    def application(environ, start_response):
        raise DropConnection

    wire = connect(serve(application))
    with pytest.raises(ConnectionResetError):
        wire.ask()


def test_a_cut_answer_ends_after_what_was_sent(serve, connect, caplog):
    def application(environ, start_response):
        raise DropConnection(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    wire = connect(serve(application))
    wire.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert wire.rest() == b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    assert caplog.records == []


def test_a_client_that_closes_its_side_gets_its_answer(serve, connect):
    import socket

    wire = connect(serve())
    wire.send(b"GET /x HTTP/1.1\r\n" + HOST + b"\r\n")
    wire.sock.shutdown(socket.SHUT_WR)
    assert wire.answer().json["PATH_INFO"] == "/x"
    assert wire.rest() == b""


def test_url_and_address(serve):
    server = serve()
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert server.address == ("127.0.0.1", server.port)
    assert server.port > 0
    with pytest.raises(RuntimeError):
        _ = Server(silent).address
