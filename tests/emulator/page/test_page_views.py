"""What the page shows, does and refuses, without a browser: it needs no script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_emulator.control import Plane, create_control
from asm_emulator.emulator import Emulator
from asm_emulator.journal import Journal
from asm_emulator.page.routes import ACTIONS, _local
from asm_emulator.page.views import VIEWS

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
LISTED = [one.path for one in VIEWS if one.title]


class Page(HTMLParser):
    """Checks that elements are closed, that ids are unique and that fields have labels."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.nameless: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag in ("input", "select") and given.get("type") != "hidden" and "label" not in self.open:
            self.nameless.append(str(given))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """SVG's own."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())


def sound(text: str) -> Page:
    found = Page(text)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert (found.inline, found.nameless) == ([], [])
    return found


def shown(page: FlaskClient, path: str) -> str:
    answer = page.get(path)
    assert answer.status_code == 200, answer.text
    sound(answer.text)
    return answer.text


def form_token(page: FlaskClient) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', page.get("/page/clock").text)
    assert found is not None
    return found[1]


def do(page: FlaskClient, name: str, back: str = "/", /, **fields: str) -> str:
    answer = page.post(f"/page/do/{name}", data={"form_token": form_token(page), "back": back, **fields})
    assert answer.status_code == 303, answer.text
    return shown(page, answer.headers["Location"])


# -- every view -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTED)
def test_every_view_is_sound_when_nothing_is_there(page: FlaskClient, path: str) -> None:
    shown(page, path)


@pytest.mark.parametrize("path", LISTED)
def test_every_view_is_sound_with_much_in_it_and_its_links_lead_somewhere(
    world: object, page: FlaskClient, path: str
) -> None:
    for link in sorted(set(sound(page.get(path).text).links)):
        target, _, anchor = link.partition("#")
        if target:
            shown(page, target)
        elif anchor != "main":
            assert f'id="{anchor}"' in page.get(path).text


@pytest.mark.parametrize("path", LISTED)
def test_headers_keep_everything_foreign_out(page: FlaskClient, path: str) -> None:
    headers = page.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "http://" not in page.get(path).text.replace("http://www.w3.org", "").replace("http://schemas", "")


def test_the_estate_shows_services_machines_disks_storage_and_networks(world: object, page: FlaskClient) -> None:
    text = shown(page, "/")
    for what in (
        "shop-web-3: ",
        "legacy-payroll",
        "StoppedDeallocated",
        "held by ",
        "spare-data",
        "golden-ubuntu",
        "shop-net",
        "10.0.1.0/24",
        "front-door",
        "in use",
        "near",
    ):
        assert what in text, what
    assert text.count('<i class="i ') == 9 + 26 + 2


def test_operations_are_bars_with_their_leases(world: object, page: FlaskClient) -> None:
    text = shown(page, "/page/operations")
    assert {state: text.count(f'class="bar {state}"') > 0 for state in ("ready", "busy", "held", "failed")} == {
        "ready": True,
        "busy": True,
        "held": True,
        "failed": True,
    }
    assert "leases: deployment" in text
    assert 'class="lease"' in text


def test_an_operation_shows_what_it_changed_and_its_exchange(
    world: object, page: FlaskClient, emulator: Emulator
) -> None:
    done = next(
        one
        for one in emulator.engine.state.subscriptions[emulator.subscription].operations.values()
        if one.object_path.endswith("shopbackup") or (one.name, one.status) == ("Create Storage Account", "Succeeded")
    )
    text = shown(page, f"/page/operations/{done.request_id}")
    assert "storage_accounts.account_created" in text
    assert "status: Creating -&gt; Created" in text
    assert "<h2>Response</h2>" in text


def test_requests_are_listed_filtered_and_told_in_full(world, page: FlaskClient) -> None:
    assert page.get("/page/requests").text.count("<tr>") > 8
    only = shown(page, "/page/requests?failed=1&operation=create_*")
    assert only.count("<tr>") == 2
    assert page.get("/page/requests?status=x").status_code == 400
    text = shown(page, f"/page/requests/{world.refused}")
    for what in (
        "<h2>Why</h2>",
        "ConflictError",
        '  <span class="tag">&lt;Code&gt;',
        "curl --cacert",
        "def test_create_hosted_service(",
    ):
        assert what in text, what


def test_a_copied_test_is_python_and_passes(world, page: FlaskClient, emulator: Emulator) -> None:
    import html

    text = html.unescape(page.get(f"/page/requests/{world.refused}").text)
    found = re.search(r'<pre id="copy-test"[^>]*>(.*?)</pre>', text, re.DOTALL)
    assert found is not None
    names: dict[str, object] = {}
    exec(compile(found[1], "copied", "exec"), names)
    body = emulator.log.find(request_id=world.refused)[0].request_body
    said: list[tuple[str, str, bytes]] = []

    class Answer:
        status_code = 409
        text = ""

    class Session:
        def request(self, verb: str, url: str, headers: dict[str, str], data: bytes) -> Answer:
            said.append((verb, url, data))
            return Answer()

    class Fixture:
        endpoint, subscription = "https://x", "s"
        session = Session

    names["test_create_hosted_service"](Fixture())  # type: ignore[operator]
    assert said == [("POST", "https://x/s/services/hostedservices", body.encode())]


def test_an_open_page_is_sent_only_what_it_does_not_show(world, page: FlaskClient, emulator: Emulator) -> None:
    whole = page.get("/?part=1").text
    versions = re.findall(r'data-version="(\w+)"', whole)
    have = {"X-Have": " ".join(versions)}
    same = page.get("/?part=1", headers=have).text
    assert same.count("data-same") == len(versions)
    assert len(same) < len(whole) / 4
    emulator.client().create_hosted_service(CreateHostedService(service_name="newcomer", label="n", location="West US"))
    after = page.get("/?part=1", headers=have).text
    sound(after)
    assert ("newcomer" in after, "shop-web-3" in after) == (True, False)
    assert "data-same" not in page.get("/", headers=have).text, "a page that is loaded shows nothing yet"


# -- doing ------------------------------------------------------------------------------------------------------------


def test_the_clock_is_paused_stepped_and_advanced(world, page: FlaskClient, emulator: Emulator) -> None:
    before = emulator.engine.clock.now()
    assert "Done: Move the time forward" in do(page, "advance", "/page/clock", seconds="90")
    assert (emulator.engine.clock.now() - before).total_seconds() == 90
    do(page, "thaw", "/page/clock")
    assert not emulator.engine.clock.frozen
    assert "paused" in do(page, "freeze", "/page/clock")
    do(page, "set_pace", "/page/clock", pace="real")
    assert emulator.engine.pace.name == "real"
    do(page, "advance_until_idle", "/page/clock")
    assert not emulator.engine.state.steps


def test_the_step_button_goes_to_the_next_event_and_no_further(world, page: FlaskClient, emulator: Emulator) -> None:
    first = emulator.engine.state.steps.first
    found = re.search(
        r'name="seconds" value="([\d.]+)"><?[^>]*>?\s*<button class="">Step', page.get("/page/clock").text
    )
    assert found is not None
    do(page, "advance", "/page/clock", seconds=found[1])
    assert first not in emulator.engine.state.steps
    assert emulator.engine.clock.now() == first.due


def test_operations_are_steered(world, page: FlaskClient, emulator: Emulator) -> None:
    id = world.held.request_id
    where = f"/page/operations/{id}"
    assert "Hold</button>" in do(page, "release_operation", where, id=id)
    assert 'badge held">held' in do(page, "hold_operation", where, id=id)
    assert "ServerBusy" in do(page, "fail_operation", where, id=id, code="ServerBusy")
    again = page.post("/page/do/hold_operation", data={"form_token": form_token(page), "id": id})
    assert (again.status_code, "has ended" in again.text) == (409, True)


def test_fault_rules_come_and_go(page: FlaskClient, emulator: Emulator) -> None:
    text = do(
        page, "add_fault", "/page/faults", answer="error", operation="list_*", code="ServerBusy", times="1", every="1"
    )
    assert "ServerBusy" in text
    assert emulator.faults.rules[0].times is None
    do(page, "delete_fault", "/page/faults", id="fault-1")
    assert emulator.faults.rules == ()
    wrong = page.post("/page/do/add_fault", data={"form_token": form_token(page), "answer": "error", "chance": "7"})
    assert (wrong.status_code, "at most 1" in wrong.text) == (400, True)
    sound(wrong.text)


def test_snapshots_are_taken_compared_and_restored(world, page: FlaskClient, emulator: Emulator) -> None:
    text = shown(page, "/page/snapshots/before-the-change")
    assert "+ campaign" in text
    do(page, "take_snapshot", "/page/snapshots", name="now")
    assert "Nothing changed." in shown(page, "/page/snapshots/now")
    assert "Nothing changed." not in shown(page, "/page/snapshots/now?to=before-the-change")
    do(page, "restore_snapshot", "/page/snapshots", name="before-the-change")
    assert "campaign" not in emulator.engine.state.subscriptions[emulator.subscription].hosted_services
    do(page, "delete_snapshot", "/page/snapshots", name="before-the-change")
    assert [one.name for one in emulator.snapshots.all()] == ["now"]


# -- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_nothing_is_done_without_the_form_token_or_from_elsewhere(page: FlaskClient, name: str) -> None:
    assert page.post(f"/page/do/{name}", data={"id": "x", "seconds": "1"}).status_code == 403
    token = form_token(page)
    foreign = {"Origin": "http://evil.example"}
    assert page.post(f"/page/do/{name}", data={"form_token": token}, headers=foreign).status_code == 403
    assert page.get(f"/page/do/{name}").status_code == 404


def test_the_page_does_only_what_it_has_buttons_for(page: FlaskClient) -> None:
    for name in ("reset", "delete_subscription", "nothing"):
        assert page.post(f"/page/do/{name}", data={"form_token": form_token(page)}).status_code == 404


def test_a_foreign_host_sees_nothing(page: FlaskClient) -> None:
    for path in (*LISTED, "/page/changes", "/page/static/page.js", "/page/login"):
        assert page.get(path, headers={"Host": "evil.example"}).status_code == 403


def test_the_token_is_asked_for_once_and_kept_in_a_cookie_that_is_not_the_token(emulator: Emulator) -> None:
    page = create_control(Plane(emulator, token="s3cret")).test_client()
    asked = page.get("/page/requests?failed=1")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/page/login?back=%2Fpage%2Frequests%3Ffailed%3D1")
    assert page.get("/page/changes").status_code == 401
    assert page.post("/page/do/freeze").headers["Location"] == "/page/login"
    sound(page.get(asked.headers["Location"]).text)
    wrong = page.post("/page/login", data={"token": "guess", "back": "/"})
    assert (wrong.status_code, "Set-Cookie" in wrong.headers) == (401, False)
    right = page.post("/page/login", data={"token": "s3cret", "back": "/page/requests?failed=1"})
    assert (right.status_code, right.headers["Location"]) == (303, "/page/requests?failed=1")
    cookie = right.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert "s3cret" not in cookie
    assert [page.get(path).status_code for path in LISTED] == [200] * len(LISTED)
    assert page.get("/clock").status_code == 401, "the cookie is the page's alone"


@pytest.mark.parametrize(
    "address",
    ["http://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", "", "/reset", "/page/../x y"],
)
def test_nobody_is_sent_anywhere_else(page: FlaskClient, address: str) -> None:
    assert _local(address).startswith(("/page/", "/")) and "evil" not in _local(address)
    assert page.post("/page/login", data={"back": address}).headers["Location"].startswith("/")


# -- hostile content --------------------------------------------------------------------------------------------------

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_what_clients_send_is_text(page: FlaskClient, emulator: Emulator) -> None:
    emulator.client().create_hosted_service(
        CreateHostedService(service_name="web", label=NASTY, location="West US", description=NASTY)
    )
    subscription = emulator.subscription
    caller = emulator.app.test_client()
    caller.get(f"/{subscription}/services/%3Cscript%3Ealert(1)?x={NASTY}")
    emulator.add_subscription("11111111-1111-1111-1111-111111111111", (), name=NASTY)
    do(page, "add_fault", "/page/faults", answer="error", resource=NASTY, message=NASTY, id=NASTY)
    refused = page.post(
        "/page/do/add_fault", data={"form_token": form_token(page), "answer": "error", "operation": NASTY}
    )
    assert (refused.status_code, "<script>alert" in refused.text, "<img" in refused.text) == (400, False, False)
    for entry in emulator.log.entries():
        assert "<script>alert" not in shown(page, f"/page/requests/{entry.request_id}")
    for path in LISTED:
        text = shown(page, path)
        assert "<script>alert" not in text
        assert "<img" not in text
    for path in (f"/page/requests?operation={NASTY}", f"/page/requests?subscription={NASTY}", f"/?done={NASTY}"):
        assert "<script>alert" not in page.get(path).text
        assert "<img" not in page.get(path).text


@pytest.mark.parametrize(
    "path",
    ["/page/operations/nothing", "/page/requests/nothing", "/page/snapshots/nothing", "/?subscription=nothing"],
)
def test_what_is_not_there_is_said_so(page: FlaskClient, path: str) -> None:
    answer = page.get(path)
    assert answer.status_code == 404
    sound(answer.text)


# -- live -------------------------------------------------------------------------------------------------------------


def number(page: FlaskClient) -> int:
    return int(page.get("/page/changes?after=0").text)


def test_the_number_changes_with_everything_that_shows_and_with_nothing_else(
    page: FlaskClient, emulator: Emulator
) -> None:
    azure = emulator.client()
    seen = number(page)

    def changed() -> bool:
        nonlocal seen
        before, seen = seen, number(page)
        return before != seen

    for _ in range(3):
        page.get("/")
        assert not changed()
    azure.list_hosted_services()
    assert changed()
    azure.create_storage_account(CreateStorageServiceInput(service_name="store", label="store", location="West US"))
    assert changed()
    emulator.control.advance(60)
    assert changed()
    emulator.control.take_snapshot("a")
    assert changed()
    emulator.control.add_fault("error")
    assert changed()
    emulator.control.thaw()
    assert changed()
    emulator.log.clear()
    assert changed()
    assert not changed()


def test_a_part_keeps_its_version_until_what_it_shows_changes(world, page: FlaskClient, emulator: Emulator) -> None:
    def versions() -> dict[str, str]:
        return dict(re.findall(r'<section id="([^"]+)"[^>]* data-version="(\w+)"', page.get("/?part=1").text))

    before = versions()
    assert before == versions()
    assert "<header>" not in page.get("/?part=1").text
    world.azure.list_hosted_services()
    assert versions() == before
    world.azure.create_hosted_service(CreateHostedService(service_name="late", label="late", location="West US"))
    after = versions()
    assert {name for name in after if after[name] != before.get(name)} == {
        f"head-{emulator.subscription}",
        f"service-{emulator.subscription}-late",
    }


def test_files_are_sent_once(page: FlaskClient) -> None:
    for name in ("page.css", "page.js"):
        first = page.get(f"/page/static/{name}")
        assert first.status_code == 200
        assert page.get(f"/page/static/{name}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert page.get("/page/static/..%2Fpages.py").status_code == 404


def test_the_json_endpoints_are_as_they_were(page: FlaskClient) -> None:
    assert page.get("/health").get_json()["status"] == "ok"
    for path in ("/operations", "/requests", "/clock", "/faults", "/snapshots"):
        assert page.get(path).is_json


def test_nobody_waits_for_a_server_that_is_about_to_stop(emulator: Emulator) -> None:
    seen = emulator.watch.revision()
    emulator.watch.close()
    assert emulator.watch.wait(seen, seconds=600) == seen
    emulator.watch.open()
    emulator.watch.touch()
    assert emulator.watch.wait(seen, seconds=600) == seen + 1


def test_the_journal_is_bounded_and_forgets_with_the_subscription(world, emulator: Emulator) -> None:
    id = world.failed.request_id
    assert [one.what for one in emulator.engine.journal.of(id)] == [
        "create_storage_account",
        "storage_accounts.account_created",
    ]
    kept = Journal(capacity=2)
    for change in emulator.engine.journal.all():
        kept.add(change)
    assert kept.all() == emulator.engine.journal.all()[-2:]
    emulator.reset_subscription(emulator.subscription)
    assert emulator.engine.journal.all() == ()
