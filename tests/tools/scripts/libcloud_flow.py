"""A whole flow of Apache Libcloud's driver: look around, make a machine, reboot it, be rid of it.

usage: libcloud_flow.py HOST PORT CA    with AZURE_MANAGEMENT_CERTFILE, AZURE_MANAGEMENT_SUBSCRIPTIONID
"""

import os
import sys
import time

import libcloud.security
from libcloud.compute.base import NodeAuthPassword
from libcloud.compute.providers import get_driver
from libcloud.compute.types import LibcloudError, NodeState, Provider

host, port, libcloud.security.CA_CERTS_PATH = sys.argv[1], int(sys.argv[2]), sys.argv[3]
driver = get_driver(Provider.AZURE)(
    os.environ["AZURE_MANAGEMENT_SUBSCRIPTIONID"], os.environ["AZURE_MANAGEMENT_CERTFILE"], host=host, port=port
)


def until(found, seconds=60):
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)
    return answer


(size,) = [one for one in driver.list_sizes() if one.id == "Small"]
image = max((one for one in driver.list_images() if "Ubuntu" in one.name), key=lambda one: one.id)
assert "West US" in [one.id for one in driver.list_locations()]
assert image in driver.list_images(location="West US") or image.id in [one.id for one in driver.list_images("West US")]

assert driver.ex_create_cloud_service("mylibcloud", "West US", description="text")
assert [one.service_name for one in driver.ex_list_cloud_services()] == ["mylibcloud"]
assert driver.ex_create_storage_service("mylibcloudstorage", "West US")
assert driver.list_nodes("mylibcloud") == []


def create(name):
    node = driver.create_node(
        name=name, size=size, image=image, auth=NodeAuthPassword("Pa55word!"), ex_cloud_service_name="mylibcloud",
        ex_storage_service_name="mylibcloudstorage",
    )  # fmt: skip
    assert node.state == NodeState.PENDING


def nodes():
    return {node.name: node for node in driver.list_nodes("mylibcloud")}


def running(*names):
    found = {name: node.state for name, node in nodes().items()}
    return found == dict.fromkeys(names, NodeState.RUNNING)


def patiently(call, *arguments):
    """It does not wait for operations: the next may come too early."""
    end = time.monotonic() + 60
    while True:
        try:
            return call(*arguments)
        except LibcloudError as refusal:
            assert "ConflictError" in str(refusal) and time.monotonic() < end, refusal
            time.sleep(0.2)


create("first")
until(lambda: running("first"))
assert len(nodes()["first"].public_ips) == 1
create("second")
until(lambda: running("first", "second"))
assert patiently(driver.reboot_node, nodes()["first"])
until(lambda: running("first", "second"))
endpoint = {"name": "web", "protocol": "tcp", "port": "80", "local_port": "8080"}
patiently(driver.ex_add_instance_endpoints, nodes()["first"], [endpoint])
until(lambda: "web" in [one.name for one in nodes()["first"].extra["instance_endpoints"]])
assert patiently(driver.destroy_node, nodes()["second"])
until(lambda: set(nodes()) == {"first"})
assert patiently(driver.destroy_node, nodes()["first"])
until(lambda: not nodes())
assert len(driver.list_volumes()) == 0
assert driver.ex_destroy_cloud_service("mylibcloud")
assert driver.ex_destroy_storage_service("mylibcloudstorage")
print("done")
