"""What the control plane does to the emulator, and what it refuses."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from asm_client import Client
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.errors import ConflictError, ForbiddenError
from asm_contracts.operation import Accepted
from asm_emulator.control import Plane, create_control
from asm_emulator.controlling import Control, ControlError
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

OTHER = "11111111-1111-1111-1111-111111111111"


def service(name: str = "web") -> CreateHostedService:
    return CreateHostedService(service_name=name, label=name, location="West US")


def refused(code: int, text: str, function: Callable[..., object], /, *arguments: object, **named: object) -> None:
    with pytest.raises(ControlError) as found:
        function(*arguments, **named)
    assert (found.value.status, text in str(found.value)) == (code, True), str(found.value)


# -- the emulator -----------------------------------------------------------------------------------------------------


def test_health_readiness_version_and_configuration(emulator: Emulator, control: Control) -> None:
    assert control.health()["subscription"] == emulator.subscription
    assert control.ready() is None
    assert set(control.version()) == {"version", "python", "openssl"}
    found = control.configuration()
    assert (found["pace"], found["seed"], found["quotas"]["cores"]) == ("manual", "asm-emulator", 20)


def test_a_token_is_asked_for_everywhere_but_by_the_probes(emulator: Emulator) -> None:
    caller = create_control(Plane(emulator, token="right")).test_client()
    assert [caller.get(path).status_code for path in ("/health", "/ready", "/clock", "/version")] == [
        200,
        204,
        401,
        401,
    ]
    for shown, status in (("Bearer right", 200), ("bearer right", 200), ("Bearer wrong", 401), ("right", 401)):
        assert caller.get("/clock", headers={"Authorization": shown}).status_code == status
    assert caller.post("/reset", headers={"Authorization": "Bearer \u00e9"}).status_code == 401


def test_foreign_hosts_and_origins_are_refused_before_all_else(emulator: Emulator) -> None:
    caller = create_control(Plane(emulator, token="right")).test_client()
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        assert caller.get("/health", headers=headers).status_code == 403
        assert caller.get("/nothing", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body", [b"{", b"[1]", b'"x"', b"[" * 100_000, b"\xff", b'{"seconds": 1e400}', b'{"wings": 2}']
)
def test_nonsense_is_a_clear_400(emulator: Emulator, body: bytes) -> None:
    caller = create_control(Plane(emulator)).test_client()
    answer = caller.post("/clock/advance", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_reset_ignores_what_it_does_not_know(emulator: Emulator, azure: Client) -> None:
    azure.create_hosted_service(service())
    caller = create_control(Plane(emulator)).test_client()
    assert caller.post("/reset?recording=/somewhere.jsonl").status_code == 200
    assert azure.list_hosted_services().items == ()


# -- subscriptions ----------------------------------------------------------------------------------------------------


def test_a_fresh_subscription_takes_the_first_ones_certificate(
    control: Control, azure_of: Callable[[str], Client]
) -> None:
    made = control.create_subscription(quotas={"hosted-services": 1})
    fresh = azure_of(made["id"])
    fresh.create_hosted_service(service())
    with pytest.raises(ForbiddenError, match="hosted service count"):
        fresh.create_hosted_service(service("other"))
    assert control.get_subscription(made["id"])["hosted_services"] == 1
    control.set_quotas(made["id"], {"hosted_services": 2})
    fresh.create_hosted_service(service("other"))
    control.delete_subscription(made["id"])
    with pytest.raises(ForbiddenError, match="authenticate"):
        fresh.list_hosted_services()
    assert [one["id"] for one in control.list_subscriptions()] == ["00000000-0000-0000-0000-000000000001"]


def test_names_are_the_clouds_and_an_isolated_subscription_has_one_of_its_own(
    control: Control, azure: Client, azure_of: Callable[[str], Client]
) -> None:
    azure.create_hosted_service(service())
    beside = azure_of(control.create_subscription()["id"])
    with pytest.raises(ConflictError):
        beside.create_hosted_service(service())
    made = control.create_subscription(isolate=True)
    apart = azure_of(made["id"])
    apart.create_hosted_service(service())
    assert not apart.check_hosted_service_name_availability("web").result
    apart.delete_hosted_service("web")
    assert apart.check_hosted_service_name_availability("web").result
    assert not azure.check_hosted_service_name_availability("web").result
    apart.create_hosted_service(service())
    control.delete_subscription(made["id"])
    again = azure_of(control.create_subscription(id=made["id"], isolate=True)["id"])
    again.create_hosted_service(service())


def test_resetting_one_subscription_gives_its_names_back_and_leaves_the_others(
    control: Control, emulator: Emulator, azure: Client, azure_of: Callable[[str], Client], begun: Accepted
) -> None:
    azure.create_hosted_service(service())
    other = azure_of(control.create_subscription(id=OTHER)["id"])
    other.create_hosted_service(service("mine"))
    control.reset_subscription(emulator.subscription)
    assert azure.list_hosted_services().items == ()
    assert control.clock(emulator.subscription)["pending"] == 0
    assert len(other.list_hosted_services().items) == 1
    other.create_hosted_service(service())


def test_a_certificate_is_enrolled(control: Control, emulator: Emulator) -> None:
    from asm_client import WSGITransport

    der = certificate("somebody else")
    stranger = Client(WSGITransport(emulator.app.wsgi_app, der), emulator.subscription)
    with pytest.raises(ForbiddenError):
        stranger.list_hosted_services()
    control.enrol_certificate(emulator.subscription, base64.b64encode(der).decode())
    assert stranger.list_hosted_services().items == ()
    pem = "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode() + "-----END CERTIFICATE-----\n"
    assert len(control.create_subscription(certificate=pem)["certificates"]) == 1


def test_subscriptions_that_cannot_be(control: Control, emulator: Emulator) -> None:
    refused(409, "already", control.create_subscription, id=emulator.subscription.upper())
    refused(400, "GUID", control.create_subscription, id="mine")
    refused(400, "certificate", control.create_subscription, certificate="AAAA")
    refused(400, "certificate", control.enrol_certificate, emulator.subscription, "-----BEGIN CERTIFICATE-----\n")
    refused(400, "wings", control.create_subscription, quotas={"wings": 2})
    refused(400, "cores", control.set_quotas, emulator.subscription, {"cores": True})
    for function in (control.get_subscription, control.delete_subscription, control.reset_subscription):
        refused(404, OTHER, function, OTHER)


# -- clock ------------------------------------------------------------------------------------------------------------


def test_time_until_an_operation_ends_and_until_nothing_is_left(
    control: Control, azure: Client, begun: Accepted
) -> None:
    before = control.clock()
    assert (before["pending"], before["frozen"]) == (1, True)
    assert not control.advance_until_ended(begun.request_id, within=1)["ended"]
    assert azure.get_operation_status(begun.request_id).status == "InProgress"
    found = control.advance_until_ended(begun.request_id)
    assert (found["ended"], azure.get_operation_status(begun.request_id).status) == (True, "Succeeded")
    assert found["now"] == before["next"]
    azure.create_hosted_service(service())
    assert control.advance_until_idle()["pending"] == 0
    assert control.advance_until_ended(begun.request_id)["ended"]
    refused(404, "nothing", control.advance_until_ended, "nothing")


def test_subscriptions_travel_apart(
    control: Control, emulator: Emulator, azure: Client, azure_of: Callable[[str], Client], begun: Accepted
) -> None:
    from asm_contracts.areas.storage_accounts import CreateStorageServiceInput

    other = azure_of(control.create_subscription()["id"])
    theirs = other.create_storage_account(
        CreateStorageServiceInput(service_name="theirs", label="theirs", location="West US")
    )
    began = datetime.fromisoformat(control.clock()["now"])
    found = control.advance(3600, subscription=other.subscription_id)
    assert datetime.fromisoformat(found["now"]) == began + timedelta(hours=1)
    assert other.get_operation_status(theirs.request_id).status == "Succeeded"
    ended = control.get_operation(theirs.request_id)["completed"]
    assert datetime.fromisoformat(ended) - began < timedelta(minutes=1), "it ended when it was due"
    assert azure.get_operation_status(begun.request_id).status == "InProgress"
    assert emulator.engine.clock.now() == began
    later = other.create_storage_account(
        CreateStorageServiceInput(service_name="later", label="later", location="West US")
    )
    due = datetime.fromisoformat(control.get_operation(later.request_id)["due"])
    assert began + timedelta(hours=1) < due < began + timedelta(hours=1, minutes=1)
    assert control.advance_until_idle(subscription=other.subscription_id)["idle"]
    assert other.get_operation_status(later.request_id).status == "Succeeded"
    assert azure.get_operation_status(begun.request_id).status == "InProgress"
    control.advance(3600)
    assert azure.get_operation_status(begun.request_id).status == "Succeeded"


def test_the_date_header_is_the_subscriptions_time(control: Control, emulator: Emulator, azure: Client) -> None:
    control.advance(86400 * 365, subscription=emulator.subscription)
    assert azure.call("list_hosted_services").headers["date"].endswith("2016 17:25:07 GMT")


def test_the_clock_is_frozen_thawed_and_paced(control: Control, azure: Client) -> None:
    frozen = control.clock()
    assert control.thaw()["frozen"] is False
    assert control.freeze()["frozen"] is True
    stopped = control.clock()["now"]
    assert datetime.fromisoformat(stopped) >= datetime.fromisoformat(frozen["now"])
    assert control.clock()["now"] == stopped
    assert control.set_pace("instant")["frozen"] is False
    made = azure.create_storage_account(_account("fast"))
    assert azure.get_operation_status(made.request_id).status == "Succeeded"
    found = control.set_pace(scale=2.0)
    assert (found["pace"], found["scale"]) == ("custom", 2.0)
    assert control.set_pace("manual")["frozen"] is True
    refused(400, "pace or a scale", control.set_pace)
    refused(400, "pace or a scale", control.set_pace, "real", 1.0)
    refused(400, "pace is one of", control.set_pace, "hurried")


def _account(name: str):  # type: ignore[no-untyped-def]
    from asm_contracts.areas.storage_accounts import CreateStorageServiceInput

    return CreateStorageServiceInput(service_name=name, label=name, location="West US")


def test_time_does_not_end(control: Control) -> None:
    year = 366 * 24 * 3600.0
    refused(400, "at most", control.advance, year + 1)
    refused(400, "at least", control.advance, -1)
    refused(404, OTHER, control.advance, 1, subscription=OTHER)
    assert datetime.fromisoformat(control.advance(year)["now"]) > datetime(2016, 7, 1, tzinfo=UTC)


# -- operations -------------------------------------------------------------------------------------------------------


def test_an_operation_is_held_and_released(control: Control, azure: Client, begun: Accepted) -> None:
    assert control.hold_operation(begun.request_id)["held"]
    assert control.hold_operation(begun.request_id)["held"]
    control.advance(7200)
    assert azure.get_operation_status(begun.request_id).status == "InProgress"
    assert control.clock()["held"] == 1
    refused(409, "held", control.advance_until_ended, begun.request_id)
    found = control.release_operation(begun.request_id)
    assert (found["status"], found["held"]) == ("Succeeded", False)
    assert azure.get_storage_account_properties("store").storage_service_properties.status == "Created"
    refused(409, "not held", control.release_operation, begun.request_id)


def test_an_operation_fails_as_told_and_takes_back_what_was_there(
    control: Control, azure: Client, begun: Accepted
) -> None:
    found = control.fail_operation(begun.request_id, code="ConflictError", message="No room.")
    assert (found["status"], found["code"], found["http_status"]) == ("Failed", "ConflictError", 409)
    answered = azure.get_operation_status(begun.request_id)
    assert answered.error is not None
    assert (answered.status, answered.error.code, answered.error.message) == ("Failed", "ConflictError", "No room.")
    assert azure.list_storage_accounts().items == ()
    azure.create_storage_account(_account("store"))


def test_an_operation_succeeds_now(control: Control, azure: Client, begun: Accepted) -> None:
    before = control.clock()["now"]
    control.hold_operation(begun.request_id)
    found = control.succeed_operation(begun.request_id)
    assert (found["status"], found["completed"]) == ("Succeeded", before)
    refused(409, "has ended", control.fail_operation, begun.request_id)
    refused(409, "has ended", control.hold_operation, begun.request_id)
    refused(404, "nothing", control.succeed_operation, "nothing")


def test_an_unknown_code_needs_a_status(control: Control, begun: Accepted) -> None:
    refused(400, "status", control.fail_operation, begun.request_id, code="OutOfSpoons")
    refused(400, "status", control.fail_operation, begun.request_id, code="OutOfSpoons", status=200)
    assert control.fail_operation(begun.request_id, code="OutOfSpoons", status=507)["http_status"] == 507


def test_operations_are_listed_and_watched(control: Control, azure: Client, begun: Accepted) -> None:
    azure.create_hosted_service(service())
    found = control.list_operations()
    assert [one["name"] for one in found] == ["Create Storage Account", "Create Hosted Service"]
    assert [one["id"] for one in control.list_operations(status="InProgress")] == [begun.request_id]
    assert [one["name"] for one in control.list_operations(after=found[0]["serial"])] == ["Create Hosted Service"]
    watch = control.watch_operations(sleep=lambda _: control.advance(3600))
    assert (next(watch)["id"], control.get_operation(begun.request_id)["status"]) == (begun.request_id, "Succeeded")


def test_json_is_read_whatever_it_is_called(emulator: Emulator) -> None:
    caller = create_control(Plane(emulator)).test_client()
    form = {"Content-Type": "application/x-www-form-urlencoded"}  # what curl says of itself
    before = emulator.engine.clock.now()
    assert caller.post("/clock/advance", data='{"seconds": 90}', headers=form).status_code == 200
    assert (emulator.engine.clock.now() - before).total_seconds() == 90
    assert caller.post("/clock/advance", data="seconds=10", headers=form).status_code == 200
    answer = caller.post("/clock/advance", data='{"seconds": 90', headers=form)
    assert (answer.status_code, "no JSON" in answer.get_json()["error"]) == (400, True)
