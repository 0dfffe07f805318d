"""Wrong behaviours of services, accounts, certificates, images, disks, addresses and of what every area has."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any, Final

from asm_contracts.errors import ServiceError
from asm_emulator import blobs, engine, names
from asm_emulator.areas import certificates, disks, hosted_services, images, reserved_ips, storage_accounts, vm_images
from asm_emulator.engine import Engine
from asm_emulator.selftest import wrongs as w
from asm_emulator.state import Draft

Row = tuple[str, str, w.Apply]
"""(name, what it breaks, how)"""


def _plain(found: Any) -> bytes:
    text = found.group(1)
    return b"<Label>" + base64.b64decode(text) + b"</Label>"


def _delete_anyway(table: str) -> w.Instead:
    def act(right: Any, area: Any, given: dict[str, Any]) -> Any:
        try:
            return right(area, **given)
        except ServiceError as refused:
            if refused.http_status not in (400, 409):
                raise
            found = getattr(area.state, table)
            for name in given.values():
                found.pop(name, None)
            return None

    return act


def _again(table: str, name: str) -> w.Instead:
    """A creation does not mind that the name is taken."""

    def act(right: Any, area: Any, given: dict[str, Any]) -> Any:
        wanted = getattr(given["body"], name)
        found = getattr(area.state, table)
        if wanted in found:
            del found[wanted]
            for kind in ("hosted service", "storage account", "dns", "storage"):
                area.state.release(kind, wanted)
            area.state.release(hosted_services.DNS, wanted)
            area.state.release(blobs.STORAGE_NAME, wanted)
        return right(area, **given)

    return act


def _both_keys(right: Any, area: Any, given: dict[str, Any]) -> Any:
    for which in ("Primary", "Secondary"):
        answer = right(area, **{**given, "body": replace(given["body"], key_type=which)})
    return answer


HOSTED_SERVICES: Final[tuple[Row, ...]] = (
    ("label-lost", "the label is not kept", w.hears("create_hosted_service", label="other")),
    ("label-plain", "the label is not encoded", w.wire("get_hosted_service", "<Label>(.*?)</Label>", _plain)),
    ("description-lost", "the description is not kept", w.hears("create_hosted_service", description=None)),
    ("nil-for-absent", "an absent description is left out, not nil",
     w.wire("get_hosted_service", '<Description i:nil="true"/>', "")),
    ("taken-name", "a taken name may be taken again",
     w.instead("create_hosted_service", _again("hosted_services", "service_name"))),
    ("name-unchecked", "any name will do", w.skipped(names, "check_hosted_service")),
    ("label-unchecked", "a label may be of any length", w.skipped(names, "check_label")),
    ("description-unchecked", "a description may be of any length", w.skipped(names, "check_description")),
    ("place-unchecked", "any location will do",
     w.replaced(hosted_services, "check_place", lambda _draft, location, group: (location, group))),
    ("always-available", "every name is available",
     w.shows("check_hosted_service_name_availability", "result", True)),
    ("never-available", "no name is available", w.shows("check_hosted_service_name_availability", "result", False)),
    ("update-ignored", "an update changes nothing", w.does_nothing("update_hosted_service")),
    ("update-wipes", "an update wipes what it leaves out",
     w.hears("update_hosted_service", description=lambda text: text or "")),
    ("update-of-nothing", "an update of nothing is fine", w.forgives("update_hosted_service", "BadRequest")),
    ("properties-replaced", "extended properties are replaced, not merged",
     w.instead("update_hosted_service", lambda right, area, given: _unmerged(right, area, given))),
    ("delete-ignored", "a deleted service stays", w.does_nothing("delete_hosted_service")),
    ("media-kept", "a service deleted with its media stays", w.no_effect(hosted_services.service_and_media_gone)),
    ("list-cut", "the list lacks the last one", w.shows("list_hosted_services", "items", lambda found: found[:-1])),
    ("list-other-label", "the list shows other labels",
     w.shows("list_hosted_services", "items.*.hosted_service_properties.label", "other")),
    ("created-200", "a creation answers 200", w.status("create_hosted_service", 200)),
    ("no-location", "a creation does not say where", w.without_header("create_hosted_service", "location")),
    ("conflict-400", "a conflict is a bad request", w.other_refusal("create_hosted_service")),
    ("not-found-400", "a service that is not there is a bad request", w.other_refusal("get_hosted_service")),
    ("element-order", "elements are in another order",
     w.wire("get_hosted_service", "(<Url>.*?</Url>)(<ServiceName>.*?</ServiceName>)",
            lambda found: found.group(2) + found.group(1))),
    ("embed-ignored", "details are shown though nobody asked",
     w.instead("get_hosted_service", lambda right, area, given: right(area, given["service_name"], True))),
    ("created-status", "a service is never Created",
     w.shows("get_hosted_service", "hosted_service_properties.status", "Creating")),
    ("delete-404", "a service that is not there can be deleted",
     w.forgives("delete_hosted_service", "ResourceNotFound")),
)  # fmt: skip


def _unmerged(right: Any, area: Any, given: dict[str, Any]) -> Any:
    known = area.state.hosted_services.get(given["service_name"])
    if known is not None and given["body"].extended_properties is not None:
        area.state.hosted_services[known.name] = replace(known, extended_properties=())
    return right(area, **given)


STORAGE_ACCOUNTS: Final[tuple[Row, ...]] = (
    ("both-keys", "regenerating one key changes both", w.instead("regenerate_storage_account_keys", _both_keys)),
    ("no-new-key", "regenerating keeps the key", w.changes_nothing("regenerate_storage_account_keys")),
    ("same-keys", "both keys are the same",
     w.instead("get_storage_account_keys", lambda right, area, given: _same_keys(right(area, **given)))),
    ("delete-registered", "an account goes with what is registered in it",
     w.replaced(storage_accounts, "registered_in", lambda *_: [])),
    ("creation-ends-at-once", "a creation has ended before it went on", w.ends_at_once("create_storage_account")),
    ("creation-never-ends", "a creation never ends", w.never_ends("create_storage_account")),
    ("creation-fails", "a creation fails", w.fails_later("create_storage_account")),
    ("creation-without-effect", "what was created stays in creation", w.ends_without_effect("create_storage_account")),
    ("creation-200", "a creation answers 200", w.status("create_storage_account", 200)),
    ("name-unchecked", "any name will do", w.skipped(names, "check_storage_account")),
    ("taken-name", "a taken name may be taken again",
     w.instead("create_storage_account", _again("storage_accounts", "service_name"))),
    ("type-ignored", "the account type is ignored", w.hears("create_storage_account", account_type=None)),
    ("endpoint-missing", "an endpoint is missing",
     w.shows("get_storage_account_properties", "storage_service_properties.endpoints", lambda found: found[:-1])),
    ("update-ignored", "an update changes nothing", w.does_nothing("update_storage_account")),
    ("delete-ignored", "a deleted account stays", w.does_nothing("delete_storage_account")),
    ("always-available", "every name is available", w.shows("check_storage_account_name_availability", "result", True)),
    ("label-lost", "the label is not kept", w.hears("create_storage_account", label="other")),
    ("list-cut", "the list lacks accounts", w.shows("list_storage_accounts", "items", ())),
    ("not-found-400", "an account that is not there is a bad request",
     w.other_refusal("get_storage_account_properties")),
    ("unknown-key", "an unknown key is taken for the primary one",
     w.hears("regenerate_storage_account_keys", key_type=lambda _: "Primary")),
)  # fmt: skip


def _same_keys(found: Any) -> Any:
    keys = found.storage_service_keys
    return replace(found, storage_service_keys=replace(keys, secondary=keys.primary))


CERTIFICATES: Final[tuple[Row, ...]] = (
    ("management-add-ignored", "an added certificate is not there", w.changes_nothing("add_management_certificate")),
    ("management-delete-ignored", "a deleted certificate stays", w.does_nothing("delete_management_certificate")),
    ("management-twice", "a certificate may be added twice",
     w.forgives("add_management_certificate", "ConflictError")),
    ("thumbprint-unchecked", "any thumbprint will do", w.forgives("add_management_certificate", "BadRequest")),
    ("service-add-without-effect", "an added certificate is not there",
     w.ends_without_effect("add_service_certificate")),
    ("service-delete-without-effect", "a deleted certificate stays", w.no_effect(certificates.certificate_deleted)),
    ("service-add-fails", "an addition fails", w.fails_later("add_service_certificate")),
    ("service-list-empty", "the list is empty", w.shows("list_service_certificates", "items", ())),
    ("not-found-400", "a certificate that is not there is a bad request", w.other_refusal("get_service_certificate")),
    ("service-add-200", "an addition answers 200", w.status("add_service_certificate", 200)),
    ("management-list-cut", "the list lacks the last one",
     w.shows("list_management_certificates", "items", lambda found: found[:0])),
)  # fmt: skip

IMAGES: Final[tuple[Row, ...]] = (
    ("os-lost", "every image is of Linux", w.hears("add_os_image", os="Linux")),
    ("label-lost", "the label is not kept", w.hears("add_os_image", label="other")),
    ("update-ignored", "an update changes nothing", w.changes_nothing("update_os_image")),
    ("delete-ignored", "a deleted image stays", w.does_nothing("delete_os_image")),
    ("media-delete-ignored", "an image deleted with its media stays", w.does_nothing("delete_os_image_and_media")),
    ("platform-missing", "the list lacks the platform's images",
     w.shows("list_os_images", "items", lambda found: found[:1])),
    ("taken-name", "a taken name may be taken again", w.instead("add_os_image", _again("os_images", "name"))),
    ("blob-twice", "a blob may be registered twice", w.skipped(blobs, "check_unregistered")),
    ("link-unchecked", "any address will do",
     w.replaced(images, "check_media_link", lambda _draft, link: link)),
    ("not-found-400", "an image that is not there is a bad request", w.other_refusal("get_os_image")),
    ("answer-empty", "an addition does not answer with the image", w.wire("add_os_image", ".+", "")),
    ("media-link-lost", "the address is another",
     w.shows("get_os_image", "media_link", "https://other.blob.core.windows.net/a/b.vhd")),
    ("delete-404", "an image that is not there can be deleted", w.forgives("delete_os_image", "ResourceNotFound")),
)  # fmt: skip

DISKS: Final[tuple[Row, ...]] = (
    ("delete-attached", "an attached disk can go", w.skipped(disks, "check_detached")),
    ("update-ignored", "an update changes nothing", w.changes_nothing("update_disk")),
    ("resize-without-effect", "a disk keeps its size", w.no_effect(disks.disk_resized)),
    ("delete-ignored", "a deleted disk stays", w.does_nothing("delete_disk")),
    ("media-delete-ignored", "a disk deleted with its blob stays", w.does_nothing("delete_disk_and_media")),
    ("taken-name", "a taken name may be taken again", w.instead("add_disk", _again("disks", "name"))),
    ("blob-twice", "a blob may be registered twice", w.skipped(blobs, "check_unregistered")),
    ("os-lost", "a disk is always one of data", w.shows("get_disk", "os", None)),
    ("list-empty", "the list is empty", w.shows("list_disks", "items", ())),
    ("not-found-400", "a disk that is not there is a bad request", w.other_refusal("get_disk")),
    ("attached-hidden", "no disk shows what it is attached to", w.shows("get_disk", "attached_to", None)),
    ("label-lost", "the label is not kept", w.hears("add_disk", label="other")),
)  # fmt: skip

VM_IMAGES: Final[tuple[Row, ...]] = (
    ("create-without-effect", "a created image is not there", w.ends_without_effect("create_vm_image")),
    ("delete-without-effect", "a deleted image stays", w.no_effect(vm_images.vm_image_gone)),
    ("update-ignored", "an update changes nothing", w.does_nothing("update_vm_image")),
    ("create-fails", "a creation fails", w.fails_later("create_vm_image")),
    ("create-200", "a creation answers 200", w.status("create_vm_image", 200)),
    ("list-empty", "the list is empty", w.shows("list_vm_images", "items", ())),
    ("taken-name", "a taken name may be taken again", w.skipped(vm_images, "check_vm_image_name")),
    ("delete-404", "an image that is not there can be deleted", w.other_refusal("delete_vm_image_and_media")),
    ("label-lost", "the label is not kept", w.hears("create_vm_image", label="other")),
)  # fmt: skip

AFFINITY_GROUPS: Final[tuple[Row, ...]] = (
    ("label-lost", "the label is not kept", w.hears("create_affinity_group", label="other")),
    ("update-ignored", "an update changes nothing", w.does_nothing("update_affinity_group")),
    ("delete-members", "a group with members can go",
     w.instead("delete_affinity_group", _delete_anyway("affinity_groups"))),
    ("taken-name", "a taken name may be taken again",
     w.instead("create_affinity_group", _again("affinity_groups", "name"))),
    ("description-absent", "a description never given is left out",
     w.wire("get_affinity_group_properties", '<Description i:nil="true"/>', "")),
    ("list-empty", "the list is empty", w.shows("list_affinity_groups", "items", ())),
    ("created-200", "a creation answers 200", w.status("create_affinity_group", 200)),
    ("members-hidden", "a group does not show its members",
     w.shows("get_affinity_group_properties", "hosted_services", ())),
    ("delete-ignored", "a deleted group stays", w.changes_nothing("delete_affinity_group")),
)  # fmt: skip

RESERVED_IPS: Final[tuple[Row, ...]] = (
    ("same-address", "every address is the same", w.replaced(Draft, "take_public_address", lambda _: "23.96.0.4")),
    ("delete-without-effect", "a deleted address stays", w.no_effect(reserved_ips.reserved_ip_deleted)),
    ("associate-without-effect", "an association does nothing", w.no_effect(reserved_ips.reserved_ip_associated)),
    ("disassociate-without-effect", "an association stays", w.no_effect(reserved_ips.reserved_ip_disassociated)),
    ("taken-name", "a taken name may be taken again",
     w.instead("create_reserved_ip_address", _again("reserved_ips", "name"))),
    ("create-fails", "a creation fails", w.fails_later("create_reserved_ip_address")),
    ("create-never-ends", "a creation never ends", w.never_ends("create_reserved_ip_address")),
    ("location-lost", "every address is elsewhere", w.shows("get_reserved_ip_address", "location", "East US")),
    ("list-empty", "the list is empty", w.shows("list_reserved_ip_addresses", "items", ())),
    ("in-use-again", "an address in use is given again", w.forgives("associate_reserved_ip_address", "ConflictError",
                                                                   "BadRequest")),
)  # fmt: skip


def _flips(right: Any, area: Any, given: dict[str, Any]) -> Any:
    found = right(area, **given)
    if found.status == "Succeeded" and area.now.microsecond % 2 == 0 and area.now.second % 10 >= 5:
        return replace(found, status="InProgress", http_status_code=None)
    return found


def _no_refusal_record(patch: w.Patch) -> None:
    right = engine.record

    def record(draft: Any, request: Any, status: str, failure: Any = None) -> None:
        right(draft, request, "Succeeded", None) if failure is not None else right(draft, request, status)

    patch.set(engine, "record", record)


OPERATIONS: Final[tuple[Row, ...]] = (
    ("other-id", "the id is another request's", w.shows("get_operation_status", "id", "0" * 32)),
    ("in-progress-200", "an operation in progress has a status code",
     w.shows("get_operation_status", "http_status_code", 200)),
    ("never-ended", "nothing has ever ended", w.shows("get_operation_status", "status", "InProgress")),
    ("all-succeeded", "everything has succeeded", w.shows("get_operation_status", "status", "Succeeded")),
    ("unknown-400", "an unknown id is a bad request", w.other_refusal("get_operation_status")),
    ("list-empty", "the list lacks everything",
     w.shows("list_subscription_operations", "subscription_operations", ())),
    ("times-not-needed", "a list needs no times",
     w.refuses("list_subscription_operations", "ResourceNotFound", 404)),
    ("same-request-id", "every request has the same id",
     w.replaced(Engine, "next_request_id", lambda _: "ab" * 16)),
    ("no-request-id", "answers have no request id", w.header("x-ms-request-id", None)),
    ("no-server", "answers do not say what served them", w.header("server", None)),
    ("no-cache-control", "answers may be kept", w.header("cache-control", None)),
    ("no-date", "answers have no date", w.header("date", None)),
    ("content-length", "an answer is said to be empty", w.header("content-type", "text/plain")),
    ("error-namespace", "errors have no namespace", w.refusal(w.body(' xmlns="[^"]*"', ""), "")),
    ("error-order", "errors have their elements in another order",
     w.refusal(w.body("(<Code>.*?</Code>)(<Message>.*?</Message>)", r"\2\1"), "")),
    ("error-without-code", "errors have no code", w.refusal(w.body("<Code>.*?</Code>", "<Code></Code>"), "")),
    ("ends-at-once", "nothing goes on", w.ends_at_once("create_storage_account")),
    ("id-order", "the elements of an operation are in another order",
     w.wire("get_operation_status", "(<ID>.*?</ID>)(<Status>.*?</Status>)", r"\2\1")),
)  # fmt: skip

OTHERS: Final[tuple[tuple[str, Row], ...]] = (
    ("subscriptions", ("services-uncounted", "services are not counted",
                       w.shows("get_subscription", "current_hosted_services", 0))),
    ("subscriptions", ("accounts-uncounted", "accounts are not counted",
                       w.shows("get_subscription", "current_storage_accounts", 0))),
    ("subscriptions", ("cores-uncounted", "cores are not counted",
                       w.shows("get_subscription", "current_core_count", 0))),
    ("subscriptions", ("other-id", "it is another subscription", w.shows("get_subscription", "subscription_id", "x"))),
    ("subscriptions", ("provider-unknown", "an unknown provider is fine",
                       w.forgives("register_resource_provider", "BadRequest", "ResourceNotFound"))),
    ("locations", ("empty", "there are no locations", w.shows("list_locations", "items", ()))),
    ("locations", ("no-sizes", "there are no role sizes", w.shows("list_role_sizes", "items", ()))),
    ("locations", ("no-systems", "there are no operating systems", w.shows("list_operating_systems", "items", ()))),
    ("locations", ("no-families", "there are no families",
                   w.shows("list_operating_system_families", "items", ()))),
    ("locations", ("services-missing", "locations offer nothing",
                   w.shows("list_locations", "items.*.available_services", ()))),
)  # fmt: skip
