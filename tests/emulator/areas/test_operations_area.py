"""List Subscription Operations: window, filters, pages, and what each entry says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.affinity_groups import CreateAffinityGroup
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.operations import SubscriptionOperation
from asm_contracts.areas.reserved_ips import CreateReservedIP, ReservedIPAssociation
from asm_contracts.areas.service_extensions import AddExtension
from asm_contracts.errors import MissingOrInvalidRequiredQueryParameter, ResourceNotFound, ServiceError
from asm_emulator.areas.operations import PAGE
from asm_emulator.certificate_files import thumbprint
from asm_emulator.driver import certificate
from asm_emulator.emulator import Emulator

DAY = ("2015-07-02", "2015-07-03")
"""The manual clock starts on 2015-07-02, at 17:25:07."""

Outcome = Callable[[], tuple[str, str | None]]


def create(name: str) -> CreateHostedService:
    return CreateHostedService(service_name=name, label=name, location="West US")


def parameters(entry: SubscriptionOperation) -> dict[str, str]:
    return {one.name: one.value for one in entry.operation_parameters}


def names(azure: Client, *window: str, **filters: str) -> list[str]:
    found = azure.list_subscription_operations(*(window or DAY), **filters).subscription_operations
    return [entry.operation_name for entry in found]


def test_an_entry_says_who_did_what_to_what_and_how_it_ended(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(create("web"))
    request_id = azure.last_request_id
    azure.list_hosted_services()
    (entry,) = azure.list_subscription_operations(*DAY).subscription_operations
    assert entry.operation_id == request_id
    assert entry.operation_object_id == f"/{emulator.subscription}/services/hostedservices/web"
    assert entry.operation_name == "CreateHostedService"
    assert entry.operation_caller.used_service_management_api is True
    assert entry.operation_caller.subscription_certificate_thumbprint == thumbprint(certificate("areas"))
    assert entry.operation_status == azure.get_operation_status(request_id)
    now = emulator.engine.clock.now()
    assert (entry.operation_started_time, entry.operation_completed_time) == (now, now)
    given = parameters(entry)
    assert given["subscriptionID"] == emulator.subscription
    assert given["input"].startswith('<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure"')
    assert "<ServiceName>web</ServiceName>" in given["input"]


def test_path_values_are_plain_text_and_absent_ones_are_left_out(azure: Client) -> None:
    azure.create_hosted_service(create("web"))
    azure.delete_hosted_service("web")
    entry = azure.list_subscription_operations(*DAY).subscription_operations[1]
    assert {name: value for name, value in parameters(entry).items() if name != "subscriptionID"} == {
        "serviceName": "web"
    }


def test_every_call_that_changed_or_tried_to_is_there_in_order(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(create("web"))
    emulator.advance(timedelta(seconds=1))
    azure.add_service_certificate("web", CertificateFile(data=certificate("x"), certificate_format="cer"))
    with pytest.raises(ServiceError):
        azure.delete_affinity_group("absent")
    assert names(azure) == ["CreateHostedService", "AddServiceCertificate", "DeleteAffinityGroup"]
    assert names(azure, operation_result_filter="succeeded") == ["CreateHostedService"]
    assert names(azure, operation_result_filter="InProgress") == ["AddServiceCertificate"]
    assert names(azure, operation_result_filter="Failed") == ["DeleteAffinityGroup"]
    failed = azure.list_subscription_operations(*DAY).subscription_operations[2].operation_status
    assert failed.error is not None
    assert (failed.status, failed.http_status_code, failed.error.code) == ("Failed", 404, "ResourceNotFound")
    running = azure.list_subscription_operations(*DAY).subscription_operations[1]
    assert running.operation_completed_time is None
    emulator.advance(timedelta(minutes=1))
    assert names(azure, operation_result_filter="InProgress") == []


def test_the_window_counts_by_the_start(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(create("first"))
    emulator.advance(timedelta(hours=1))
    azure.create_affinity_group(CreateAffinityGroup(name="second", label="x", location="West US"))
    assert names(azure, "2015-07-02T17:25:07Z", "2015-07-02T17:25:07Z") == ["CreateHostedService"]
    assert names(azure, "2015-07-02T17:25:07.0000001Z", "2015-07-02T18:25:07.0000000Z") == [
        "CreateHostedService",
        "CreateAffinityGroup",
    ]
    assert names(azure, "2015-07-02T17:25:08Z", "2015-07-03") == ["CreateAffinityGroup"]
    assert names(azure, "2015-07-01", "2015-07-02") == []


@pytest.mark.parametrize(
    "query",
    [
        (None, "2015-07-03"),
        ("2015-07-02", None),
        ("2015-07-02", ""),
        ("yesterday", "today"),
        ("2015-07-32", "2015-07-03"),
        ("2015-07-02T17:25:07", "2015-07-03"),
        ("2015-07-02T17:25:07.12345678Z", "2015-07-03"),
        ("2015-07-03", "2015-07-02"),
        ("2015-04-02", "2015-07-03"),
    ],
)
def test_times_that_will_not_do(azure: Client, refused: Any, query: tuple[str | None, str | None]) -> None:
    with refused(
        MissingOrInvalidRequiredQueryParameter,
        "A required query parameter was not specified for this request or was specified incorrectly.",
    ):
        azure.list_subscription_operations(*query)


def test_ninety_days_ago_is_not_too_long_ago(azure: Client) -> None:
    assert names(azure, "2015-04-03", "2015-07-03") == []


@pytest.mark.parametrize(
    "filters", [{"operation_result_filter": "Perhaps"}, {"continuation_token": "x"}, {"continuation_token": "1-"}]
)
def test_filters_and_tokens_that_will_not_do(azure: Client, filters: dict[str, str]) -> None:
    with pytest.raises(MissingOrInvalidRequiredQueryParameter):
        azure.list_subscription_operations(*DAY, **filters)


def test_the_object_filter_is_the_path_to_read_the_object_by(
    azure: Client, emulator: Emulator, outcome: Outcome
) -> None:
    azure.create_hosted_service(create("web"))
    azure.create_hosted_service(create("other"))
    azure.create_reserved_ip_address(CreateReservedIP(name="ip", location="West US"))
    outcome()
    with pytest.raises(ServiceError):
        azure.associate_reserved_ip_address("ip", ReservedIPAssociation(service_name="web", deployment_name="d"))
    azure.delete_hosted_service("web")
    root = f"/{emulator.subscription}/services"
    assert names(azure, object_id_filter=f"{root}/hostedservices/WEB/") == [
        "CreateHostedService",
        "DeleteHostedService",
    ]
    assert names(azure, object_id_filter=f"https://management.core.windows.net{root}/hostedservices/other") == [
        "CreateHostedService"
    ]
    assert names(azure, object_id_filter=f"{root}/networking/reservedips/ip") == [
        "CreateReservedIPAddress",
        "AssociateReservedIPAddress",
    ]
    assert names(azure, object_id_filter=f"{root}/hostedservices") == []


def test_long_lists_come_in_pages(azure: Client) -> None:
    for number in range(PAGE + 5):
        with pytest.raises(ServiceError):
            azure.delete_hosted_service(f"absent{number}")
    first = azure.list_subscription_operations(*DAY)
    assert len(first.subscription_operations) == PAGE and first.continuation_token
    second = azure.list_subscription_operations(*DAY, continuation_token=first.continuation_token)
    assert second.continuation_token is None
    both = [*first.subscription_operations, *second.subscription_operations]
    assert [parameters(one)["serviceName"] for one in both] == [f"absent{number}" for number in range(PAGE + 5)]


def test_a_page_that_is_just_full_is_the_last(azure: Client) -> None:
    for number in range(PAGE):
        with pytest.raises(ServiceError):
            azure.delete_hosted_service(f"absent{number}")
    assert azure.list_subscription_operations(*DAY).continuation_token is None


def test_secrets_are_neither_told_nor_kept(azure: Client, emulator: Emulator) -> None:
    azure.create_hosted_service(create("web"))
    azure.add_extension(
        "web",
        AddExtension(
            provider_name_space="Microsoft.Windows.Azure.Extensions",
            type="RDP",
            id="rdp",
            public_configuration=b"open",
            private_configuration=b"geheim",
        ),
    )
    with pytest.raises(ServiceError):
        azure.add_service_certificate(
            "web", CertificateFile(data=b"geheim", certificate_format="pfx", password="geheim")
        )
    told = azure.list_subscription_operations(*DAY).subscription_operations
    extension, certificate_file = (parameters(entry)["input"] for entry in told[1:])
    assert "<PublicConfiguration>b3Blbg==</PublicConfiguration>" in extension
    assert "PrivateConfiguration" not in extension
    assert "<Data/><CertificateFormat>pfx</CertificateFormat></CertificateFile>" in certificate_file
    assert "geheim" not in repr(emulator.engine.state)


def test_the_children_of_a_parameter_have_the_prefix_that_clients_look_for(azure: Client) -> None:
    azure.create_hosted_service(create("web"))
    answer = azure.transport.send(
        "GET",
        f"/{azure.subscription_id}/operations?StartTime={DAY[0]}&EndTime={DAY[1]}",
        {"x-ms-version": "2014-10-01"},
        b"",
    )
    assert (
        '<OperationParameter xmlns:a="http://schemas.datacontract.org/2004/07/Microsoft.WindowsAzure.ServiceManagement">'
        f"<a:Name>subscriptionID</a:Name><a:Value>{azure.subscription_id}</a:Value></OperationParameter>"
    ) in answer.body.decode()


def test_an_operation_nobody_began(azure: Client, refused: Any) -> None:
    with refused(ResourceNotFound, "The specified resource does not exist."):
        azure.get_operation_status("0" * 32)
