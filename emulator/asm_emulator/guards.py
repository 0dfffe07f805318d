"""Network security groups as what they guard sees them: finding one, its rules, and who uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from asm_contracts.errors import BadRequest, ResourceNotFound
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.roles import AssignNetworkInterface, NetworkConfigurationSet
from asm_emulator import model
from asm_emulator.networks import check_region, range_of
from asm_emulator.state import Draft

VIRTUAL_NETWORK: Final = "VIRTUAL_NETWORK"
INTERNET: Final = "INTERNET"
LOAD_BALANCER: Final = "AZURE_LOADBALANCER"
ANY: Final = "*"
TAGS: Final = (ANY, VIRTUAL_NETWORK, INTERNET, LOAD_BALANCER)
PRIORITIES: Final = range(100, 4097)
"""Priorities of a group's own rules (documented)."""

GROUP: Final = "Network Security Group"
OUTSIDE: Final = f"A {GROUP} can be assigned only to a virtual machine in a virtual network."
"""The refusal of a group for a machine that is in no virtual network: assumed."""
FORWARDING: Final = ("Enabled", "Disabled")
_PORTS: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?\Z")
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?\Z")


def _default(name: str, kind: str, priority: int, action: str, source: str, target: str) -> model.SecurityRule:
    return model.SecurityRule(
        name=name,
        type=kind,
        priority=priority,
        action=action,
        source_address_prefix=source,
        source_port_range=ANY,
        destination_address_prefix=target,
        destination_port_range=ANY,
        protocol=ANY,
        is_default=True,
    )


DEFAULT_RULES: Final = (
    _default("ALLOW VNET OUTBOUND", "Outbound", 65000, "Allow", VIRTUAL_NETWORK, VIRTUAL_NETWORK),
    _default("ALLOW VNET INBOUND", "Inbound", 65000, "Allow", VIRTUAL_NETWORK, VIRTUAL_NETWORK),
    _default("ALLOW AZURE LOAD BALANCER INBOUND", "Inbound", 65001, "Allow", LOAD_BALANCER, ANY),
    _default("ALLOW INTERNET OUTBOUND", "Outbound", 65001, "Allow", ANY, INTERNET),
    _default("DENY ALL OUTBOUND", "Outbound", 65500, "Deny", ANY, ANY),
    _default("DENY ALL INBOUND", "Inbound", 65500, "Deny", ANY, ANY),
)
"""The rules that every group has, in the order they were recorded in."""


@recorded("sorted by priority, so that a group's own rules come before the default ones")
def rules_of(group: model.SecurityGroup) -> tuple[model.SecurityRule, ...]:
    """All rules of a group."""
    return tuple(sorted((*group.rules, *DEFAULT_RULES), key=lambda one: one.priority))


@assumed("which names are allowed was never seen, nor the text of the refusal")
def check_name(kind: str, name: str) -> None:
    """BadRequest for a name that a group, rule, route table or route cannot have; `kind` is how the text names it."""
    if not _NAME.match(name):
        raise BadRequest(f"The {kind} name {name[:100]} is invalid.")


@quoted("the text")
def find_group(draft: Draft, name: str) -> model.SecurityGroup:
    """The group of this name, or ResourceNotFound."""
    found = draft.network_security_groups.get(name)
    if found is None:
        raise ResourceNotFound(f"The Network Security Group {name} does not exist.")
    return found


@documented("machines forward in virtual networks only, and the two words")
@assumed("the text was never seen")
def check_forwarding(state: str | None, *, inside: bool) -> str:
    """Whether a machine is to forward, in the service's spelling; BadRequest for another word, or outside networks."""
    word = check_word("State", state, FORWARDING)
    if not inside:
        raise BadRequest("IP forwarding can be set only for a virtual machine in a virtual network.")
    return word


# -- users ------------------------------------------------------------------------------------------------------------


def guarded_by(draft: Draft, name: str) -> Iterator[str]:
    """What a group guards, in words."""
    wanted = name.lower()
    for site in draft.virtual_networks.values():
        for subnet in site.subnets:
            if (subnet.network_security_group or "").lower() == wanted:
                yield f"the subnet {subnet.name} of the virtual network {site.name}"
    for service in draft.hosted_services.values():
        for deployment in service.deployments.values():
            for machine in deployment.machines:
                if wanted in (one.lower() for one in groups_of(machine.network)):
                    yield f"the role {machine.name} of the deployment {deployment.name}"


def groups_of(network: NetworkConfigurationSet) -> Iterator[str]:
    """The groups that a role's network configuration names."""
    interfaces = network.network_interfaces or ()
    for name in (network.network_security_group, *(one.network_security_group for one in interfaces)):
        if name:
            yield name


@assumed("that a group guards something only while it exists follows from its deletion; the text is that of its lookup")
@documented("groups guard machines in virtual networks only")
def check_groups(draft: Draft, network: NetworkConfigurationSet, site: model.VirtualNetworkSite | None) -> None:
    """BadRequest if a network configuration names a group that does not exist, or cannot guard a machine there.

    site: the virtual network of the machine, if it is in one
    """
    for name in groups_of(network):
        group = draft.network_security_groups.get(name)
        if group is None:
            raise BadRequest(f"The Network Security Group {name} does not exist.")
        if site is None:
            raise BadRequest(OUTSIDE)
        check_region(draft, GROUP, group, site)


@assumed("clients older than groups and forwarding leave both out of an update; recorded is that an update keeps them")
def kept(before: NetworkConfigurationSet, after: NetworkConfigurationSet) -> NetworkConfigurationSet:
    """A network configuration after an update, with the groups and the forwarding that the update left out."""
    known = {(one.name or "").lower(): one for one in before.network_interfaces or ()}

    def keep(interface: AssignNetworkInterface) -> AssignNetworkInterface:
        old = known.get((interface.name or "").lower())
        if old is None:
            return interface
        return replace(
            interface,
            network_security_group=interface.network_security_group or old.network_security_group,
            ip_forwarding=interface.ip_forwarding or old.ip_forwarding,
        )

    return replace(
        after,
        network_interfaces=tuple(map(keep, after.network_interfaces or ())) or None,
        network_security_group=after.network_security_group or before.network_security_group,
        ip_forwarding=after.ip_forwarding or before.ip_forwarding,
    )


# -- rules ------------------------------------------------------------------------------------------------------------


@quoted("the text, of a source")
def check_prefix(side: str, prefix: str | None) -> str:
    """An address prefix of a rule, a tag in its own spelling; BadRequest if it is neither."""
    text = (prefix or "").strip()
    if text.upper() in TAGS:
        return text.upper()
    try:
        range_of(text)
    except ValueError:
        raise BadRequest(
            f"The {side} Address Prefix provided '{text[:100]}' is invalid. "
            "Please provide correct CIDR address or one of the allowed Address Tags."
        ) from None
    return text


@assumed("the text follows that of address prefixes")
def check_ports(side: str, ports: str | None) -> str:
    """A port, a range of ports, or all; BadRequest for anything else."""
    text = (ports or "").strip()
    found = _PORTS.match(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if text != ANY and not 0 <= first <= last <= 65535:
        raise BadRequest(
            f"The {side} Port Range provided '{text[:100]}' is invalid. "
            "Please provide a port number, a range of port numbers or '*'."
        )
    return text


@assumed("the words are the clients' own; the text of the refusal was never seen")
def check_word(what: str, word: str | None, allowed: tuple[str, ...]) -> str:
    """A word in its own spelling, or BadRequest."""
    for one in allowed:
        if one.lower() == (word or "").strip().lower():
            return one
    raise BadRequest(
        f"The {what} provided '{(word or '')[:100]}' is invalid. Allowed values are: {', '.join(allowed)}."
    )
