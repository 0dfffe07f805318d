"""Limits, silent and slow clients, and a clean start and stop."""

import logging
import socket
import threading
import time

import pytest

from asm_emulator.server import AddressInUse, Limits, ListenError, Reason, Server
from asm_emulator.server.connection import Phase

SOON = 0.05


def thread_named(name):
    return next(thread for thread in threading.enumerate() if thread.name == name)


def wait_for_rest(server, connections):
    """Until so many wait for their next request: an answer can be read before its connection has gone back to that."""
    limit = time.monotonic() + 20
    while sum(one.phase is Phase.IDLE for one in tuple(server._connections)) < connections:
        assert time.monotonic() < limit
        time.sleep(0.001)


# Sizes.


def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(serve, connect):
    server = serve(limits=Limits(body=1000))
    assert connect(server).ask("/", "POST", body=b"x" * 1000).status == 200
    wire = connect(server)
    assert wire.ask("/", "POST", body=b"x" * 1001).status == 413
    assert wire.rest() == b""


def test_an_oversized_chunked_body_is_refused(serve, connect):
    wire = connect(serve(limits=Limits(body=1000)))
    wire.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    wire.send(b"1f4\r\n" + b"x" * 500 + b"\r\n" + b"1f5\r\n" + b"x" * 501 + b"\r\n")
    assert wire.answer().status == 413
    assert wire.rest() == b""


def test_chunk_framing_out_of_proportion_is_refused(serve, connect):
    wire = connect(serve(limits=Limits(body=1000, head=1000)))
    wire.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    wire.send(b"1;" + b"x" * 60_000)
    assert wire.answer().status == 413


def test_an_oversized_body_is_refused_before_it_is_asked_for(serve, connect):
    wire = connect(serve())
    answer = wire.ask("/", "POST", headers="Expect: 100-continue\r\nContent-Length: 1048577\r\n")
    assert answer.status == 413


def test_a_client_that_sends_an_oversized_body_to_the_end_reads_its_refusal(serve, connect):
    refusals = []

    def refuse(refusal):
        refusals.append(refusal.reason)
        return 400, [("Content-Type", "application/xml")], b"<Error/>"

    wire = connect(serve(refuse=refuse, limits=Limits(linger=20)))
    answer = wire.ask("/", "POST", body=b"x" * 8_000_000)
    assert (answer.status, answer.body) == (400, b"<Error/>")
    assert refusals == [Reason.BODY_TOO_LARGE]


@pytest.mark.parametrize(
    "data",
    [
        b"GET /" + b"x" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 2000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 400 + b"\r\n",
        b"GET /" + b"x" * 60_000,
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 60_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 10_000,
        b"\r\n" * 30_000,
    ],
    ids=["target", "header", "many headers", "endless target", "endless header", "endless headers", "endless lines"],
)
def test_an_oversized_head_is_refused(serve, connect, data):
    wire = connect(serve(limits=Limits(head=1000)))
    wire.send(data)
    assert wire.answer().status == 431
    assert wire.rest() == b""


def test_trailers_do_not_grow_without_limit(serve, connect):
    wire = connect(serve(limits=Limits(body=1000, head=1000)))
    wire.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 10_000)
    assert wire.answer().status == 413


# Times.


def test_a_silent_client_is_let_go_after_the_handshake_limit(serve, connect, tls_files, trusting):
    server = serve(tls=tls_files, limits=Limits(handshake=SOON))
    wire = connect(server)
    assert wire.rest() == b""
    assert server.stopping is False


def test_an_idle_connection_is_closed_without_an_answer(serve, connect, tls_files, trusting):
    server = serve(tls=tls_files, limits=Limits(idle=SOON))
    assert connect(server, trusting(), suppress_ragged_eofs=False).rest() == b""
    server = serve(tls=tls_files, limits=Limits(idle=0.5))
    wire = connect(server, trusting(), suppress_ragged_eofs=False)
    assert wire.ask().status == 200
    assert wire.rest() == b""


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize(
    "start",
    [b"G", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc"],
    ids=["one byte", "headers", "body"],
)
def test_a_slow_request_is_answered_408(serve, connect, tls_files, trusting, secure, start):
    server = serve(tls=tls_files if secure else None, limits=Limits(header=SOON, receive=SOON))
    wire = connect(server, trusting() if secure else None)
    wire.send(start)
    assert wire.answer().status == 408
    assert wire.rest() == b""


def test_dripping_does_not_move_the_limit(serve, connect):
    wire = connect(serve(limits=Limits(header=0.2)))
    wire.sock.settimeout(0.01)
    received = b""
    drips = 0
    wire.send(b"GET / HTTP/1.1\r\nA: ")
    while not received:
        try:
            received = wire.sock.recv(100)
        except TimeoutError:
            wire.send(b"x")
            drips += 1
            assert drips < 1000
    assert received.startswith(b"HTTP/1.1 408 ")


def test_a_client_that_does_not_read_its_answer_is_cut(serve, connect):
    sent = threading.Event()

    def application(environ, start_response):
        start_response("200 OK", [])
        sent.set()
        return [b"x" * 50_000_000]

    server = serve(application, limits=Limits(write=SOON))
    wire = connect(server)
    wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert sent.wait(20)
    connection = next(thread for thread in threading.enumerate() if thread.name.startswith("tested-0-127"))
    connection.join(20)
    assert not connection.is_alive()


@pytest.mark.parametrize("opening", [b"", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n"])
def test_silent_clients_delay_nobody(serve, connect, tls_files, trusting, opening):
    server = serve(tls=tls_files)
    for _ in range(30):
        connect(server).send(opening)
    wire = connect(server, trusting())
    wire.sock.settimeout(5)
    assert [wire.ask().status for _ in range(10)] == [200] * 10


def test_a_slow_application_delays_only_its_own_client(serve, connect):
    release, entered = threading.Event(), threading.Event()

    def application(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            entered.set()
            assert release.wait(20)
        start_response("200 OK", [])
        return []

    server = serve(application)
    slow = connect(server)
    slow.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    assert entered.wait(20)
    assert connect(server).ask("/fast").status == 200
    release.set()
    assert slow.answer().status == 200


# Connections.


def test_silent_connections_beyond_the_cap_make_room(serve, connect, tls_files, trusting):
    server = serve(tls=tls_files, limits=Limits(connections=8))
    regular = connect(server, trusting())
    assert regular.ask().status == 200
    for _ in range(50):
        connect(server)
    newcomer = connect(server, trusting())
    assert newcomer.ask().status == 200
    assert regular.ask().status == 200  # one that has asked before is not the first to go


def test_an_idle_connection_makes_room_when_no_silent_one_is_left(serve, connect):
    server = serve(limits=Limits(connections=2))
    first = connect(server)
    assert first.ask().status == 200
    wait_for_rest(server, 1)
    second = connect(server)
    assert second.ask().status == 200
    wait_for_rest(server, 2)
    assert connect(server).ask().status == 200
    assert first.rest() == b""
    assert second.ask().status == 200


def test_when_all_are_at_work_a_newcomer_is_turned_away(serve, connect):
    release = threading.Event()
    working = threading.Semaphore(0)

    def application(environ, start_response):
        working.release()
        assert release.wait(20)
        start_response("200 OK", [])
        return []

    server = serve(application, limits=Limits(connections=2))
    busy = [connect(server) for _ in range(2)]
    for wire in busy:
        wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert working.acquire(timeout=20)
    newcomer = connect(server)
    assert newcomer.rest() == b""
    release.set()
    assert [wire.answer().status for wire in busy] == [200, 200]


# Start and stop.


def test_a_busy_port_is_one_clear_line(serve):
    server = serve()
    with pytest.raises(AddressInUse, match=rf"^127\.0\.0\.1:{server.port} is already in use by another process$"):
        serve(port=server.port)


@pytest.mark.parametrize("where", [{"host": "192.0.2.1"}, {"host": "no such host"}, {"port": 70000}, {"port": -1}])
def test_an_impossible_address_is_one_clear_line(serve, where):
    with pytest.raises(ListenError, match=r"^cannot listen on [^\n]+$"):
        serve(**where)


def test_a_port_is_free_again_after_stop(serve, connect):
    first = serve()
    connect(first).ask()
    first.stop()
    second = serve(port=first.port)
    assert connect(second).ask().status == 200


def test_stop_is_idempotent_and_possible_without_start(serve):
    server = serve()
    server.stop()
    server.stop()
    Server(lambda *_: []).stop()
    with pytest.raises(RuntimeError):
        server.start()


def test_stop_closes_idle_silent_and_half_sent_connections(serve, connect, tls_files, trusting):
    server = serve(tls=tls_files)
    idle = connect(server, trusting(), suppress_ragged_eofs=False)
    assert idle.ask().status == 200
    silent = connect(server)
    half = connect(server, trusting())
    half.send(b"GET / HT")
    assert idle.ask().status == 200
    server.stop(grace=SOON)
    assert idle.rest() == b""
    assert silent.rest() == b""
    assert half.rest() == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address, timeout=5)


def test_stop_lets_an_answer_under_way_go_out(serve, connect):
    entered = threading.Event()
    stopper = threading.Thread(target=lambda: server.stop(grace=20))

    def application(environ, start_response):
        listener = thread_named("tested-0-listener")
        entered.set()
        stopper.start()
        listener.join(20)  # ends once the server is stopping
        start_response("200 OK", [])
        return [b"done"]

    server = serve(application)
    wire = connect(server)
    answer = wire.ask()
    assert (answer.body, answer.headers.get("connection")) == (b"done", None)
    assert wire.rest() == b""
    stopper.join(20)
    assert not stopper.is_alive()


def test_stop_cuts_an_application_that_does_not_end(serve, connect, caplog):
    release, entered = threading.Event(), threading.Event()

    def application(environ, start_response):
        entered.set()
        assert release.wait(20)
        start_response("200 OK", [])
        return []

    server = serve(application)
    wire = connect(server)
    wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert entered.wait(20)
    worker = next(thread for thread in threading.enumerate() if thread.name.startswith("tested-0-127"))
    with caplog.at_level(logging.WARNING):
        server.stop(grace=SOON)
    assert wire.rest() == b""
    assert "1 requests did not end" in caplog.text
    release.set()
    worker.join(20)
    assert not worker.is_alive()


def test_a_server_may_be_stopped_by_its_own_application(serve, connect):
    def application(environ, start_response):
        server.stop(grace=SOON)
        start_response("200 OK", [])
        return []

    server = serve(application)
    wire = connect(server)
    wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    wire.rest()
    assert server.stopping


def test_many_servers_in_one_process(serve, connect, tls_files, trusting):
    servers = [serve(tls=tls_files) for _ in range(10)]
    assert len({server.port for server in servers}) == 10
    for server in servers:
        assert connect(server, trusting()).ask().status == 200


def test_as_a_context_manager(connect):
    with Server(lambda environ, start_response: (start_response("204 No Content", []), [])[1]) as server:
        assert connect(server).ask().status == 204
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address, timeout=5)
