"""Extensions of web and worker roles are published, changed and taken back."""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas.extension_images import PublishedExtensionImage
from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import make_storage_account, refused


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
    for version in ("1.0", "2.0"):  # a further version of what there is comes with an update
        with refused(409, "ConflictError"):
            azure.register_extension(replace(image, version=version))
    azure.wait(azure.update_extension(replace(image, version="2.0")))
    assert [one.version for one in azure.list_extension_versions(namespace, "Thing").items] == ["1.0", "2.0"]
    azure.wait(azure.unregister_extension(namespace, "Thing", "2.0"))
    azure.wait(azure.update_extension(replace(image, label="another")))
    assert ("1.0", "another", True) in own()
    azure.wait(azure.unregister_extension(namespace, "Thing", "1.0"))
    assert azure.list_extension_versions(namespace, "Thing").items == ()
    with refused(404, "ResourceNotFound"):
        azure.update_extension(image)
