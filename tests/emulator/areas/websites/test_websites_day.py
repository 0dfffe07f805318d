"""Web sites and namespaces as earlier builds of the service showed them."""

from __future__ import annotations

from datetime import date

from asm_contracts.areas.service_bus import CreateNamespace
from asm_contracts.areas.websites import SiteInput, WebSpaceToCreate
from asm_contracts.document import NIL
from asm_emulator.emulator import Emulator


def test_sites_of_2015_lack_what_came_later() -> None:
    cloud = Emulator(pace="manual", day=date(2015, 7, 1))
    azure = cloud.client()
    space = WebSpaceToCreate(geo_region="East US", name="eastuswebspace", plan="VirtualDedicatedPlan")
    made = azure.create_site("eastuswebspace", SiteInput(name="old", web_space_to_create=space))
    assert azure.get_site("eastuswebspace", "old") == made
    assert (made.home_stamp, made.resource_group, made.default_host_name) == (None, None, None)
    assert (made.client_affinity_enabled, made.ssl_certificates) == (NIL, ())
    assert (made.compute_mode, made.site_mode) == ("Shared", "Limited")
    assert "/20130801/websystems/websites/web/subscriptions/" in made.self_link


def test_default_farms_of_2015_are_counted_from_nought() -> None:
    cloud = Emulator(pace="manual", day=date(2015, 7, 1))
    azure = cloud.client()
    for region, space in (("East US", "eastuswebspace"), ("West US", "westuswebspace")):
        wanted = WebSpaceToCreate(geo_region=region, name=space, plan="VirtualDedicatedPlan")
        made = azure.create_site(space, SiteInput(name=f"old-{space}", web_space_to_create=wanted))
        assert made.server_farm == "Default0"
    cloud.reset_subscription(cloud.subscription)
    assert [one.name for one in azure.list_server_farms("eastuswebspace").items] == ["Default0"]


def test_namespaces_name_a_group_from_the_summer_of_2015_on() -> None:
    for day, group in ((date(2015, 3, 13), None), (date(2015, 7, 1), "")):
        azure = Emulator(pace="manual", day=day).client()
        made = azure.create_namespace("group-test", CreateNamespace(region="West US"))
        assert made.content.resource_group == group
