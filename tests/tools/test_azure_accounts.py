"""``azure``: getting connected; account, service and storage commands."""

from __future__ import annotations

from typing import Any

WEST = ("--location", "West US")


def test_an_environment_of_its_own(unconnected: Any, connect: Any, cloud: Any) -> None:
    azure = unconnected
    connect()
    (account,) = azure.json("account list")
    assert account["id"] == cloud.subscription
    assert account["environmentName"] == "emulator"
    assert account["managementEndpointUrl"] == cloud.endpoint
    assert azure.json("account env show emulator")["managementEndpointUrl"] == cloud.endpoint
    assert "West US" in [location["name"] for location in azure.json("vm location list")]


def test_affinity_groups(azure: Any) -> None:
    azure("account affinity-group create mygroup --label shown --description text", *WEST)
    (group,) = azure.json("account affinity-group list")
    assert (group["name"], group["label"], group["description"], group["location"]) == (
        "mygroup", "shown", "text", "West US",
    )  # fmt: skip
    assert "Small" in group["computeCapabilities"]["virtualMachinesRoleSizes"]
    azure("service create inthegroup --affinitygroup mygroup")
    shown = azure.json("account affinity-group show mygroup")
    assert [one["serviceName"] for one in shown["hostedServices"]] == ["inthegroup"]
    assert "inthegroup" in azure.refused("account affinity-group delete mygroup --quiet")
    azure("service delete inthegroup --quiet")
    azure("account affinity-group delete mygroup --quiet")
    assert azure.json("account affinity-group list") == []
    assert azure.refused("account affinity-group show mygroup") == "The affinity group does not exist."


def test_account_certificate(azure: Any, cloud: Any) -> None:
    azure("account cert export --file mine.pem")
    exported = (azure.cwd / "mine.pem").read_text()
    assert exported.startswith("-----BEGIN RSA PRIVATE KEY-----")
    body = "".join((cloud.certs / "management.pem").read_text().split("-----BEGIN CERTIFICATE-----")[1].split())
    assert body in "".join(exported.split())
    settings = cloud.certs / "asm-emulator.publishsettings"
    azure("account cert export --file theirs.pem --publishsettings", str(settings))
    assert (azure.cwd / "theirs.pem").read_text() == exported


def test_cloud_services(azure: Any) -> None:
    assert azure.json("service list") == []
    made = azure.json("service create myservice --description text --label shown", *WEST)
    assert made == {"serviceName": "myservice"}
    (service,) = azure.json("service list")
    properties = service["properties"]
    assert (service["serviceName"], properties["status"], properties["location"]) == ("myservice", "Created", "West US")
    assert (properties["label"], properties["description"]) == ("shown", "text")
    shown = azure.json("service show myservice")
    assert shown["deployments"] == []
    assert shown["properties"]["dateCreated"] == properties["dateCreated"]
    assert azure.refused("service create MyService", *WEST) == "The specified DNS name is already taken."
    assert "myservice" in azure("service list")
    azure("service delete myservice --quiet")
    assert azure.json("service list") == []
    assert azure.refused("service show myservice") == "The hosted service does not exist."


def test_service_certificates(azure: Any, keypair: Any) -> None:
    azure("service create myservice", *WEST)
    azure("service cert create myservice", str(keypair.pfx), "secret")
    (certificate,) = azure.json("service cert list")
    assert (certificate["serviceName"], certificate["thumbprint"], certificate["thumbprintAlgorithm"]) == (
        "myservice", keypair.thumbprint, "sha1",
    )  # fmt: skip
    found = azure.json(
        f"service cert get --service-name myservice --thumbprint {keypair.thumbprint} --thumbprint-algorithm sha1"
    )
    assert found[0]["data"] == certificate["data"]
    assert "password" in azure.refused("service cert create myservice", str(keypair.pfx), "wrong")
    azure(f"service cert delete {keypair.thumbprint} --dns-name myservice --quiet")
    assert azure.json("service cert list") is None


def test_storage_accounts(azure: Any) -> None:
    assert azure.json("storage account check mystorage")["nameAvailable"] is True
    azure("storage account create mystorage --type LRS --label shown --description text", *WEST)
    checked = azure.json("storage account check mystorage")
    assert (checked["nameAvailable"], bool(checked["reason"])) == (False, True)
    (account,) = azure.json("storage account list")
    assert account["name"] == "mystorage"
    shown = azure.json("storage account show mystorage")["properties"]
    assert (shown["label"], shown["description"], shown["status"], shown["accountType"]) == (
        "shown", "text", "Created", "Standard_LRS",
    )  # fmt: skip
    assert shown["endpoints"][0] == "https://mystorage.blob.core.windows.net/"
    azure("storage account set mystorage --type GRS --label anew")
    shown = azure.json("storage account show mystorage")["properties"]
    assert (shown["label"], shown["accountType"], shown["geoSecondaryRegion"]) == ("anew", "Standard_GRS", "East US")
    keys = azure.json("storage account keys list mystorage")
    renewed = azure.json("storage account keys renew mystorage --primary")
    assert renewed["primaryKey"] != keys["primaryKey"]
    assert renewed["secondaryKey"] == keys["secondaryKey"]
    azure("storage account keys renew mystorage --secondary")
    again = azure.json("storage account keys list mystorage")
    assert (again["primaryKey"], again["secondaryKey"] == keys["secondaryKey"]) == (renewed["primaryKey"], False)
    string = azure.json("storage account connectionstring show mystorage")["string"]
    assert again["primaryKey"] in string
    assert azure.refused("storage account create mystorage --type LRS", *WEST) == (
        "A storage account named 'mystorage' already exists in the subscription."
    )
    azure("storage account delete mystorage --quiet")
    assert azure.json("storage account list") == []
    assert azure.refused("storage account show mystorage") == "The storage account 'mystorage' was not found."


def test_at_its_own_speed(azure: Any) -> None:
    """Nothing loaded into it: the command looks after the operation when it always did, after 30 seconds."""
    azure.hurried = False
    azure("storage account create mystorage --type LRS", *WEST)
    assert azure.json("storage account show mystorage")["properties"]["status"] == "Created"


SCRIPT = """\
set -e
azure account import "$ASM_EMULATOR_PUBLISHSETTINGS"
azure service create myservice --location "West US"
azure service list
"""


def test_wrapped_and_untold(unconnected: Any, wrapped: Any) -> None:
    """``asm-emulator exec``: no environment added, the command believes that it speaks to Azure."""
    unconnected("config mode asm")
    done = wrapped(SCRIPT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "myservice  West US" in done.stdout
    assert unconnected.json("account list")[0]["environmentName"] == "AzureCloud"
