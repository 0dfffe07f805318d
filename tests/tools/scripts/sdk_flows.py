"""Whole flows of the official Python SDK, every call of its five service classes at least once.

usage: sdk_flows.py HOST CLASS    with AZURE_MANAGEMENT_CERTFILE, AZURE_MANAGEMENT_SUBSCRIPTIONID, REQUESTS_CA_BUNDLE

Runs in a Python that has only the SDK.  It fails if something it calls misbehaves, or if a call was left out.
"""

import base64
import inspect
import os
import sys
import time
from pathlib import Path

from azure.common import AzureConflictHttpError, AzureHttpError, AzureMissingResourceHttpError
from azure.servicemanagement import (
    CaptureRoleAsVMImage,
    ConfigurationSet,
    ConfigurationSetInputEndpoint,
    LinuxConfigurationSet,
    OSVirtualHardDisk,
    SchedulerManagementService,
    ServiceBusManagementService,
    ServiceManagementService,
    SqlDatabaseManagementService,
    VMImage,
    WebsiteManagementService,
    WindowsConfigurationSet,
)

NOT_CALLS = {
    "perform_get", "perform_put", "perform_post", "perform_delete", "set_proxy", "should_use_requests", "with_filter",
    "wait_for_operation_status_failure_default_callback", "wait_for_operation_status_progress_default_callback",
    "wait_for_operation_status_success_default_callback", "wait_for_operation_status",
}  # fmt: skip


def counted(base, host):
    """A service object, and the set of the names that were asked of it."""
    called = set()

    class Counted(base):
        def __getattribute__(self, name):
            called.add(name)
            return super().__getattribute__(name)

    who = os.environ["AZURE_MANAGEMENT_SUBSCRIPTIONID"], os.environ["AZURE_MANAGEMENT_CERTFILE"]
    return Counted(*who, host=host), called


def left_out(base, called):
    names = {name for name, one in inspect.getmembers(base, inspect.isfunction) if not name.startswith("_")}
    return sorted(names - NOT_CALLS - called)


def done(service, result):
    """Wait for an asynchronous call to succeed."""
    status = service.wait_for_operation_status(
        result.request_id, timeout=60, sleep_interval=0.2, progress_callback=None, success_callback=None,
        failure_callback=None,
    )  # fmt: skip
    assert status.status == "Succeeded", status.status


def until(found, seconds=60):
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)
    return answer


def refused(kind, call, *arguments, **more):
    try:
        call(*arguments, **more)
    except kind:
        return
    raise AssertionError(f"{call.__name__} was not refused")


# -- compute and storage -----------------------------------------------------------------------------------------------


def accounts(sms):
    assert sms.get_subscription().subscription_status == "Active"
    assert "West US" in [one.name for one in sms.list_locations()]
    assert "Small" in [one.name for one in sms.list_role_sizes()]
    assert len(sms.list_operating_systems().operating_systems) > 1
    assert len(sms.list_operating_system_families().operating_system_families) > 1
    try:
        sms.list_subscriptions()  # wants a token, which a certificate is not
    except AzureHttpError as refusal:
        assert refusal.status_code in (401, 403, 404), refusal
    der = base64.b64encode(b"\x30" + os.urandom(5)).decode()
    refused(AzureHttpError, sms.add_management_certificate, der, "0" * 40, der)
    for one in sms.list_management_certificates():
        found = sms.get_management_certificate(one.subscription_certificate_thumbprint)
        assert found.subscription_certificate_data == one.subscription_certificate_data
    refused(AzureHttpError, sms.delete_management_certificate, "0" * 40)
    sms.create_affinity_group("sdkgroup", "label", "West US", "text")
    sms.update_affinity_group("sdkgroup", "anew", "more")
    assert [one.name for one in sms.list_affinity_groups()] == ["sdkgroup"]
    assert sms.get_affinity_group_properties("sdkgroup").label == "anew"
    sms.delete_affinity_group("sdkgroup")
    assert sms.check_storage_account_name_availability("sdkstorage").result
    done(
        sms, sms.create_storage_account("sdkstorage", "text", "label", location="West US", account_type="Standard_LRS")
    )
    assert not sms.check_storage_account_name_availability("sdkstorage").result
    sms.update_storage_account("sdkstorage", "other", "label", account_type="Standard_GRS")
    assert sms.get_storage_account_properties("sdkstorage").storage_service_properties.description == "other"
    keys = sms.get_storage_account_keys("sdkstorage").storage_service_keys
    new = sms.regenerate_storage_account_keys("sdkstorage", "Primary").storage_service_keys
    assert (keys.primary == new.primary, keys.secondary == new.secondary) == (False, True)
    assert [one.service_name for one in sms.list_storage_accounts()] == ["sdkstorage"]


def services(sms):
    assert sms.check_hosted_service_name_availability("sdkservice").result
    sms.create_hosted_service("sdkservice", "label", "text", "West US")
    refused(AzureConflictHttpError, sms.create_hosted_service, "sdkservice", "label", "text", "West US")
    sms.update_hosted_service("sdkservice", "label", "other")
    assert sms.get_hosted_service_properties("sdkservice").hosted_service_properties.description == "other"
    assert [one.service_name for one in sms.list_hosted_services()] == ["sdkservice"]
    data = base64.b64encode(Path(os.environ["SDK_PFX"]).read_bytes()).decode()
    done(sms, sms.add_service_certificate("sdkservice", data, "pfx", "secret"))
    (certificate,) = sms.list_service_certificates("sdkservice")
    found = sms.get_service_certificate("sdkservice", "sha1", certificate.thumbprint)
    assert found.data == certificate.data
    done(sms, sms.delete_service_certificate("sdkservice", "sha1", certificate.thumbprint))
    assert len(sms.list_service_certificates("sdkservice")) == 0
    sms.delete_hosted_service("sdkservice")


CONFIGURATION = """<ServiceConfiguration serviceName="app" osFamily="4" osVersion="*"
 xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
<Role name="Web"><Instances count="{}"/></Role></ServiceConfiguration>"""


def packages(sms):
    def configuration(count):
        return base64.b64encode(CONFIGURATION.format(count).encode()).decode()

    package = "https://sdkstorage.blob.core.windows.net/packages/app.cspkg"
    sms.create_hosted_service("sdkapp", "label", "text", "West US")
    done(sms, sms.create_deployment("sdkapp", "staging", "v1", package, "label", configuration(2), True))

    def ready(name="v1", count=2):
        found = sms.get_deployment_by_name("sdkapp", name).role_instance_list
        return [one.instance_status for one in found or ()] == ["ReadyRole"] * count

    until(ready)
    assert sms.get_deployment_by_slot("sdkapp", "Staging").name == "v1"
    for call in (sms.reboot_role_instance, sms.reimage_role_instance, sms.rebuild_role_instance):
        done(sms, call("sdkapp", "v1", "Web_IN_0"))
        until(ready)
    done(sms, sms.change_deployment_configuration("sdkapp", "v1", configuration(3)))
    until(lambda: ready(count=3))
    done(sms, sms.delete_role_instances("sdkapp", "v1", ["Web_IN_2"]))
    until(ready)
    done(sms, sms.upgrade_deployment("sdkapp", "v1", "Manual", package, configuration(2), "anew", False))
    done(sms, sms.walk_upgrade_domain("sdkapp", "v1", 0))
    done(sms, sms.rollback_update_or_upgrade("sdkapp", "v1", "auto", False))
    until(ready)
    done(sms, sms.create_deployment("sdkapp", "production", "v0", package, "label", configuration(1), True))
    until(lambda: ready("v0", 1))
    done(sms, sms.swap_deployment("sdkapp", "v0", "v1"))
    assert sms.get_deployment_by_slot("sdkapp", "Production").name == "v1"
    done(sms, sms.update_deployment_status("sdkapp", "v1", "Suspended"))
    done(sms, sms.delete_deployment("sdkapp", "v1"))
    done(sms, sms.delete_deployment("sdkapp", "v0"))
    sms.delete_hosted_service("sdkapp")


def linux(name):
    return LinuxConfigurationSet(name, "azureuser", "Pa55word!", True)


def network(*ports):
    found = ConfigurationSet()
    found.configuration_set_type = "NetworkConfiguration"
    for port in ports:
        found.input_endpoints.input_endpoints.append(
            ConfigurationSetInputEndpoint(f"e{port}", "tcp", str(port), str(port))
        )
    return found


def machines(sms):
    image = max(one.name for one in sms.list_os_images() if one.os == "Linux" and "Ubuntu" in one.label)
    windows = max(one.name for one in sms.list_os_images() if "Windows-Server-2012-R2" in one.name)
    assert sms.get_os_image(image).os == sms.get_os_image_details(image).os == "Linux"
    blob = "https://sdkstorage.blob.core.windows.net/vhds/{}.vhd".format
    sms.create_hosted_service("sdkvms", "label", "text", "West US")
    names = ("sdkvms", "vms")

    def ready(*roles):
        found = {
            one.instance_name: one.instance_status for one in sms.get_deployment_by_name(*names).role_instance_list
        }
        return all(found.get(role) == "ReadyRole" for role in roles)

    done(sms, sms.create_virtual_machine_deployment(
        *names, "production", "label", "one", linux("one"), OSVirtualHardDisk(image, blob("one")), network(22),
        role_size="Small",
    ))  # fmt: skip
    done(sms, sms.add_role(
        *names, "two", WindowsConfigurationSet("two", "Pa55word!", admin_username="azureuser"),
        OSVirtualHardDisk(windows, blob("two")), network(3389), role_size="Small",
    ))  # fmt: skip
    until(lambda: ready("one", "two"))
    assert sms.get_role(*names, "one").role_size == "Small"
    done(sms, sms.update_role(*names, "one", network_config=network(22, 80), role_size="Medium"))
    until(lambda: ready("one"))
    role = sms.get_role(*names, "one")
    assert role.role_size == "Medium"
    assert [one.port for one in role.configuration_sets[0].input_endpoints] == ["22", "80"]
    done(sms, sms.restart_role(*names, "one"))
    done(sms, sms.shutdown_role(*names, "one", "Stopped"))
    done(sms, sms.start_role(*names, "one"))
    done(sms, sms.shutdown_roles(*names, ["one", "two"], "StoppedDeallocated"))
    done(sms, sms.start_roles(*names, ["one", "two"]))
    until(lambda: ready("one", "two"))
    done(sms, sms.add_dns_server(*names, "resolver", "10.0.0.53"))
    done(sms, sms.update_dns_server(*names, "resolver", "10.0.0.54"))
    done(sms, sms.delete_dns_server(*names, "resolver"))
    done(sms, sms.add_data_disk(*names, "one", 0, "ReadOnly", blob("data"), "label", logical_disk_size_in_gb=5))
    disk = sms.get_data_disk(*names, "one", 0)
    assert (disk.host_caching, disk.logical_disk_size_in_gb) == ("ReadOnly", 5)
    done(sms, sms.update_data_disk(*names, "one", 0, "ReadWrite", disk_name=disk.disk_name))
    done(sms, sms.delete_data_disk(*names, "one", 0))
    assert disk.disk_name in [one.name for one in sms.list_disks()]
    until(lambda: sms.get_disk(disk.disk_name).attached_to is None)  # it is let go of a while later
    sms.update_disk(disk.disk_name, False, "anew", blob("data"), disk.disk_name, "Linux")
    assert sms.get_disk(disk.disk_name).label == "anew"
    done_or_at_once(sms, sms.delete_disk(disk.disk_name, delete_vhd=True))
    sms.add_disk(False, "label", blob("added"), "added", "Linux")
    done_or_at_once(sms, sms.delete_disk("added"))
    done(sms, sms.create_reserved_ip_address("sdkaddress", "label", "West US"))
    done(sms, sms.associate_reserved_ip_address("sdkaddress", *names))
    assert sms.get_reserved_ip_address("sdkaddress").in_use
    done(sms, sms.disassociate_reserved_ip_address("sdkaddress", *names))
    assert [one.name for one in sms.list_reserved_ip_addresses()] == ["sdkaddress"]
    done(sms, sms.delete_reserved_ip_address("sdkaddress"))
    capturing(sms, names, blob, ready)
    done(sms, sms.delete_hosted_service("sdkvms", complete=True))
    refused(AzureMissingResourceHttpError, sms.get_hosted_service_properties, "sdkvms")
    assert [one.name for one in sms.list_virtual_network_sites()] == []
    extensions = sms.list_resource_extensions()
    versions = sms.list_resource_extension_versions(extensions[0].publisher, extensions[0].name)
    assert versions[0].version.startswith(extensions[0].version)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    assert len(sms.list_subscription_operations(before, now).subscription_operations) > 10


def capturing(sms, names, blob, ready):
    options = CaptureRoleAsVMImage("Specialized", "sdkcopy", "label", "text")
    done(sms, sms.capture_vm_image(*names, "two", options))
    assert "sdkcopy" in [one.name for one in sms.list_vm_images()]
    sms.update_vm_image("sdkcopy", VMImage("sdkcopy", "anew"))
    done(sms, sms.delete_vm_image("sdkcopy"))
    made = VMImage("sdkmade", "label", "text")
    made.os_disk_configuration.os_state = "Specialized"
    made.os_disk_configuration.os = "Linux"
    made.os_disk_configuration.media_link = blob("made")
    done_or_at_once(sms, sms.create_vm_image(made))
    done(sms, sms.delete_vm_image("sdkmade", delete_vhd=True))
    # These three go to the address of OS images, where the service had nothing of a publisher's.
    refused(AzureHttpError, sms.replicate_vm_image, "sdkmade", ["West US"], "offer", "sku", "1.0")
    refused(AzureHttpError, sms.unreplicate_vm_image, "sdkmade")
    refused(AzureHttpError, sms.share_vm_image, "sdkmade", "Private")
    sms.add_os_image("label", blob("image"), "sdkimage", "Linux")
    done_or_at_once(sms, sms.update_os_image("sdkimage", "anew", blob("image"), "sdkimage", "Linux"))
    image = sms.get_os_image_details("sdkimage")
    image.description = "text"
    sms.update_os_image_from_image_reference("sdkimage", image)
    assert sms.get_os_image_details("sdkimage").description == "text"
    done(sms, sms.delete_os_image("sdkimage", delete_vhd=True))
    done(sms, sms.shutdown_role(*names, "one", "Stopped"))
    done(sms, sms.capture_role(*names, "one", "Delete", "sdkgeneral", "label"))
    assert sms.get_os_image("sdkgeneral").category == "User"
    done(
        sms,
        sms.add_role(*names, "one", linux("one"), OSVirtualHardDisk("sdkgeneral", blob("again")), role_size="Small"),
    )
    until(lambda: ready("one"))
    done(sms, sms.delete_role(*names, "one", complete=True))
    done(sms, sms.delete_os_image("sdkgeneral", delete_vhd=True))


def done_or_at_once(service, result):
    """For calls that some versions of the service carried out at once."""
    if result is not None and getattr(result, "request_id", None):
        done(service, result)


def service_management(sms):
    accounts(sms)
    services(sms)
    packages(sms)
    machines(sms)
    (left,) = sms.list_disks()  # that of the captured machine: its image is a copy
    until(lambda: sms.get_disk(left.name).attached_to is None)
    sms.delete_disk(left.name, delete_vhd=True)
    sms.delete_storage_account("sdkstorage")


# -- the other four ----------------------------------------------------------------------------------------------------


def service_bus(bus):
    assert "West US" in [one.code for one in bus.get_regions()]
    assert bus.check_namespace_availability("sdknamespace").result
    bus.create_namespace("sdknamespace", "West US")
    assert not bus.check_namespace_availability("sdknamespace").result
    until(lambda: bus.get_namespace("sdknamespace").status == "Active")
    assert [one.name for one in bus.list_namespaces()] == ["sdknamespace"]
    for kind in ("queue", "topic", "relay", "notification_hub"):
        # What is in a namespace is made through the namespace itself, which is not the management service's.
        assert len(getattr(bus, f"list_{kind}s")("sdknamespace")) == 0
        here = ("sdknamespace", "missing")
        for call, more in (
            (f"get_supported_metrics_{kind}", ()),
            (f"get_metrics_rollups_{kind}", ("size",)),
            (f"get_metrics_data_{kind}", ("size", "PT1H", "$filter=Timestamp%20gt%20datetime'2014-10-02T00:00:00Z'")),
        ):
            refused(AzureMissingResourceHttpError, getattr(bus, call), *here, *more)
    bus.delete_namespace("sdknamespace")
    until(lambda: not bus.list_namespaces())


def sql(service):
    name = service.create_server("myadmin", "Pa55word!", "West US").server_name
    assert [one.name for one in service.list_servers()] == [name]
    service.set_server_admin_password(name, "0ther!word")
    assert len(service.list_quotas(name)) >= 1
    assert service.get_server_event_logs(name, "2026-01-01T00:00:00Z", 60, "") is not None
    service.create_firewall_rule(name, "office", "203.0.113.1", "203.0.113.9")
    service.update_firewall_rule(name, "office", "203.0.113.1", "203.0.113.5")
    (rule,) = service.list_firewall_rules(name)
    assert (rule.name, rule.end_ip_address) == ("office", "203.0.113.5")
    service.delete_firewall_rule(name, "office")
    levels = {one.name: one.id for one in service.list_service_level_objectives(name)}
    service.create_database(name, "mydatabase", levels["S0"])
    until(lambda: "mydatabase" in [one.name for one in service.list_databases(name)])
    service.update_database(name, "mydatabase", "renamed", levels["S1"])
    until(lambda: "renamed" in [one.name for one in service.list_databases(name)])
    service.delete_database(name, "renamed")
    assert "renamed" not in [one.name for one in service.list_databases(name)]
    service.delete_server(name)
    assert len(service.list_servers()) == 0


def websites(service):
    space = service.list_webspaces()
    assert len(space) == 0 or space[0].name
    service.create_site("westuswebspace", "sdksite", "West US", ["sdksite.azurewebsites.net"])
    assert "westuswebspace" in [one.name for one in service.list_webspaces()]
    assert service.get_webspace("westuswebspace").geo_region == "West US"
    assert [one.name for one in service.list_sites("westuswebspace")] == ["sdksite"]
    assert service.get_site("westuswebspace", "sdksite").state == "Running"
    service.update_site("westuswebspace", "sdksite", "Stopped")
    assert service.get_site("westuswebspace", "sdksite").state == "Stopped"
    service.update_site("westuswebspace", "sdksite", "Running")
    service.restart_site("westuswebspace", "sdksite")
    profile = service.get_publish_profile("westuswebspace", "sdksite")
    assert {one.publish_method for one in profile.publish_profiles} == {"MSDeploy", "FTP"}
    assert "publishData" in service.get_publish_profile_xml("westuswebspace", "sdksite")
    definitions = service.get_metric_definitions("westuswebspace", "sdksite")
    assert "CpuTime" in [one.name for one in definitions]
    metrics = service.get_historical_usage_metrics("westuswebspace", "sdksite", ["CpuTime"], "2026-01-01", "2026-01-02")
    assert len(metrics) == 1
    service.delete_site("westuswebspace", "sdksite", True, True)
    refused(AzureMissingResourceHttpError, service.get_site, "westuswebspace", "sdksite")


def scheduler(service):
    done(service, service.create_cloud_service("sdkcloud", "label", "text", "West US"))
    assert "sdkcloud" in [one.name for one in service.list_cloud_services()]
    assert service.get_cloud_service("sdkcloud").label == "label"
    service.check_job_collection_name("sdkcloud", "sdkjobs")  # it looks for an element the service does not send
    done(service, service.create_job_collection("sdkcloud", "sdkjobs"))
    assert service.get_job_collection("sdkcloud", "sdkjobs")
    job = {
        "startTime": "2030-01-01T00:00:00Z",
        "action": {"type": "http", "request": {"uri": "http://www.example.com/", "method": "GET"}},
        "recurrence": {"frequency": "minute", "interval": 30, "count": 10},
        "state": "enabled",
    }
    service.create_job("sdkcloud", "sdkjobs", "sdkjob", job)
    found = service.get_job("sdkcloud", "sdkjobs", "sdkjob")
    assert found["id"] == "sdkjob" and found["state"] == "enabled", found
    assert [one["id"] for one in service.get_all_jobs("sdkcloud", "sdkjobs")] == ["sdkjob"]
    service.delete_job("sdkcloud", "sdkjobs", "sdkjob")
    assert list(service.get_all_jobs("sdkcloud", "sdkjobs")) == []
    done(service, service.delete_job_collection("sdkcloud", "sdkjobs"))
    done(service, service.delete_cloud_service("sdkcloud"))
    assert len(service.list_cloud_services()) == 0


FLOWS = {
    ServiceManagementService: service_management,
    ServiceBusManagementService: service_bus,
    SqlDatabaseManagementService: sql,
    WebsiteManagementService: websites,
    SchedulerManagementService: scheduler,
}


def main():
    (base,) = [one for one in FLOWS if one.__name__ == sys.argv[2]]
    service, called = counted(base, sys.argv[1])
    FLOWS[base](service)
    refused(AzureMissingResourceHttpError, service.get_operation_status, "0" * 32)  # also where nothing is waited for
    assert not left_out(base, called), left_out(base, called)
    print("done")


if __name__ == "__main__":
    main()
