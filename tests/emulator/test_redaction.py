"""What is kept of a request's arguments."""

from __future__ import annotations

from asm_contracts.areas.deployments import CreateDeployment
from asm_contracts.operation import RawBody
from asm_contracts.roles import (
    LinuxProvisioningConfigurationSet,
    NetworkConfigurationSet,
    PersistentVMRole,
    ResourceExtensionParameterValue,
    ResourceExtensionReference,
    WindowsProvisioningConfigurationSet,
)
from asm_emulator.redaction import without_secrets

ROLE = PersistentVMRole(
    role_name="vm",
    configuration_sets=(
        WindowsProvisioningConfigurationSet(admin_username="me", admin_password="geheim", custom_data=b"geheim"),
        LinuxProvisioningConfigurationSet(user_name="me", user_password="geheim"),
        NetworkConfigurationSet(configuration_set_type="NetworkConfiguration"),
    ),
    resource_extension_references=(
        ResourceExtensionReference(
            name="one",
            resource_extension_parameter_values=(
                ResourceExtensionParameterValue(key="a", value="open", type="Public"),
                ResourceExtensionParameterValue(key="b", value="geheim", type="private"),
            ),
        ),
    ),
)


def test_passwords_and_private_values_are_left_out_however_deep() -> None:
    kept = without_secrets({"service_name": "web", "body": ROLE})
    assert kept["service_name"] == "web"
    assert "geheim" not in repr(kept)
    windows, linux, network = kept["body"].configuration_sets
    assert (windows.admin_username, windows.admin_password, windows.custom_data) == ("me", None, None)
    assert (linux.user_name, linux.user_password) == ("me", None)
    assert network is ROLE.configuration_sets[2]  # type: ignore[index]
    public, private = kept["body"].resource_extension_references[0].resource_extension_parameter_values
    assert (public.value, private.value) == ("open", None)
    assert ROLE.configuration_sets[0].admin_password == "geheim"  # type: ignore[index,attr-defined]


def test_addresses_lose_their_signature_and_nothing_else() -> None:
    body = CreateDeployment(
        name="d",
        package_url="https://account.blob.core.windows.net/c/package.cspkg?sv=2014&sig=geheim",
        label="a label with sig=nothing",
        configuration=b"",
    )
    kept = without_secrets({"body": body, "address": "http://h/p?x=1", "odd": "http://[?sig=geheim"})
    assert kept["body"].package_url == "https://account.blob.core.windows.net/c/package.cspkg"
    assert kept["body"].label == body.label
    assert kept["address"] == "http://h/p?x=1"
    assert kept["odd"] == "http://["


def test_what_has_no_secrets_is_kept_as_it_is() -> None:
    body = RawBody(b"<x/>", "text/plain")
    plain = ROLE.configuration_sets[2]  # type: ignore[index]
    kept = without_secrets({"body": body, "count": 3, "flag": True, "set": plain, "nothing": None})
    assert kept == {"body": body, "count": 3, "flag": True, "set": plain, "nothing": None}
