"""``azure network``: virtual networks and what hangs on them, and machines in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

WEST = ("--location", "West US")
PASSWORD = "Pa55word!"


@pytest.fixture
def network(azure: Any) -> str:
    """A virtual network with one subnet."""
    azure("network vnet create mynet --address-space 10.0.0.0 --cidr 16 --subnet-name front --subnet-start-ip 10.0.0.0"
          " --subnet-cidr 24", *WEST)  # fmt: skip
    return "mynet"


def test_virtual_networks(azure: Any, network: str) -> None:
    (shown,) = azure.json("network vnet list")
    assert (shown["name"], shown["location"], shown["state"]) == ("mynet", "West US", "Created")
    assert shown["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert shown["subnets"] == [{"name": "front", "addressPrefix": "10.0.0.0/24"}]
    assert azure.json("network vnet show mynet") == shown
    azure("network vnet subnet create mynet back --address-prefix 10.0.1.0/24")
    azure("network vnet subnet set mynet back --address-prefix 10.0.2.0/24")
    assert azure.json("network vnet subnet show mynet back") == {"Name": "back", "AddressPrefix": "10.0.2.0/24"}
    assert [one["Name"] for one in azure.json("network vnet subnet list mynet")] == ["front", "back"]
    azure("network dns-server register 10.0.0.53 --dns-id inside")
    assert azure.json("network dns-server list") == [{"Name": "inside", "IPAddress": "10.0.0.53"}]
    azure("network export net.json")
    exported = json.loads((azure.cwd / "net.json").read_text())["VirtualNetworkConfiguration"]
    assert [site["Name"] for site in exported["VirtualNetworkSites"]] == ["mynet"]
    azure("network dns-server unregister 10.0.0.53 --quiet")
    azure("network vnet subnet delete mynet back --quiet")
    azure("network vnet delete mynet --quiet")
    assert azure.json("network vnet list") == []
    azure("network import net.json")
    assert [one["name"] for one in azure.json("network vnet list")[0]["subnets"]] == ["front", "back"]


def test_local_networks(azure: Any, network: str) -> None:
    azure("network local-network create office 192.168.0.0/24 --vpn-gateway-address 203.0.113.5")
    assert azure.json("network local-network list") == [
        {"AddressSpace": ["192.168.0.0/24"], "VPNGatewayAddress": "203.0.113.5", "Name": "office"}
    ]
    azure("network local-network set office --address-prefixes 192.168.0.0/24,192.168.1.0/24")
    assert azure.json("network local-network show office")["AddressSpace"] == ["192.168.0.0/24", "192.168.1.0/24"]
    azure("network vnet subnet create mynet GatewaySubnet --address-prefix 10.0.255.0/29")
    azure("network vnet local-network add mynet office")
    azure("network export net.json")
    (site,) = json.loads((azure.cwd / "net.json").read_text())["VirtualNetworkConfiguration"]["VirtualNetworkSites"]
    assert [one["Name"] for one in site["Gateway"]["ConnectionsToLocalNetwork"]] == ["office"]
    azure("network vnet local-network remove mynet office")
    azure("network local-network delete office --quiet")
    assert azure.json("network local-network list") == []


def test_network_security_groups(azure: Any, network: str) -> None:
    made = azure.json("network nsg create mygroup", "West US", "--label", "shown")
    assert (made["name"], made["label"], made["location"]) == ("mygroup", "shown", "West US")
    assert [rule["isDefault"] for rule in made["rules"]] == [True] * 6
    azure("network nsg rule create mygroup web --protocol TCP --source-port-range * --destination-port-range 80"
          " --action Allow --priority 100 --type Inbound")  # fmt: skip
    azure("network nsg rule set mygroup web --priority 200 --action Deny")
    rule = azure.json("network nsg rule show mygroup web")
    assert (rule["priority"], rule["action"], rule["destinationPortRange"]) == (200, "Deny", "80")
    assert len(azure.json("network nsg rule list mygroup")) == 7
    assert azure.json("network nsg list") == [{"name": "mygroup", "label": "shown", "location": "West US"}]
    azure("network nsg subnet add mygroup mynet front")
    assert azure.refused("network nsg delete mygroup --quiet")
    azure("network nsg subnet remove mygroup mynet front --quiet")
    azure("network nsg rule delete mygroup web --quiet")
    assert len(azure.json("network nsg show mygroup")["rules"]) == 6
    azure("network nsg delete mygroup --quiet")
    assert azure.json("network nsg list") == []


def test_route_tables(azure: Any, network: str) -> None:
    azure("network route-table create mytable", "West US", "--label", "shown")
    azure("network route-table route set mytable out 10.9.0.0/16 VirtualAppliance --next-hop-ip-address 10.0.0.4")
    assert azure.json("network route-table show mytable")["routeList"] == [
        {
            "name": "out",
            "addressPrefix": "10.9.0.0/16",
            "nextHop": {"type": "VirtualAppliance", "ipAddress": "10.0.0.4"},
        }
    ]
    assert [one["name"] for one in azure.json("network route-table list")] == ["mytable"]
    azure("network vnet subnet route-table add mynet front mytable")
    assert "mytable" in azure("network vnet subnet route-table show mynet front")
    assert azure.refused("network route-table delete mytable --quiet")
    azure("network vnet subnet route-table delete mynet front mytable --quiet")
    azure("network route-table route delete mytable out --quiet")
    azure("network route-table delete mytable --quiet")
    assert azure.json("network route-table list") == []


def test_reserved_addresses(azure: Any, images: dict[str, str]) -> None:
    azure("network reserved-ip create myaddress --label shown", "West US")
    (address,) = azure.json("network reserved-ip list")
    assert (address["name"], address["label"], address["state"], address["location"]) == (
        "myaddress", "shown", "Created", "West US",
    )  # fmt: skip
    machine = ("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST, "--reserved-ip", "myaddress")
    assert "must contain at least one endpoint" in azure.refused(*machine)
    azure(*machine, "--ssh", "22")
    machine = azure.json("vm show mymachine")
    assert machine["ReservedIPName"] == "myaddress"
    assert machine["VirtualIPAddresses"][0]["address"] == address["address"]
    shown = azure.json("network reserved-ip show myaddress")
    assert (shown["inUse"], shown["serviceName"], shown["deploymentName"]) == (True, "mymachine", "mymachine")
    assert azure.refused("network reserved-ip delete myaddress --quiet")
    azure("vm delete mymachine --quiet")
    azure("network reserved-ip delete myaddress --quiet")
    assert azure.json("network reserved-ip list") == []


def test_a_reserved_address_for_a_machine_that_is_there(azure: Any, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, *WEST)
    azure("network reserved-ip create myaddress", "West US")
    azure("network reserved-ip associate myaddress mymachine mymachine")
    assert azure.json("network reserved-ip show myaddress")["inUse"] is True
    assert azure.json("vm show mymachine")["ReservedIPName"] == "myaddress"
    azure("network reserved-ip disassociate myaddress mymachine mymachine")
    assert azure.json("vm show mymachine")["ReservedIPName"] == ""


def test_a_machine_with_a_static_address(azure: Any, network: str, images: dict[str, str]) -> None:
    assert azure.json("network vnet static-ip check mynet 10.0.0.7")["isAvailable"] is True
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, "--ssh", "--virtual-network-name", "mynet",
          "--subnet-names", "front", "--static-ip", "10.0.0.7", "--public-ip", "mypublic", *WEST)  # fmt: skip
    machine = azure.json("vm show mymachine")
    assert machine["IPAddress"] == "10.0.0.7"
    assert [one["name"] for one in machine["PublicIPs"]] == ["mypublic"]
    checked = azure.json("network vnet static-ip check mynet 10.0.0.7")
    assert (checked["isAvailable"], bool(checked["availableAddresses"])) == (False, True)
    assert azure.json("vm static-ip show mymachine")["Network"]["StaticIP"] == "10.0.0.7"
    azure("vm static-ip set mymachine 10.0.0.9")
    azure("vm static-ip remove mymachine")
    assert [one["name"] for one in azure.json("vm public-ip list mymachine")] == ["mypublic"]
    azure("vm public-ip delete mymachine mypublic --quiet")
    assert azure.refused("network vnet delete mynet --quiet")
    azure("vm delete mymachine --quiet")
    azure("network vnet delete mynet --quiet")


def test_internal_load_balancers(azure: Any, network: str, images: dict[str, str]) -> None:
    azure("vm create mymachine", images["linux"], "azureuser", PASSWORD, "--ssh", "--virtual-network-name", "mynet",
          "--subnet-names", "front", *WEST)  # fmt: skip
    azure("service internal-load-balancer add mymachine inside --subnet-name front"
          " --static-virtualnetwork-ipaddress 10.0.0.20")  # fmt: skip
    (balancer,) = azure.json("service internal-load-balancer list mymachine")
    assert balancer["name"] == "inside"
    azure("vm endpoint create mymachine 1433 --name sql --internal-load-balancer-name inside"
          " --load-balanced-set-name set")  # fmt: skip
    assert azure.json("vm endpoint show mymachine sql")
    azure("vm endpoint delete mymachine sql")
    azure("service internal-load-balancer delete mymachine inside --quiet")


def test_vpn_gateways(azure: Any, network: str) -> None:
    azure("network vnet subnet create mynet GatewaySubnet --address-prefix 10.0.255.0/29")
    azure("network local-network create office 192.168.0.0/24 --vpn-gateway-address 203.0.113.5")
    azure("network vnet local-network add mynet office")
    assert azure.json("network vpn-gateway show mynet")["state"] == "NotProvisioned"
    azure("network vpn-gateway create mynet --type DynamicRouting --sku Default")
    gateway = azure.json("network vpn-gateway show mynet")
    assert (gateway["state"], gateway["gatewayType"], gateway["gatewaySKU"]) == (
        "Provisioned", "DynamicRouting", "Default",
    )  # fmt: skip
    assert gateway["vipAddress"].count(".") == 3
    azure("network vpn-gateway resize mynet HighPerformance")
    assert azure.json("network vpn-gateway show mynet")["gatewaySKU"] == "HighPerformance"
    azure("network vpn-gateway reset mynet")
    azure("network vpn-gateway shared-key set mynet abcdef123456 --site-name office")
    azure("network vpn-gateway shared-key reset mynet 32 --site-name office")
    (connection,) = azure.json("network vpn-gateway connection list mynet")
    assert connection["localNetworkSiteName"] == "office"
    azure("network vpn-gateway default-site set mynet office")
    assert azure.json("network vpn-gateway show mynet")["defaultSite"] == {"name": "office"}
    azure("network vpn-gateway default-site remove mynet")
    devices = azure.json("network vpn-gateway device list")
    device = next(one for one in devices if one["platform"] == "ISR Series Routers")
    azure("network vpn-gateway device get-script mynet --vendor", device["name"], "--platform", device["platform"],
          "--os-family", device["os"])  # fmt: skip
    azure("storage account create mystorage --type LRS", *WEST)
    azure("network vpn-gateway diagnostics start mynet --duration 60 --storage-account-name mystorage"
          " --storage-account-key c2VjcmV0 --container-name logs")  # fmt: skip
    assert azure.json("network vpn-gateway diagnostics get mynet")["state"]
    azure("network vpn-gateway diagnostics stop mynet")
    azure("network vpn-gateway delete mynet --quiet")
    assert azure.json("network vpn-gateway show mynet")["state"] == "NotProvisioned"


CONFIGURATION = {
    "frontendIPConfigurations": [{"name": "inner", "type": "Private", "staticIPAddress": "10.0.0.30"}],
    "frontendPorts": [{"name": "http", "port": 80}],
    "backendAddressPools": [{"name": "first", "backendServers": [{"ipAddress": "10.0.0.4"}]}],
    "backendHttpSettingsList": [{"name": "plain", "port": 80, "protocol": "Http", "cookieBasedAffinity": "Enabled"}],
    "httpListeners": [
        {"name": "listening", "frontendIP": "inner", "frontendPort": "http", "protocol": "Http"},
    ],
    "httpLoadBalancingRules": [
        {
            "name": "all", "type": "basic", "backendHttpSettings": "plain", "listener": "listening",
            "backendAddressPool": "first",
        }
    ],
}  # fmt: skip


def test_application_gateways(azure: Any, network: str, keypair: Any) -> None:
    azure("network application-gateway create mygateway mynet front --instance-count 2 --gateway-size Small")
    (gateway,) = azure.json("network application-gateway list")
    assert (gateway["name"], gateway["state"], gateway["gatewaySize"], gateway["instanceCount"]) == (
        "mygateway", "Stopped", "Small", 2,
    )  # fmt: skip
    (azure.cwd / "config.json").write_text(json.dumps(CONFIGURATION))
    azure("network application-gateway config import mygateway config.json")
    for command in (
        "address-pool add mygateway second --servers 10.0.0.5,10.0.0.6",
        "http-settings add mygateway sticky --protocol Http --port 81 --cookie-based-affinity Enabled",
        "frontend-port add mygateway other 8080",
        "http-listener add mygateway another other --frontend-ip-name inner --protocol Http",
        "lb-rule add mygateway more sticky another second --type Basic",
    ):
        azure(f"network application-gateway {command}")
    shown = azure.json("network application-gateway config show mygateway")
    assert [one["name"] for one in shown["httpLoadBalancingRules"]] == ["all", "more"]
    assert [one["name"] for one in shown["frontendPorts"]] == ["http", "other"]
    azure("network application-gateway config export mygateway exported.json")
    assert json.loads((azure.cwd / "exported.json").read_text()) == shown
    azure("network application-gateway set mygateway --gateway-size Medium --instance-count 3")
    azure("network application-gateway start mygateway")
    shown = azure.json("network application-gateway show mygateway")
    assert (shown["state"], shown["gatewaySize"], shown["instanceCount"]) == ("Running", "Medium", 3)
    assert shown["virtualIPs"] == ["10.0.0.30"]
    azure("network application-gateway stop mygateway")
    for command in (
        "lb-rule remove mygateway more",
        "http-listener remove mygateway another",
        "frontend-port remove mygateway other",
        "http-settings remove mygateway sticky",
        "address-pool remove mygateway second",
    ):
        azure(f"network application-gateway {command} --quiet")
    azure("network application-gateway ssl-cert add mygateway secure --password secret --cert-file", str(keypair.pfx))
    azure("network application-gateway ssl-cert remove mygateway secure --quiet")
    azure("network application-gateway delete mygateway --quiet")
    assert azure.json("network application-gateway list") == []


def test_traffic_manager(azure: Any) -> None:
    azure("network traffic-manager profile create myprofile --domain-name mydomain.trafficmanager.net"
          " --load-balancing-method performance --monitor-port 80 --monitor-protocol http --monitor-relative-path /"
          " --ttl 300")  # fmt: skip
    (profile,) = azure.json("network traffic-manager profile list")
    assert (profile["name"], profile["domainName"]) == ("myprofile", "mydomain.trafficmanager.net")
    azure("network traffic-manager profile endpoint create myprofile www.example.com Any --endpoint-status enabled"
          " --weight 1")  # fmt: skip
    shown = azure.json("network traffic-manager profile show myprofile")["definition"]
    assert [(one["domainName"], one["status"], one["type"]) for one in shown["policy"]["endpoints"]] == [
        ("www.example.com", "Enabled", "Any")
    ]
    azure("network traffic-manager profile set myprofile --ttl 60 --load-balancing-method failover")
    shown = azure.json("network traffic-manager profile show myprofile")["definition"]
    assert (shown["dnsOptions"]["timeToLiveInSeconds"], shown["policy"]["loadBalancingMethod"]) == (60, "Failover")
    azure("network traffic-manager profile disable myprofile")
    assert azure.json("network traffic-manager profile show myprofile")["profile"]["status"] == "Disabled"
    azure("network traffic-manager profile enable myprofile")
    azure("network traffic-manager profile endpoint set myprofile www.example.com --endpoint-status disabled")
    azure("network traffic-manager profile endpoint delete myprofile www.example.com --quiet")
    assert azure.json("network traffic-manager profile show myprofile")["definition"]["policy"]["endpoints"] == []
    azure("network traffic-manager profile delete myprofile --quiet")
    assert azure.json("network traffic-manager profile list") == []
