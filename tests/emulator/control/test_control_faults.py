"""Planned faults, as a client that knows nothing of them meets them; and the request log that shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asm_client import Client
from asm_client.errors import ConnectionFailed, UnreadableAnswer
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ConflictError, ServerBusy, ServiceError, TooManyRequests
from asm_emulator.controlling import Control, ControlError
from asm_emulator.emulator import Emulator

OTHER = "11111111-1111-1111-1111-111111111111"


def service(name: str = "web") -> CreateHostedService:
    return CreateHostedService(service_name=name, label=name, location="West US")


def account(name: str = "store") -> CreateStorageServiceInput:
    return CreateStorageServiceInput(service_name=name, label=name, location="West US")


# -- each answer ------------------------------------------------------------------------------------------------------


def test_throttling_comes_with_retry_after_and_changes_nothing(control: Control, azure: Client) -> None:
    control.add_fault("error", operation="create_hosted_service", code="TooManyRequests", retry_after=17)
    with pytest.raises(TooManyRequests) as found:
        azure.create_hosted_service(service())
    assert found.value.http_status == 503
    entry = control.list_requests(bodies=True)[-1]
    assert ["Retry-After", "17"] in entry["response"]["headers"]
    assert azure.list_hosted_services().items == ()
    azure.create_hosted_service(service())


@pytest.mark.parametrize(("code", "status"), [("OutOfSpoons", 507), ("ResourceNotFound", None), ("ServerBusy", 500)])
def test_any_code_with_any_status_and_text(control: Control, azure: Client, code: str, status: int | None) -> None:
    control.add_fault("error", code=code, status=status, message="a <b> & c")
    with pytest.raises(ServiceError) as found:
        azure.list_hosted_services()
    assert (found.value.error_code, found.value.message) == (code, "a <b> & c")
    assert status in (None, found.value.http_status)


def test_an_answer_is_late_before_or_after_the_doing(
    control: Control, azure: Client, waited: list[float], emulator: Emulator
) -> None:
    control.add_fault("delay", operation="create_*", seconds=7, when="before")
    control.add_fault("delay", operation="delete_*", seconds=9)
    azure.create_hosted_service(service())
    azure.delete_hosted_service("web")
    assert waited == [7, 9]


def test_the_connection_is_dropped_before_or_after_the_commit(control: Control, azure: Client) -> None:
    control.add_fault("drop", operation="create_hosted_service")
    with pytest.raises(ConnectionFailed):
        azure.create_hosted_service(service())
    assert azure.list_hosted_services().items == ()
    control.add_fault("drop", operation="create_hosted_service", when="after")
    with pytest.raises(ConnectionFailed):
        azure.create_hosted_service(service())
    assert [one.service_name for one in azure.list_hosted_services().items] == ["web"]
    with pytest.raises(ConflictError):
        azure.create_hosted_service(service())
    assert [one["status"] for one in control.list_requests(failed=True)] == [None, None, 409]


@pytest.mark.parametrize("how", ["truncated", "mismatched", "empty", "html", "binary"])
def test_a_spoilt_body_is_framed_well_and_unreadable(control: Control, azure: Client, how: str) -> None:
    control.add_fault("spoil", how=how)
    with pytest.raises(UnreadableAnswer) as found:
        azure.list_hosted_services()
    assert found.value.status == 200
    entry = control.list_requests(bodies=True)[-1]
    assert dict(entry["response"]["headers"])["Content-Length"] == str(entry["response"]["length"])


def test_an_answer_is_cut(control: Control, azure: Client) -> None:
    control.add_fault("cut", octets=3)
    with pytest.raises(ConnectionFailed):
        azure.list_hosted_services()


def test_an_operation_that_is_accepted_fails_later(control: Control, azure: Client) -> None:
    rule = control.add_fault("fail", operation="create_storage_account", code="InternalError")
    begun = azure.create_storage_account(account())
    assert azure.get_operation_status(begun.request_id).status == "InProgress"
    control.advance_until_ended(begun.request_id)
    found = azure.get_operation_status(begun.request_id)
    assert found.error is not None
    assert (found.status, found.error.code) == ("Failed", "InternalError")
    assert azure.list_storage_accounts().items == ()
    assert control.get_fault(rule["id"])["used"] == 1


def test_an_operation_is_held_from_its_beginning(control: Control, azure: Client) -> None:
    control.add_fault("hold")
    begun = azure.create_storage_account(account())
    control.advance(86400)
    assert azure.get_operation_status(begun.request_id).status == "InProgress"
    control.release_operation(begun.request_id)
    assert azure.get_operation_status(begun.request_id).status == "Succeeded"


def test_what_begins_no_operation_does_not_use_up_a_late_fault(control: Control, azure: Client) -> None:
    rule = control.add_fault("fail")
    azure.create_hosted_service(service())
    with pytest.raises(ConflictError):
        azure.create_hosted_service(service())
    assert control.get_fault(rule["id"])["seen"] == 0
    azure.create_storage_account(account())
    assert control.get_fault(rule["id"])["used"] == 1


# -- which requests ---------------------------------------------------------------------------------------------------


def test_faults_are_of_a_subscription(control: Control, azure: Client, azure_of: Callable[[str], Client]) -> None:
    other = azure_of(control.create_subscription()["id"])
    control.add_fault("error", subscription=other.subscription_id, code="ServerBusy", times=None)
    azure.list_hosted_services()
    for _ in range(3):
        with pytest.raises(ServerBusy):
            other.list_hosted_services()
    assert control.list_faults(azure.subscription_id)["faults"] == []
    control.reset_subscription(other.subscription_id)
    other.list_hosted_services()


def test_faults_are_of_a_resource_after_n_and_n_times(control: Control, azure: Client) -> None:
    for name in ("web", "other"):
        azure.create_hosted_service(service(name))
    rule = control.add_fault("error", resource="/services/hostedservices/WEB*", after=1, times=2, code="ServerBusy")
    outcomes = []
    for _ in range(5):
        azure.get_hosted_service_properties("other") if hasattr(azure, "get_hosted_service_properties") else None
        azure.get_hosted_service("other")
        try:
            azure.get_hosted_service("web")
        except ServerBusy:
            outcomes.append("busy")
        else:
            outcomes.append("fine")
    assert outcomes == ["fine", "busy", "busy", "fine", "fine"]
    found = control.get_fault(rule["id"])
    assert (found["seen"], found["used"], found["spent"]) == (5, 2, True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("create_hosted_servise", "create_hosted_service"),
        ("Create Hosted Service", "create_hosted_service"),
        ("x*", ""),
    ],
)
def test_a_fault_of_no_operation_is_a_mistake(control: Control, written: str, meant: str) -> None:
    with pytest.raises(ControlError, match=meant or "no operation is called x") as found:
        control.add_fault("error", operation=written)
    assert found.value.status == 400
    assert control.list_faults()["faults"] == []


def test_unused_faults_are_named(control: Control, azure: Client) -> None:
    used = control.add_fault("error", operation="list_*", code="ServerBusy")
    never = control.add_fault("drop", operation="delete_*", id="never")
    with pytest.raises(ServerBusy):
        azure.list_hosted_services()
    found = control.list_faults()
    assert (found["all_used"], found["unused"]) == (False, [never["id"]])
    with pytest.raises(AssertionError, match="never"):
        control.assert_faults_used()
    control.delete_fault("never")
    control.assert_faults_used()
    assert control.clear_faults() == {"removed": 1}
    assert used["id"] not in {one["id"] for one in control.list_faults()["faults"]}


@pytest.mark.parametrize(
    ("answer", "more", "text"),
    [
        ("explode", {}, "answer is one of"),
        ("error", {"code": "OutOfSpoons"}, "say which status"),
        ("error", {"status": 200}, "at least 400"),
        ("error", {"message": "a\x00b"}, "control characters"),
        ("error", {"code": "a\r\nb", "status": 500}, "control characters"),
        ("redirect", {"location": "https://x/\r\nSet-Cookie: a"}, "control characters"),
        ("delay", {"seconds": -1}, "at least 0"),
        ("delay", {"when": "never"}, "when is one of"),
        ("spoil", {"how": "gently"}, "how is one of"),
        ("drop", {"times": 0}, "at least 1"),
        ("drop", {"chance": 1.5}, "at most 1"),
    ],
)
def test_faults_that_cannot_be_are_refused(control: Control, answer: str, more: dict[str, object], text: str) -> None:
    with pytest.raises(ControlError, match=text) as found:
        control.add_fault(answer, **more)  # type: ignore[arg-type]
    assert found.value.status == 400
    assert control.list_faults()["faults"] == []


def test_faults_of_nobody_and_of_one_id(control: Control) -> None:
    with pytest.raises(ControlError, match="no subscription"):
        control.add_fault("drop", subscription=OTHER)
    control.add_fault("drop", id="mine")
    with pytest.raises(ControlError, match="already"):
        control.add_fault("drop", id="mine")
    for function in (control.get_fault, control.delete_fault):
        with pytest.raises(ControlError, match="no fault rule"):
            function("nothing")


# -- the log ----------------------------------------------------------------------------------------------------------


def test_exchanges_are_logged_and_found(control: Control, azure: Client) -> None:
    azure.create_hosted_service(service())
    azure.list_hosted_services()
    with pytest.raises(ConflictError):
        azure.create_hosted_service(service())
    found = control.list_requests()
    assert [(one["operation"], one["status"]) for one in found] == [
        ("create_hosted_service", 201), ("list_hosted_services", 200), ("create_hosted_service", 409),
    ]  # fmt: skip
    assert found[0]["thumbprint"] == found[1]["thumbprint"] is not None
    assert [one["status"] for one in control.list_requests(operation="create_*", failed=False)] == [201]
    assert [one["status"] for one in control.list_requests(status=409)] == [409]
    assert [one["serial"] for one in control.list_requests(after=found[0]["serial"], last=1)] == [found[2]["serial"]]
    assert control.list_requests(subscription=OTHER) == []
    control.clear_requests()
    assert control.list_requests() == []


def test_why_a_request_was_refused(control: Control, azure: Client) -> None:
    azure.create_affinity_group(_group("here"))
    with pytest.raises(ConflictError) as refusal:
        azure.create_affinity_group(_group("here"))
    found = control.get_request(refusal.value.request_id or "")
    why = found["why"]
    assert why["rules"][-1]["where"].endswith("AffinityGroupArea.create_affinity_group")
    assert "already exists" in why["rules"][-1]["code"]
    kinds = {one["kind"]: one["source"] for one in why["evidence"]}
    assert list(kinds) == ["assumed", "client"]
    assert "documented" in kinds["assumed"]
    assert "<Name>here</Name>" in found["request"]["body"]
    assert "<Code>ConflictError</Code>" in found["response"]["body"]
    with pytest.raises(ControlError, match="no request"):
        control.get_request("nothing")


def _group(name: str):  # type: ignore[no-untyped-def]
    from asm_contracts.areas.affinity_groups import CreateAffinityGroup

    return CreateAffinityGroup(name=name, label=name, location="West US")


def test_why_names_the_fault(control: Control, azure: Client) -> None:
    control.add_fault("error", id="mine", code="ServerBusy")
    with pytest.raises(ServerBusy) as refusal:
        azure.list_hosted_services()
    found = control.get_request(refusal.value.request_id or "")
    assert found["fault"] == "mine"
    assert "mine" in found["why"]["rule"]
