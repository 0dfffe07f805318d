"""Add-ons from the store are bought, changed and cancelled."""

from __future__ import annotations

from asm_contracts.areas.add_ons import AddOnInput
from asm_contracts.areas.scheduler import CreateCloudService
from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused


@documented("an add-on is bought, its plan is changed, it is cancelled")
def test_add_ons(azure: Azure, names: Names) -> None:
    service = names.of("cloud service")
    body = CreateCloudService(label="l", description="d", geo_region=LOCATION)
    azure.wait(azure.create_cloud_service(service, body))

    def plans() -> list[str | None]:
        return [one.plan for one in azure.get_cloud_service(service).resources or () if one.name == "post"]

    where = (service, "ContosoMail", "mailer", "post")
    azure.wait(azure.put_add_on(*where, AddOnInput(type="ContosoMail", plan="free")))
    assert plans() == ["free"]
    azure.wait(azure.put_add_on(*where, AddOnInput(type="ContosoMail", plan="gold")))
    assert plans() == ["gold"]
    azure.wait(azure.delete_add_on(*where))
    assert plans() == []
    with refused(404, "ResourceNotFound"):
        azure.delete_add_on(*where)
