"""Extensions of web and worker roles: on offer, added to a service, read back without their secrets, taken away."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas.extension_images import PublishedExtensionImage
from asm_contracts.areas.service_extensions import AddExtension
from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import make_hosted_service, make_storage_account, refused


@documented("an extension is added to the service; its private configuration is never given back")
def test_an_extension_is_added_read_and_taken_away(azure: Azure, names: Names) -> None:
    offered = azure.list_available_extensions().items[0]
    versions = azure.list_extension_versions(offered.provider_name_space, offered.type).items
    assert offered.version in {one.version for one in versions}
    service = make_hosted_service(azure, names)
    body = AddExtension(
        provider_name_space=offered.provider_name_space,
        type=offered.type,
        id="mine",
        public_configuration=b"<shown/>",
        private_configuration=b"<hidden/>",
    )
    azure.wait(azure.add_extension(service, body))
    found = azure.get_extension(service, "mine")
    assert (found.id, found.type, found.public_configuration) == ("mine", offered.type, b"<shown/>")
    assert "hidden" not in repr(found)
    assert azure.list_extensions(service).items == (found,)
    azure.wait(azure.delete_extension(service, "mine"))
    assert not azure.list_extensions(service).items
    with refused(404, "ResourceNotFound"):
        azure.get_extension(service, "mine")


@documented("a subscription publishes a version for itself, changes it, can use it, and takes it back")
def test_an_extension_is_published_and_taken_back(azure: Azure, names: Names) -> None:
    account, namespace = make_storage_account(azure, names), f"Asm.{names.free()}"
    image = PublishedExtensionImage(
        provider_name_space=namespace,
        type="Thing",
        version="1.0",
        label="a thing",
        media_link=f"https://{account}.blob.core.windows.net/packages/thing.zip",
        public_configuration_schema="<schema/>",
    )

    def own() -> list[tuple[str, str | None, bool | None]]:
        found = azure.list_publisher_extensions().items
        return [(one.version, one.label, one.is_internal_extension) for one in found if one.type == "Thing"]

    azure.wait(azure.register_extension(image))
    assert ("1.0", "a thing", True) in own()
    assert [one.version for one in azure.list_extension_versions(namespace, "Thing").items] == ["1.0"]
    with refused(409, "ConflictError"):
        azure.register_extension(image)
    azure.wait(azure.update_extension(replace(image, label="another")))
    assert ("1.0", "another", True) in own()
    azure.wait(azure.unregister_extension(namespace, "Thing", "1.0"))
    assert azure.list_extension_versions(namespace, "Thing").items == ()
    with refused(404, "ResourceNotFound"):
        azure.update_extension(image)
