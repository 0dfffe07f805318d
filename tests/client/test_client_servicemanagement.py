"""The guide's vocabulary by itself: its environment, errors, waiting, and what it does with odd arguments."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest

from asm_client import CertificateUnusable
from asm_client.servicemanagement import (
    AzureAsyncOperationHttpError,
    AzureConflictHttpError,
    AzureHttpError,
    AzureMissingResourceHttpError,
    ConfigurationSet,
    DataVirtualHardDisk,
    LinuxConfigurationSet,
    OSVirtualHardDisk,
    PublicKey,
    ServiceManagementService,
    WindowsConfigurationSet,
)
from asm_client.servicemanagement.requests import build
from asm_client.servicemanagement.results import plural, present
from asm_contracts.areas.deployments import CreateDeployment
from asm_contracts.areas.hosted_services import (
    CreateHostedService,
    HostedService,
    HostedServiceProperties,
    HostedServices,
)
from asm_contracts.codec import xml
from asm_contracts.document import NIL
from asm_contracts.errors import ConflictError, ServiceError
from asm_contracts.roles import NetworkConfigurationSet, PersistentVMRole
from asm_contracts.vocabulary import ExtendedProperty

SUBSCRIPTION = "5d3c1a52-8b0e-4b3f-9b1e-2f6f5b0c7a11"
REQUEST_ID = "0123456789abcdef0123456789abcdef"
NAMESPACE = "http://schemas.microsoft.com/windowsazure"


class Session:
    """Stands for a session whose requests are not looked at."""

    def __init__(self) -> None:
        self.proxies: dict[str, str] = {}


@pytest.fixture
def sms(transport: Any) -> ServiceManagementService:
    made = ServiceManagementService(SUBSCRIPTION, host="h", request_session=Session())  # type: ignore[arg-type]
    made.client.transport = transport
    return made


def error(code: str, message: str) -> bytes:
    return f'<Error xmlns="{NAMESPACE}"><Code>{code}</Code><Message>{message}</Message></Error>'.encode()


def operation(status: str, inside: str = "") -> bytes:
    return f'<Operation xmlns="{NAMESPACE}"><ID>{REQUEST_ID}</ID><Status>{status}</Status>{inside}</Operation>'.encode()


# -- setting up -----------------------------------------------------------------------------------------------------


def test_subscription_and_certificate_may_come_from_the_environment(
    make_management: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    management, _ = make_management(1024)
    monkeypatch.setenv("AZURE_MANAGEMENT_CERTFILE", str(management))
    monkeypatch.setenv("AZURE_MANAGEMENT_SUBSCRIPTIONID", SUBSCRIPTION)
    made = ServiceManagementService()
    assert (made.subscription_id, made.cert_file) == (SUBSCRIPTION, str(management))
    assert (made.host, made.timeout, made.x_ms_version) == ("management.core.windows.net", 65, "2014-10-01")
    assert ServiceManagementService("other").subscription_id == "other"
    made.close()


def test_without_them_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AZURE_MANAGEMENT_CERTFILE", raising=False)
    monkeypatch.delenv("AZURE_MANAGEMENT_SUBSCRIPTIONID", raising=False)
    with pytest.raises(ValueError, match="certificate"):
        ServiceManagementService(SUBSCRIPTION)
    with pytest.raises(ValueError, match="subscription"):
        ServiceManagementService(cert_file="mycert.pem")
    with pytest.raises(CertificateUnusable, match=r"gone\.pem"):
        ServiceManagementService(SUBSCRIPTION, str(tmp_path / "gone.pem"))


def test_version_timeout_and_proxy_can_be_changed(sms: ServiceManagementService, transport: Any) -> None:
    sms.x_ms_version = "2016-06-01"
    sms.timeout = 5
    sms.set_proxy("proxy", 3128)
    assert sms.request_session.proxies == {"https": "http://proxy:3128"}
    sms.set_proxy("proxy", 3128, "me", "secret")
    assert sms.request_session.proxies == {"https": "http://me:secret@proxy:3128"}
    sms.delete_hosted_service("svc")
    assert transport.sent[0][2]["x-ms-version"] == "2016-06-01"
    assert sms.timeout == 5


# -- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "ResourceNotFound", AzureMissingResourceHttpError),
        (409, "ConflictError", AzureConflictHttpError),
        (403, "ForbiddenError", AzureHttpError),
    ],
)
def test_a_refusal_has_the_guide_s_name(
    sms: ServiceManagementService, transport: Any, status: int, code: str, kind: type[AzureHttpError]
) -> None:
    transport.will(status, error(code, "Because."))
    with pytest.raises(AzureHttpError) as caught:
        sms.delete_hosted_service("svc")
    refusal = caught.value
    assert type(refusal) is kind
    assert isinstance(refusal, ServiceError)
    assert (refusal.status_code, refusal.error_code, refusal.message) == (status, code, "Because.")
    assert refusal.request_id == REQUEST_ID
    again = pickle.loads(pickle.dumps(refusal))
    assert (type(again), str(again), again.request_id) == (kind, str(refusal), REQUEST_ID)


def test_the_typed_refusal_is_its_cause(sms: ServiceManagementService, transport: Any) -> None:
    transport.will(409, error("ConflictError", "Because."))
    with pytest.raises(AzureConflictHttpError) as caught:
        sms.delete_hosted_service("svc")
    assert isinstance(caught.value.__cause__, ConflictError)


# -- waiting --------------------------------------------------------------------------------------------------------


@pytest.fixture
def naps(sms: ServiceManagementService, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(sms, "_sleep", found.append)
    return found


def answers(transport: Any, *bodies: bytes) -> None:
    queue = list(bodies)
    send = transport.send

    def next_one(*request: Any) -> Any:
        transport.will(200, queue.pop(0) if len(queue) > 1 else queue[0])
        return send(*request)

    transport.send = next_one


def test_waiting_shows_dots_and_gives_the_operation(
    sms: ServiceManagementService, transport: Any, naps: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    done = operation("Succeeded", "<HttpStatusCode>200</HttpStatusCode>")
    answers(transport, operation("InProgress"), operation("InProgress"), done)
    result = sms.wait_for_operation_status(REQUEST_ID)
    assert (result.status, result.http_status_code, result.error) == ("Succeeded", "200", None)
    assert naps == [5, 5]
    assert capsys.readouterr().out == "..\n"


FAILED = operation(
    "Failed",
    "<HttpStatusCode>409</HttpStatusCode><Error><Code>ConflictError</Code><Message>It is held.</Message></Error>",
)


def test_waiting_for_what_fails_raises(
    sms: ServiceManagementService, transport: Any, naps: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    answers(transport, operation("InProgress"), FAILED)
    with pytest.raises(AzureAsyncOperationHttpError, match="It is held") as caught:
        sms.wait_for_operation_status(REQUEST_ID)
    assert caught.value.status_code == "Failed"
    assert caught.value.result.error.code == "ConflictError"
    assert capsys.readouterr().out.startswith(".\n")


def test_waiting_ends(sms: ServiceManagementService, transport: Any, naps: list[float]) -> None:
    answers(transport, operation("InProgress"))
    with pytest.raises(AzureAsyncOperationHttpError, match="still InProgress after 12 seconds"):
        sms.wait_for_operation_status(REQUEST_ID, timeout=12, sleep_interval=4, progress_callback=None)
    assert naps == [4, 4, 4]


def test_waiting_calls_what_it_is_given_and_nothing_else(
    sms: ServiceManagementService, transport: Any, naps: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[Any] = []
    answers(transport, operation("InProgress"), FAILED)
    result = sms.wait_for_operation_status(
        REQUEST_ID,
        progress_callback=lambda elapsed: told.append("progress"),
        success_callback=lambda elapsed: told.append("success"),
        failure_callback=lambda elapsed, problem: told.append(problem.result.status),
    )
    assert result.status == "Failed"
    assert told == ["progress", "Failed"]
    answers(transport, FAILED)
    quiet = sms.wait_for_operation_status(
        REQUEST_ID, progress_callback=None, success_callback=None, failure_callback=None
    )
    assert quiet.status == "Failed"
    assert capsys.readouterr().out == ""


def test_another_status_can_be_waited_for(sms: ServiceManagementService, transport: Any, naps: list[float]) -> None:
    answers(transport, operation("InProgress"))
    result = sms.wait_for_operation_status(REQUEST_ID, "InProgress", success_callback=None)
    assert (result.status, naps) == ("InProgress", [])


# -- arguments to documents -----------------------------------------------------------------------------------------


def test_an_empty_text_clears_and_none_is_left_out(sms: ServiceManagementService, transport: Any) -> None:
    sms.update_hosted_service("svc", "label", "")
    sms.update_hosted_service("svc", "label")
    first, second = (body for *_, body in transport.sent)
    assert b"<Description/>" in first
    assert b"Description" not in second


def test_markup_in_a_name_is_text(sms: ServiceManagementService, transport: Any) -> None:
    transport.will(201)
    sms.create_hosted_service("a<b>&c", "label", location="West US")
    read = xml.decode(CreateHostedService, transport.sent[0][3], strict=True)
    assert read.service_name == "a<b>&c"


def test_text_stands_for_numbers_and_truth() -> None:
    made = build(
        PersistentVMRole,
        {"provision_guest_agent": "True", "data_virtual_hard_disks": [DataVirtualHardDisk("http://m", lun="4")]},  # type: ignore[arg-type]
    )
    assert made.provision_guest_agent is True
    assert made.data_virtual_hard_disks[0].lun == 4


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"configuration": "not base64!"}, "configuration"),
        ({"configuration": "PHg+", "start_deployment": "perhaps"}, "start_deployment"),
        ({"configuration": "PHg+", "extended_properties": "a=b"}, "extended_properties"),
        ({}, "configuration must be given"),
        ({"configuration": None}, "configuration must be given"),
    ],
)
def test_a_value_that_does_not_fit_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build(CreateDeployment, {"name": "n", "package_url": "u", "label": "l", **given})


def test_configurations_are_given_in_base64_and_custom_data_is_not() -> None:
    deployment = build(CreateDeployment, {"name": "n", "package_url": "u", "label": "l", "configuration": "PHgv\nPg=="})
    assert deployment.configuration == b"<x/>"
    system = LinuxConfigurationSet("h", "u", "p", False, "#!/bin/sh")
    role = build(PersistentVMRole, {"configuration_sets": [system]})
    assert role.configuration_sets[0].custom_data == b"#!/bin/sh"


def test_what_a_script_leaves_as_it_was_made_is_not_sent() -> None:
    role = build(
        PersistentVMRole,
        {
            "configuration_sets": [WindowsConfigurationSet("pc", "secret"), ConfigurationSet()],
            "os_virtual_hard_disk": OSVirtualHardDisk(),
        },
    )
    windows, network = role.configuration_sets
    assert windows.domain_join is windows.win_rm is windows.stored_certificate_settings is None
    assert network == NetworkConfigurationSet(configuration_set_type="NetworkConfiguration")
    assert role.os_virtual_hard_disk is None


def test_a_result_can_be_handed_back() -> None:
    read = NetworkConfigurationSet(
        configuration_set_type="NetworkConfiguration", subnet_names=("front",), network_security_group="nsg"
    )
    role = present(PersistentVMRole(role_name="vm", configuration_sets=(read,)))
    role.configuration_sets[0].subnet_names.append("back")
    again = build(PersistentVMRole, {"configuration_sets": role.configuration_sets})
    assert again.configuration_sets[0].subnet_names == ("front", "back")
    assert again.configuration_sets[0].network_security_group == "nsg"


def test_an_argument_no_operation_knows_is_a_mistake_of_ours(sms: ServiceManagementService, transport: Any) -> None:
    with pytest.raises(TypeError, match="colour"):
        sms._change("create_hosted_service", service_name="s", label="l", colour="red")
    with pytest.raises(TypeError, match="colour"):
        sms._change("delete_hosted_service", service_name="s", colour="red")
    assert transport.sent == []


def test_passwords_are_not_shown() -> None:
    linux = LinuxConfigurationSet("h", "u", "s3cret", False, "s3cret")
    windows = WindowsConfigurationSet("pc", "s3cret", custom_data="s3cret")
    assert windows.domain_join is not None
    windows.domain_join.credentials.password = "s3cret"
    assert "s3cret" not in f"{linux!r}{windows!r}"


# -- documents to results -------------------------------------------------------------------------------------------

SERVICE = HostedService(
    url="https://h/svc",
    service_name="svc",
    hosted_service_properties=HostedServiceProperties(
        description=NIL, location="West US", extended_properties=(ExtendedProperty(name="a", value="1"),)
    ),
)


def test_a_result_reads_as_the_guide_does() -> None:
    (found,) = present(HostedServices(items=(SERVICE,)))
    assert "Location: " + found.hosted_service_properties.location == "Location: West US"
    assert found.hosted_service_properties.description == ""
    assert found.hosted_service_properties.extended_properties == {"a": "1"}
    assert found.deployments == []
    assert repr(found).startswith("HostedService(url='https://h/svc', service_name='svc'")


def test_a_list_is_itself_by_its_items_name() -> None:
    found = present(HostedServices(items=(SERVICE,)))
    assert found.hosted_services is found
    assert len(found) == 1
    assert found[0].service_name == "svc"
    with pytest.raises(AttributeError, match="storage_services"):
        _ = found.storage_services


def test_results_and_vocabulary_can_be_copied() -> None:
    found = present(HostedServices(items=(SERVICE,)))
    for again in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert again == found
        assert again is not found
        assert again.hosted_services[0] is not found[0]
    system = LinuxConfigurationSet("h")
    assert system.ssh is not None
    system.ssh.public_keys.public_keys.append(PublicKey("AB", "/p"))
    assert pickle.loads(pickle.dumps(system)) == copy.deepcopy(system) == system


def test_lists_of_the_vocabulary_are_not_shared() -> None:
    first, second = LinuxConfigurationSet(), LinuxConfigurationSet()
    assert first.ssh is not None
    assert second.ssh is not None
    first.ssh.public_keys.append(PublicKey("AB", "/p"))
    assert second.ssh.public_keys == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("HostedService", "hosted_services"),
        ("OperatingSystemFamily", "operating_system_families"),
        ("VMImage", "vm_images"),
        ("ReservedIP", "reserved_ips"),
        ("DataVirtualHardDisk", "data_virtual_hard_disks"),
    ],
)
def test_items_give_lists_their_name(name: str, words: str) -> None:
    assert plural(name) == words
