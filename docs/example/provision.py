"""Sets up the web farm: python provision.py NAME [MACHINES]"""

import sys
import time

from azure.common import AzureConflictHttpError, AzureHttpError
from azure.servicemanagement import (
    ConfigurationSet,
    ConfigurationSetInputEndpoint,
    LinuxConfigurationSet,
    OSVirtualHardDisk,
    ServiceManagementService,
)

LOCATION = "West US"
POLL = 10  # seconds
PATIENCE = 30 * 60


class ProvisioningError(Exception):
    pass


def persistently(call, *args, attempts=5, **kwargs):
    """The service throttles, and drops a connection now and then."""
    for attempt in range(attempts):
        try:
            return call(*args, **kwargs)
        except AzureHttpError as error:
            if error.status_code not in (500, 503) or attempt == attempts - 1:
                raise
        except OSError:
            if attempt == attempts - 1:
                raise
        time.sleep(POLL * (attempt + 1))


def finish(sms, request):
    """Wait until an operation has ended."""
    waited = 0
    while True:
        operation = persistently(sms.get_operation_status, request.request_id)
        if operation.status == "Succeeded":
            return
        if operation.status == "Failed":
            raise ProvisioningError("%s: %s" % (operation.error.code, operation.error.message))
        if waited >= PATIENCE:
            raise ProvisioningError("still in progress after %d seconds" % waited)
        time.sleep(POLL)
        waited += POLL


def create_once(call, *args, **kwargs):
    """If the answer to a creation is lost, the second attempt meets what the first one made."""
    lost = False
    while True:
        try:
            return call(*args, **kwargs)
        except AzureConflictHttpError:
            if not lost:
                raise
            return None
        except AzureHttpError as error:
            if error.status_code not in (500, 503):
                raise
            time.sleep(POLL)
        except OSError:
            if lost:
                raise
            lost = True
            time.sleep(POLL)


def machine(sms, name, number):
    image = sorted(one.name for one in persistently(sms.list_os_images) if "Ubuntu-14_04" in one.name)[-1]
    system = LinuxConfigurationSet("web-%d" % number, "farmer", "Farm3r-with-a-fork", False)
    network = ConfigurationSet()
    network.input_endpoints.input_endpoints.append(
        ConfigurationSetInputEndpoint("ssh", "tcp", str(2200 + number), "22")
    )
    disk = OSVirtualHardDisk(image, "https://%s.blob.core.windows.net/vhds/web-%d.vhd" % (storage_of(name), number))
    return "web-%d" % number, system, disk, network


def storage_of(name):
    return name.replace("-", "")[:20] + "disk"


def provision(sms, name, machines=2):
    create_once(sms.create_hosted_service, name, name, location=LOCATION)
    request = create_once(sms.create_storage_account, storage_of(name), "", storage_of(name), location=LOCATION)
    if request is not None:
        finish(sms, request)
    for number in range(machines):
        role, system, disk, network = machine(sms, name, number)
        if number == 0:
            request = persistently(
                sms.create_virtual_machine_deployment, name, name, "production", name, role, system, disk,
                network_config=network, role_size="Small",
            )  # fmt: skip
        else:
            request = persistently(
                sms.add_role, name, name, role, system, disk, network_config=network, role_size="Small"
            )
        finish(sms, request)
    return wait_for_machines(sms, name)


def wait_for_machines(sms, name):
    """Every machine is up: its address by its name."""
    waited = 0
    while True:
        instances = persistently(sms.get_deployment_by_slot, name, "production").role_instance_list
        if all(one.instance_status == "ReadyRole" for one in instances):
            return {one.instance_name: one.ip_address for one in instances}
        if waited >= PATIENCE:
            raise ProvisioningError(
                ", ".join("%s is %s" % (one.instance_name, one.instance_status) for one in instances)
            )
        time.sleep(POLL)
        waited += POLL


def tear_down(sms, name):
    finish(sms, persistently(sms.delete_hosted_service, name, complete=True))


if __name__ == "__main__":
    service = ServiceManagementService()  # subscription and certificate come from the environment
    print(provision(service, sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2))
