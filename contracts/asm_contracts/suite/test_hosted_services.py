"""Hosted services: names in the cloud, their properties, and when they can go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from asm_contracts.areas.deployments import CreateDeployment
from asm_contracts.areas.hosted_services import CreateHostedService, HostedServiceProperties, UpdateHostedService
from asm_contracts.document import NIL
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.operation import DeploymentSlot
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw, error_of
from asm_contracts.suite.names import Names
from asm_contracts.suite.packages import PACKAGE
from asm_contracts.suite.worlds import LOCATION, PLATFORM, make_hosted_service, refused, unchanged
from asm_contracts.vocabulary import ExtendedProperty

GONE = "The hosted service does not exist."


def properties(azure: Azure, name: str) -> HostedServiceProperties:
    """The properties of a hosted service."""
    found = azure.get_hosted_service(name).hosted_service_properties
    assert found is not None
    return found


def own_properties(azure: Azure, name: str) -> list[tuple[str, Any]]:
    """The extended properties that a caller gave."""
    return [
        (one.name, one.value) for one in properties(azure, name).extended_properties or () if one.name not in PLATFORM
    ]


# -- create ---------------------------------------------------------------------------------------------------------


@recorded("create, read, update, delete of the official SDK's tests")
def test_what_was_created_is_read_back(azure: Azure, names: Names) -> None:
    name = names.hosted_service()
    created = azure.create_hosted_service(
        CreateHostedService(
            service_name=name,
            label="a label",
            description="a description",
            location=LOCATION,
            extended_properties=(ExtendedProperty(name="b", value="1"), ExtendedProperty(name="a", value="2")),
        )
    )
    assert created.request_id
    found = azure.get_hosted_service(name)
    assert found.service_name == name
    assert found.url.endswith(f"/services/hostedservices/{name}")
    read = properties(azure, name)
    assert (read.label, read.description, read.location) == ("a label", "a description", LOCATION)
    assert read.status == "Created"
    assert not read.affinity_group
    assert read.date_created is not None and read.date_created == read.date_last_modified
    assert own_properties(azure, name) == [("b", "1"), ("a", "2")]


@recorded("the Location header of a creation is not the resource's URL")
def test_the_location_of_a_creation_names_the_service(raw: Raw, names: Names) -> None:
    name = names.hosted_service()
    body = (
        '<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure">'
        f"<ServiceName>{name}</ServiceName><Label>bA==</Label><Location>{LOCATION}</Location></CreateHostedService>"
    )
    answer = raw.send("POST", "/services/hostedservices", body)
    assert answer.status == 201 and answer.body == b""
    assert answer.headers["location"].endswith(f"/subscriptions/{raw.subscription}/compute/{name}")


@recorded("bodies of the official SDK's unicode tests")
@pytest.mark.parametrize("text", ["Grüße aus Zürich", "日本語", "<&>\"' ]]>", "𝒜stral", " inner  spaces "])
def test_text_comes_back_as_written(azure: Azure, names: Names, text: str) -> None:
    name = make_hosted_service(
        azure, names, label=text, description=text, extended_properties=(ExtendedProperty(name="p", value=text),)
    )
    read = properties(azure, name)
    assert (read.label, read.description) == (text, text)
    assert own_properties(azure, name) == [("p", text)]


@recorded("a description that was never given is nil")
def test_a_description_never_given_is_nil(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names)
    assert properties(azure, name).description in ((None,) if azure.lossy else (NIL,))


@quoted("The specified DNS name is already taken.")
@pytest.mark.parametrize("spell", [str, str.upper], ids=["same", "other case"])
def test_a_taken_name_is_refused(azure: Azure, names: Names, spell: Any) -> None:
    name = make_hosted_service(azure, names)
    with (
        unchanged(lambda: azure.get_hosted_service(name)),
        refused(409, "ConflictError", "The specified DNS name is already taken."),
    ):
        azure.create_hosted_service(CreateHostedService(service_name=spell(name), label="other", location=LOCATION))


@recorded("The hosted service name is invalid.")
@pytest.mark.parametrize("bad", ["under_score", "-begins", "ends-", "dot.ted", "white space", "ü", "x" * 64])
def test_a_malformed_name_is_refused(azure: Azure, bad: str) -> None:
    with refused(400, "BadRequest", "The hosted service name is invalid."):
        azure.create_hosted_service(CreateHostedService(service_name=bad, label="l", location=LOCATION))


@documented("exactly one of Location and AffinityGroup; the texts were never seen")
@pytest.mark.parametrize(
    "where",
    [{}, {"location": LOCATION, "affinity_group": "some"}, {"location": "Atlantis"}, {"affinity_group": "asm-nobodys"}],
    ids=["nowhere", "both", "unknown location", "unknown affinity group"],
)
def test_a_service_is_in_one_known_place(azure: Azure, names: Names, where: dict[str, Any]) -> None:
    name = names.hosted_service()
    with refused(400, "BadRequest"):
        azure.create_hosted_service(CreateHostedService(service_name=name, label="l", **where))
    assert azure.check_hosted_service_name_availability(name).result


@quoted("code and text, of an empty location")
def test_a_service_without_a_place(azure: Azure, names: Names) -> None:
    name = names.hosted_service()
    with refused(400, "BadRequest", "Location constraint name is empty or not specified"):
        azure.create_hosted_service(CreateHostedService(service_name=name, label="l", location=""))
    assert azure.check_hosted_service_name_availability(name).result


@documented("labels have at most 100 characters, descriptions 1024, properties 64 and 255, and there are at most 50")
@pytest.mark.parametrize(
    "extra",
    [
        {"label": "x" * 101},
        {"label": ""},
        {"description": "x" * 1025},
        {"extended_properties": (ExtendedProperty(name="p", value="x" * 256),)},
        {"extended_properties": (ExtendedProperty(name="1p", value="x"),)},
        {"extended_properties": (ExtendedProperty(name="p" * 65, value="x"),)},
        {"extended_properties": tuple(ExtendedProperty(name=f"p{n}", value="x") for n in range(51))},
    ],
    ids=["long label", "empty label", "long description", "long value", "bad property name", "long name", "51"],
)
def test_limits_of_texts(azure: Azure, names: Names, extra: dict[str, Any]) -> None:
    name = names.hosted_service()
    given = {"service_name": name, "label": "l", "location": LOCATION} | extra
    with refused(400, "BadRequest"):
        azure.create_hosted_service(CreateHostedService(**given))
    with refused(404, "ResourceNotFound", GONE):
        azure.get_hosted_service(name)


# -- availability ---------------------------------------------------------------------------------------------------


@recorded("Reason is nil when the name is free, and a sentence when it is not")
def test_availability_follows_creation_and_deletion(azure: Azure, names: Names) -> None:
    name = names.hosted_service()
    free = azure.check_hosted_service_name_availability(name)
    assert free.result and not free.reason
    azure.create_hosted_service(CreateHostedService(service_name=name, label="l", location=LOCATION))
    taken = azure.check_hosted_service_name_availability(name)
    assert not taken.result
    if not azure.lossy:
        assert taken.reason == "A hosted service with the specified name already exists."
    assert not azure.check_hosted_service_name_availability(name.upper()).result
    azure.delete_hosted_service(name)
    assert azure.check_hosted_service_name_availability(name).result


# -- read -----------------------------------------------------------------------------------------------------------


@recorded("lists have capabilities and no deployments; a single service has no capabilities")
def test_the_list_has_what_was_created(azure: Azure, names: Names) -> None:
    made = [make_hosted_service(azure, names) for _ in range(3)]
    listed = {one.service_name: one for one in azure.list_hosted_services().items}
    assert set(made) <= set(listed)
    for name in made:
        entry = listed[name]
        assert not entry.deployments
        assert entry.hosted_service_properties is not None
        # The platform may add its own extended properties between the two looks.
        listed_ones = replace(entry.hosted_service_properties, extended_properties=None)
        assert listed_ones == replace(properties(azure, name), extended_properties=None)
        if not azure.lossy:
            assert entry.compute_capabilities is not None
            assert "Small" in entry.compute_capabilities.virtual_machines_role_sizes
            assert azure.get_hosted_service(name).compute_capabilities is None


@recorded("a service that never had a deployment has no Deployments element")
def test_embed_detail_of_a_service_without_deployments(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names)
    for detail in (None, False, True):
        assert not azure.get_hosted_service(name, detail).deployments


@recorded("deployments are shown to those who ask for details, and to nobody else")
def test_deployments_are_details(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names)
    configuration = (
        b'<ServiceConfiguration serviceName="s" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/'
        b'ServiceConfiguration"><Role name="Worker"><Instances count="1" /></Role></ServiceConfiguration>'
    )
    body = CreateDeployment(name=names.free(), package_url=PACKAGE, label="l", configuration=configuration)
    azure.wait(azure.create_deployment(name, DeploymentSlot("Staging"), body))
    (found,) = azure.get_hosted_service(name, True).deployments or ()
    assert (found.name, found.deployment_slot) == (body.name, "Staging")
    for detail in (None, False):
        assert not azure.get_hosted_service(name, detail).deployments


@recorded("Get Hosted Service: the order of its elements, and of those of its properties")
def test_the_order_of_elements(raw: Raw, names: Names) -> None:
    name = names.hosted_service()
    body = (
        '<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure">'
        f"<ServiceName>{name}</ServiceName><Label>bA==</Label><Description>d</Description><Location>{LOCATION}"
        "</Location></CreateHostedService>"
    )
    assert raw.send("POST", "/services/hostedservices", body).status == 201
    root = ElementTree.fromstring(raw.send("GET", f"/services/hostedservices/{name}").body)
    order = [one.tag.rpartition("}")[2] for one in root]
    assert order[:3] == ["Url", "ServiceName", "HostedServiceProperties"]
    properties = [one.tag.rpartition("}")[2] for one in root[2]]
    known = [
        "Description",
        "AffinityGroup",
        "Location",
        "Label",
        "Status",
        "DateCreated",
        "DateLastModified",
        "ExtendedProperties",
    ]
    assert [one for one in properties if one in known] == [one for one in known if one in properties]
    assert {"Description", "Location", "Label", "Status"} <= set(properties)


@recorded("path words in any case, doubled and trailing slashes, embed-detail=True")
@pytest.mark.parametrize(
    "path",
    [
        "/services/hostedservices/{}",
        "/Services/HostedServices/{}",
        "/services//hostedservices/{}",
        "/services/hostedservices/{}/",
        "/services/hostedservices/{}?embed-detail=True",
        "/services/hostedservices/{}?EMBED-DETAIL=false",
        "/services/hostedservices/{}?unknown=1",
    ],
)
def test_spellings_of_a_path(azure: Azure, raw: Raw, names: Names, path: str) -> None:
    name = make_hosted_service(azure, names)
    before = raw.send("GET", f"/services/hostedservices/{name}")
    found = raw.send("GET", path.format(name))
    after = raw.send("GET", f"/services/hostedservices/{name}")
    assert before.status == found.status == 200
    assert found.body in (before.body, after.body)


@recorded(GONE)
def test_a_service_that_never_was(azure: Azure, names: Names) -> None:
    name = names.hosted_service()
    with refused(404, "ResourceNotFound", GONE):
        azure.get_hosted_service(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.update_hosted_service(name, UpdateHostedService(label="l"))
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_hosted_service(name)


# -- update ---------------------------------------------------------------------------------------------------------


@recorded("a body with a label only left description and extended properties untouched")
def test_what_an_update_leaves_out_stays(azure: Azure, names: Names) -> None:
    name = make_hosted_service(
        azure, names, description="before", extended_properties=(ExtendedProperty(name="p", value="1"),)
    )
    azure.update_hosted_service(name, UpdateHostedService(label="after"))
    read = properties(azure, name)
    assert (read.label, read.description) == ("after", "before")
    assert own_properties(azure, name) == [("p", "1")]
    azure.update_hosted_service(name, UpdateHostedService(label="after", description="changed"))
    assert properties(azure, name).description == "changed"


@recorded("an update replaces values in place and appends new names")
def test_extended_properties_are_merged_by_name(azure: Azure, names: Names) -> None:
    name = make_hosted_service(
        azure,
        names,
        extended_properties=(ExtendedProperty(name="b", value="1"), ExtendedProperty(name="a", value="2")),
    )
    azure.update_hosted_service(
        name,
        UpdateHostedService(
            label="l",
            extended_properties=(ExtendedProperty(name="c", value="3"), ExtendedProperty(name="b", value="4")),
        ),
    )
    assert own_properties(azure, name) == [("b", "4"), ("a", "2"), ("c", "3")]


@documented("an extended property with a nil value is deleted")
def test_a_nil_value_removes_an_extended_property(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names, extended_properties=(ExtendedProperty(name="p", value="1"),))
    azure.update_hosted_service(
        name, UpdateHostedService(label="l", extended_properties=(ExtendedProperty(name="p", value=NIL),))
    )
    assert own_properties(azure, name) == []


@documented("at least one of Label, Description and ExtendedProperties is needed")
def test_an_update_of_nothing_is_refused(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names)
    with unchanged(lambda: azure.get_hosted_service(name)), refused(400, "BadRequest"):
        azure.update_hosted_service(name, UpdateHostedService())


@assumed("an update refuses what a creation refuses")
@pytest.mark.parametrize("extra", [{"label": "x" * 101}, {"description": "x" * 1025}], ids=["label", "description"])
def test_an_update_within_the_limits(azure: Azure, names: Names, extra: dict[str, Any]) -> None:
    name = make_hosted_service(azure, names)
    with unchanged(lambda: azure.get_hosted_service(name)), refused(400, "BadRequest"):
        azure.update_hosted_service(name, UpdateHostedService(**({"label": "l"} | extra)))


# -- delete ---------------------------------------------------------------------------------------------------------


@recorded("the GET right after the deletion is 404")
def test_a_deleted_service_is_gone(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names)
    azure.delete_hosted_service(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.get_hosted_service(name)
    assert name not in [one.service_name for one in azure.list_hosted_services().items]
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_hosted_service(name)


@documented("Delete Hosted Service with comp=media is accepted and goes on as an operation")
def test_deleting_with_media(azure: Azure, names: Names) -> None:
    name = make_hosted_service(azure, names)
    azure.wait(azure.delete_hosted_service_and_media(name))
    with refused(404, "ResourceNotFound", GONE):
        azure.get_hosted_service(name)
    with refused(404, "ResourceNotFound", GONE):
        azure.delete_hosted_service_and_media(name)
    assert azure.check_hosted_service_name_availability(name).result


@documented("x-ms-version decides which elements an answer has")
def test_an_element_is_absent_for_versions_before_it(azure: Azure, raw: Raw, names: Names) -> None:
    name = make_hosted_service(azure, names, extended_properties=(ExtendedProperty(name="p", value="1"),))
    path = f"/services/hostedservices/{name}"
    assert b"ExtendedProperties" in raw.send("GET", path, version="2012-03-01").body
    assert b"ExtendedProperties" not in raw.send("GET", path, version="2011-12-01").body
    assert b"DateLastModified" not in raw.send("GET", path, version="2011-06-01").body


@documented("an unknown comp is no operation")
def test_an_unknown_comp_is_refused(azure: Azure, raw: Raw, names: Names) -> None:
    name = make_hosted_service(azure, names)
    answer = raw.send("DELETE", f"/services/hostedservices/{name}?comp=everything")
    assert answer.status == 400
    assert error_of(answer)[0] == "MissingOrInvalidRequiredQueryParameter"
    assert azure.get_hosted_service(name).service_name == name
