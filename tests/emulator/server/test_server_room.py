"""Bodies over the limit, for which the application is asked."""

from asm_emulator.server import Limits, Reason

LIMITS = Limits(body=1000)


def asking(more, asked):
    """An application's answer to how much more than the limit a request may send; it notes the paths it is asked of."""

    def room(environ):
        asked.append(environ["PATH_INFO"])
        return more

    return room


def test_a_request_that_was_given_room_may_use_it_and_no_more(serve, connect):
    asked = []
    server = serve(limits=LIMITS, room=asking(500, asked))
    assert connect(server).ask("/file", "PUT", body=b"x" * 1500).status == 200
    wire = connect(server)
    assert wire.ask("/longer", "PUT", body=b"x" * 1501).status == 413
    assert wire.rest() == b""
    assert asked == ["/file", "/longer"]


def test_nobody_is_asked_about_a_body_within_the_limit(serve, connect):
    asked = []
    wire = connect(serve(limits=LIMITS, room=asking(500, asked)))
    assert wire.ask("/", "PUT", body=b"x" * 1000).status == 200
    assert asked == []


def test_the_room_of_one_request_is_not_the_next_ones(serve, connect):
    wire = connect(serve(limits=LIMITS, room=lambda environ: 500 if environ["PATH_INFO"] == "/file" else 0))
    assert wire.ask("/file", "PUT", body=b"x" * 1500).status == 200
    assert wire.ask("/", "PUT", body=b"x" * 1001).status == 413


def test_a_chunked_body_is_asked_about_once_it_is_over_the_limit(serve, connect):
    asked = []
    wire = connect(serve(limits=LIMITS, room=asking(500, asked)))
    wire.send(b"POST /file HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    wire.send(b"3e8\r\n" + b"x" * 1000 + b"\r\n" + b"1f4\r\n" + b"x" * 500 + b"\r\n0\r\n\r\n")
    assert wire.answer().status == 200
    wire.send(b"POST /longer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    wire.send(b"3e8\r\n" + b"x" * 1000 + b"\r\n" + b"1f5\r\n" + b"x" * 501 + b"\r\n")
    assert wire.answer().status == 413
    assert asked == ["/file", "/longer"]


def test_the_refusal_knows_the_headers_of_the_request(serve, connect):
    refusals = []

    def refuse(refusal):
        refusals.append((refusal.reason, refusal.environ.get("HTTP_HOST")))
        return 413, [], b""

    wire = connect(serve(limits=LIMITS, refuse=refuse))
    assert wire.ask("/", "PUT", body=b"x" * 1001).status == 413
    assert refusals == [(Reason.BODY_TOO_LARGE, "localhost")]
