"""Extensions of web and worker roles: on offer, added to a service, read back without their secrets, taken away."""

from __future__ import annotations

from asm_contracts.areas.service_extensions import AddExtension
from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import make_hosted_service, refused


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
