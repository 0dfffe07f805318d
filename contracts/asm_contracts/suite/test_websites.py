"""Web sites come, change and go."""

from __future__ import annotations

from asm_contracts.areas.websites import SiteInput
from asm_contracts.evidence import documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.sites import SPACE, make_site
from asm_contracts.suite.worlds import LOCATION, refused_with


@recorded("a new site runs, free of charge, under a host name of its own")
def test_a_site_comes_and_goes(azure: Azure, names: Names) -> None:
    name = make_site(azure, names)
    found = azure.get_site(SPACE, name)
    assert (found.name, found.state, found.sku) == (name, "Running", "Free")
    assert found.host_names == (f"{name}.azurewebsites.net",)
    assert name in [one.name for one in azure.list_sites(SPACE).items]
    assert azure.get_webspace(SPACE).geo_region == LOCATION
    with refused_with(409):
        azure.create_site(SPACE, SiteInput(name=name))
    azure.delete_site(SPACE, name)
    with refused_with(404):
        azure.get_site(SPACE, name)


@documented("a site is stopped and started by its state; it is changed in what the request has")
def test_a_site_is_stopped(azure: Azure, names: Names) -> None:
    name = make_site(azure, names)
    azure.update_site(SPACE, name, SiteInput(state="Stopped"))
    assert azure.get_site(SPACE, name).state == "Stopped"
    azure.update_site(SPACE, name, SiteInput(state="Running"))
    assert azure.get_site(SPACE, name).state == "Running"
    assert azure.get_site(SPACE, name).host_names == (f"{name}.azurewebsites.net",)


@recorded("a host name is available until a site has it")
def test_availability_of_host_names(azure: Azure, names: Names) -> None:
    assert azure.is_site_hostname_available(names.free()).value is True
    name = make_site(azure, names)
    assert azure.is_site_hostname_available(name).value is False
