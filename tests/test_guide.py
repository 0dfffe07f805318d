"""The guide, snippet by snippet, as its reader types it: with our client and with the official one.

Each snippet is written here once, as printed; only names, ids and paths are filled in.  It is typed into a Python of
its own, which talks to an emulator that stands still: where the guide's reader waits for an operation, time is moved.

Four ways: our client (one import line changed) and the official one, each with ``host=`` and each without any other
change, led to the emulator by the proxy of `asm-emulator exec`.  Last, the whole guide runs under that command itself.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from asm_emulator import pki, wrapper
from asm_emulator.emulator import Emulator
from asm_emulator.hosting import Hosting
from asm_emulator.proxy import Proxy

SUBSCRIPTION = "5d3c1a52-8b0e-4b3f-9b1e-2f6f5b0c7a11"

# -- the guide ------------------------------------------------------------------------------------------------------

OPENSSL = (
    "openssl req -x509 -nodes -days 365 -newkey rsa:1024 -keyout mycert.pem -out mycert.pem",
    "openssl x509 -inform pem -in mycert.pem -outform der -out mycert.cer",
)

IMPORTS = """\
from azure import *
from azure.servicemanagement import *
"""

CONNECT = """\
subscription_id = '<your_subscription_id>'
certificate_path = '<path_to_.pem_certificate>'

sms = ServiceManagementService(subscription_id, certificate_path)
"""

LIST_LOCATIONS = """\
result = sms.list_locations()
for location in result:
    print(location.name)
"""

CREATE_CLOUD_SERVICE = """\
name = 'myhostedservice'
label = 'myhostedservice'
desc = 'my hosted service'
location = 'West US'

sms.create_hosted_service(name, label, desc, location)
"""

LIST_CLOUD_SERVICES = """\
result = sms.list_hosted_services()
for hosted_service in result:
    print('Service name: ' + hosted_service.service_name)
    print('Management URL: ' + hosted_service.url)
    print('Location: ' + hosted_service.hosted_service_properties.location)
    print('')
"""

GET_CLOUD_SERVICE = """\
hosted_service = sms.get_hosted_service_properties('myhostedservice')
print('Service name: ' + hosted_service.service_name)
print('Management URL: ' + hosted_service.url)
print('Location: ' + hosted_service.hosted_service_properties.location)
"""

DELETE_CLOUD_SERVICE = """\
sms.delete_hosted_service('myhostedservice')
"""

DELETE_DEPLOYMENT = """\
sms.delete_deployment('myhostedservice', 'v1')
"""

CREATE_STORAGE_SERVICE = """\
name = 'mystorageaccount'
label = 'mystorageaccount'
location = 'West US'
desc = 'My storage account description.'

result = sms.create_storage_account(name, desc, label, location=location)
"""

OPERATION_STATUS = """\
operation_result = sms.get_operation_status(result.request_id)
print('Operation status: ' + operation_result.status)
"""

LIST_STORAGE_SERVICES = """\
result = sms.list_storage_accounts()
for account in result:
    print('Service name: ' + account.service_name)
    print('Location: ' + account.storage_service_properties.location)
    print('')
"""

DELETE_STORAGE_SERVICE = """\
sms.delete_storage_account('mystorageaccount')
"""

LIST_OPERATING_SYSTEMS = """\
result = sms.list_operating_systems()
for os in result:
    print('OS: ' + os.label)
    print('Family: ' + os.family_label)
    print('Active: ' + str(os.is_active))
"""

LIST_OPERATING_SYSTEM_FAMILIES = """\
result = sms.list_operating_system_families()
for family in result:
    print('Family: ' + family.label)
    for os in family.operating_systems:
        if os.is_active:
            print('OS: ' + os.label)
            print('Version: ' + os.version)
    print('')
"""

CREATE_OS_IMAGE = """\
name = 'mycentos'
label = 'mycentos'
os = 'Linux' # Linux or Windows
media_link = 'url_to_storage_blob_for_source_image_vhd'

result = sms.add_os_image(label, media_link, name, os)
"""

LIST_OS_IMAGES = """\
result = sms.list_os_images()
for image in result:
    print('Name: ' + image.name)
    print('Label: ' + image.label)
    print('OS: ' + image.os)
    print('Category: ' + image.category)
    print('Description: ' + image.description)
    print('Location: ' + image.location)
    print('Media link: ' + image.media_link)
    print('')
"""

DELETE_OS_IMAGE = """\
result = sms.delete_os_image('mycentos')
"""

CREATE_CLOUD_SERVICE_FOR_VM = """\
name = 'myvm'
location = 'West US'

sms.create_hosted_service(service_name=name,
    label=name,
    location=location)
"""

CREATE_VIRTUAL_MACHINE = """\
# Name of an os image as returned by list_os_images
image_name = 'OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd'

# Destination storage account container/blob where the VM disk will be created
media_link = 'url_to_target_storage_blob_for_vm_hd'

# Linux VM configuration, you can use WindowsConfigurationSet
# for a Windows VM instead
linux_config = LinuxConfigurationSet('myhostname', 'myuser', 'mypassword', True)

os_hd = OSVirtualHardDisk(image_name, media_link)

sms.create_virtual_machine_deployment(service_name=name,
    deployment_name=name,
    deployment_slot='production',
    label=name,
    role_name=name,
    system_config=linux_config,
    os_virtual_hard_disk=os_hd,
    role_size='Small')
"""

DELETE_VIRTUAL_MACHINE = """\
sms.delete_deployment(service_name='myvm',
    deployment_name='myvm')
"""

DELETE_CLOUD_SERVICE_OF_VM = """\
sms.delete_hosted_service(service_name='myvm')
"""

CAPTURE_VM_IMAGE = """\
hosted_service_name = 'hs1'
deployment_name = 'dep1'
vm_name = 'vm1'

image_name = vm_name + 'image'
image = CaptureRoleAsVMImage    ('Specialized',
    image_name,
    image_name + 'label',
    image_name + 'description',
    'english',
    'mygroup')

result = sms.capture_vm_image(
        hosted_service_name,
        deployment_name,
        vm_name,
        image
    )
"""

LIST_VM_IMAGES = """\
images = sms.list_vm_images()
"""

CREATE_VIRTUAL_MACHINE_FROM_IMAGE = """\
sms.create_virtual_machine_deployment(service_name=name,
    deployment_name=name,
    deployment_slot='production',
    label=name,
    role_name=name,
    system_config=linux_config,
    os_virtual_hard_disk=None,
    role_size='Small',
    vm_image_name = image_name)
"""

OUR_IMPORTS = "from asm_client.servicemanagement import *\n"

LOCATIONS = (
    "West Europe", "North Europe", "Southeast Asia", "East Asia", "Central US", "North Central US", "South Central US",
    "West US", "East US", "Japan East", "Japan West", "Brazil South", "Australia East", "Australia Southeast",
)  # fmt: skip

BLOB = "https://mystorageaccount.blob.core.windows.net/vhds/{}.vhd"
CENTOS = "OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd"

# -- its reader -----------------------------------------------------------------------------------------------------

WAYS = ("ours with host", "ours through the proxy", "official with host", "official through the proxy")

PYTHON = """
import contextlib, io, json, sys, traceback
names = {}
for line in sys.stdin:
    typed, printed, problem = json.loads(line), io.StringIO(), ""
    if typed is None:
        names.clear()
    else:
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(typed, "guide.py", "exec"), names)
        except Exception:
            problem = traceback.format_exc()
    print(json.dumps([printed.getvalue(), problem]), flush=True)
"""
"""Keeps names from one snippet to the next, as the guide's reader does."""


def fill(snippet: str, **blanks: str) -> str:
    """A snippet with its placeholders filled in; all of them must be there."""
    known = {
        "subscription": "<your_subscription_id>",
        "certificate": "<path_to_.pem_certificate>",
        "source": "url_to_storage_blob_for_source_image_vhd",
        "target": "url_to_target_storage_blob_for_vm_hd",
    }
    for name, value in blanks.items():
        assert known[name] in snippet
        snippet = snippet.replace(known[name], value)
    return snippet


class Reader:
    """Somebody with a Python, who types the guide into it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._python = subprocess.Popen(
            [sys.executable, "-u", "-c", PYTHON],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def try_out(self, code: str | None) -> tuple[str, str]:
        """What it prints, and the traceback if there is one."""
        assert self._python.stdin is not None
        assert self._python.stdout is not None
        self._python.stdin.write(json.dumps(code) + "\n")
        self._python.stdin.flush()
        printed, problem = json.loads(self._python.stdout.readline())
        return printed, problem

    def type(self, code: str) -> str:
        """What it prints; a traceback fails the test."""
        printed, problem = self.try_out(code)
        assert problem == "", problem
        return printed

    def begin(self, imports: str, connect: str) -> None:
        """Forget all names, import and connect."""
        self.try_out(None)
        self.type(imports)
        self.type(connect)

    def leave(self) -> None:
        assert self._python.stdin is not None
        assert self._python.stdout is not None
        self._python.stdin.close()
        self._python.wait(20)
        self._python.stdout.close()


def plain_environment() -> dict[str, str]:
    """The machine's, without what could lead a client elsewhere."""
    unwanted = {"https_proxy", "http_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle"}
    kept = {key: value for key, value in os.environ.items() if key.lower() not in unwanted}
    return {**kept, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}


def make_certificate(directory: Path, bits: int) -> Path:
    """What the guide's two commands make; for the official client, whose OpenSSL refuses 1024 bits, with more."""
    directory.mkdir()
    for command in OPENSSL:
        subprocess.run(
            command.replace("rsa:1024", f"rsa:{bits}").split(),
            cwd=directory,
            input="\n" * 10,  # the questions about the subject, answered with Enter
            text=True,
            check=True,
            capture_output=True,
        )
    return directory / "mycert.pem"


@dataclass
class Place:
    """An emulator, where it listens, and the ways to it."""

    hosting: Hosting
    proxy: Proxy
    certificates: dict[str, Path]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    directory = tmp_path_factory.mktemp("guide")
    certificates = {
        "ours": make_certificate(directory / "1024", 1024),
        "official": make_certificate(directory / "2048", 2048),
    }
    paths = pki.ensure(directory / "certs", SUBSCRIPTION, "https://localhost:1")
    emulator = Emulator(
        subscription=SUBSCRIPTION,
        certificates=[pki.load_certificate_der(file.with_suffix(".cer")) for file in certificates.values()],
        pace="manual",
    )
    with Hosting(emulator, paths, control_port=None) as hosting, Proxy(hosting.api.address) as proxy:
        yield Place(hosting, proxy, certificates)
        assert proxy.refused == []


@pytest.fixture(scope="module", params=WAYS)
def session(request: pytest.FixtureRequest, place: Place) -> Iterator[tuple[Reader, str, str]]:
    """A reader, and the first lines to type for the way."""
    who, _, how = request.param.partition(" ")
    connect = fill(CONNECT, subscription=SUBSCRIPTION, certificate=str(place.certificates[who]))
    paths = place.hosting.paths
    environment = plain_environment()
    if how == "with host":
        host = place.hosting.url.removeprefix("https://")
        connect = connect.replace("certificate_path)", f"certificate_path, host='{host}')")
        environment["REQUESTS_CA_BUNDLE"] = str(paths.ca)
    else:
        environment |= wrapper.environment(paths, SUBSCRIPTION, place.proxy.url)
    reader = Reader(environment)
    yield reader, OUR_IMPORTS if who == "ours" else IMPORTS, connect
    reader.leave()


@pytest.fixture
def azure(place: Place) -> Emulator:
    place.hosting.emulator.reset()
    return place.hosting.emulator


@pytest.fixture
def reader(session: tuple[Reader, str, str], azure: Emulator) -> Reader:
    reader, imports, connect = session
    reader.begin(imports, connect)
    return reader


def wait(azure: Emulator) -> None:
    """What the guide's reader does until an operation has ended."""
    azure.advance(timedelta(minutes=30))


def paragraphs(printed: str) -> list[dict[str, str]]:
    """What the guide's loops print: `Name: value` lines, an empty line after each thing."""
    return [
        dict(line.split(": ", 1) for line in paragraph.split("\n"))
        for paragraph in printed.strip("\n").split("\n\n")
        if paragraph
    ]


def with_storage(reader: Reader, azure: Emulator) -> None:
    reader.type(CREATE_STORAGE_SERVICE)
    wait(azure)


def with_virtual_machine(reader: Reader, azure: Emulator) -> None:
    with_storage(reader, azure)
    reader.type(CREATE_CLOUD_SERVICE_FOR_VM)
    reader.type(fill(CREATE_VIRTUAL_MACHINE, target=BLOB.format("myvm")))
    wait(azure)


# -- the snippets ---------------------------------------------------------------------------------------------------


def test_list_available_locations(reader: Reader) -> None:
    printed = reader.type(LIST_LOCATIONS).splitlines()
    assert set(LOCATIONS) <= set(printed)
    assert len(printed) == len(set(printed))


def test_create_a_cloud_service(reader: Reader) -> None:
    reader.type(CREATE_CLOUD_SERVICE)
    expected = {
        "Service name": "myhostedservice",
        "Management URL": f"https://management.core.windows.net/{SUBSCRIPTION}/services/hostedservices/myhostedservice",
        "Location": "West US",
    }
    assert paragraphs(reader.type(LIST_CLOUD_SERVICES)) == [expected]
    assert paragraphs(reader.type(GET_CLOUD_SERVICE)) == [expected]
    properties = "hosted_service.hosted_service_properties"
    assert reader.type(f"print({properties}.label, {properties}.description, sep='|')") == (
        "myhostedservice|my hosted service\n"
    )


def test_delete_a_cloud_service(reader: Reader) -> None:
    reader.type(CREATE_CLOUD_SERVICE)
    reader.type(DELETE_CLOUD_SERVICE)
    assert reader.type(LIST_CLOUD_SERVICES) == ""
    _, problem = reader.try_out(GET_CLOUD_SERVICE)
    assert "AzureMissingResourceHttpError" in problem


def package(reader: Reader, azure: Emulator) -> None:
    """The deployment `v1`, which the guide speaks of."""
    with_storage(reader, azure)
    reader.type(CREATE_CLOUD_SERVICE)
    configuration = base64.b64encode(
        b'<ServiceConfiguration serviceName="app" osFamily="4" osVersion="*" '
        b'xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">'
        b'<Role name="Web"><Instances count="1"/></Role></ServiceConfiguration>'
    ).decode()
    url = "https://mystorageaccount.blob.core.windows.net/packages/app.cspkg"
    reader.type(f"sms.create_deployment('myhostedservice', 'production', 'v1', {url!r}, 'v1', {configuration!r}, True)")
    wait(azure)


def test_a_cloud_service_is_not_deleted_before_its_deployments(reader: Reader, azure: Emulator) -> None:
    package(reader, azure)
    _, problem = reader.try_out(DELETE_CLOUD_SERVICE)
    assert "AzureConflictHttpError" in problem
    assert [one["Service name"] for one in paragraphs(reader.type(LIST_CLOUD_SERVICES))] == ["myhostedservice"]


def test_delete_a_deployment(reader: Reader, azure: Emulator) -> None:
    package(reader, azure)
    assert reader.type("print(sms.get_deployment_by_slot('myhostedservice', 'production').name)") == "v1\n"
    reader.type(DELETE_DEPLOYMENT)
    wait(azure)
    _, problem = reader.try_out("sms.get_deployment_by_name('myhostedservice', 'v1')")
    assert "AzureMissingResourceHttpError" in problem
    reader.type(DELETE_CLOUD_SERVICE)


def test_create_a_storage_service(reader: Reader, azure: Emulator) -> None:
    reader.type(CREATE_STORAGE_SERVICE)
    assert reader.type(OPERATION_STATUS) == "Operation status: InProgress\n"
    wait(azure)
    assert reader.type(OPERATION_STATUS) == "Operation status: Succeeded\n"
    assert paragraphs(reader.type(LIST_STORAGE_SERVICES)) == [
        {"Service name": "mystorageaccount", "Location": "West US"}
    ]
    properties = "result[0].storage_service_properties"
    assert reader.type(f"print({properties}.label, {properties}.description, {properties}.status, sep='|')") == (
        "mystorageaccount|My storage account description.|Created\n"
    )


def test_delete_a_storage_service(reader: Reader, azure: Emulator) -> None:
    with_storage(reader, azure)
    reader.type(DELETE_STORAGE_SERVICE)
    wait(azure)
    assert reader.type(LIST_STORAGE_SERVICES) == ""


def test_list_available_operating_systems(reader: Reader) -> None:
    lines = reader.type(LIST_OPERATING_SYSTEMS).splitlines()
    assert len(lines) % 3 == 0
    assert all(line.startswith(("OS: Windows", "Family: Windows Server", "Active: ")) for line in lines)
    assert {line for line in lines if line.startswith("Active")} <= {"Active: True", "Active: False"}
    active = {name for name, _, state in zip(*[iter(lines)] * 3, strict=True) if state == "Active: True"}
    families = reader.type(LIST_OPERATING_SYSTEM_FAMILIES)
    listed = [line for line in families.splitlines() if line.startswith("OS: ")]
    assert set(listed) == active
    assert len(listed) == families.count("Version: ") >= 1
    assert families.count("Family: ") == len({line for line in lines if line.startswith("Family")}) >= 2


def test_create_an_operating_system_image(reader: Reader, azure: Emulator) -> None:
    with_storage(reader, azure)
    reader.type(fill(CREATE_OS_IMAGE, source=BLOB.format("mycentos")))
    wait(azure)
    assert reader.type(OPERATION_STATUS) == "Operation status: Succeeded\n"
    images = {one["Name"]: one for one in paragraphs(reader.type(LIST_OS_IMAGES))}
    assert {"Label", "OS", "Category", "Description", "Location", "Media link"} <= set(images[CENTOS])
    assert images["mycentos"]["Label"] == "mycentos"
    assert images["mycentos"]["OS"] == "Linux"
    assert images["mycentos"]["Category"] == "User"
    assert images["mycentos"]["Media link"] == BLOB.format("mycentos")
    assert images[CENTOS]["OS"] == "Linux"
    assert images[CENTOS]["Category"] not in ("", "User")
    assert len(images) > 20


def test_delete_an_operating_system_image(reader: Reader, azure: Emulator) -> None:
    with_storage(reader, azure)
    reader.type(fill(CREATE_OS_IMAGE, source=BLOB.format("mycentos")))
    reader.type(DELETE_OS_IMAGE)
    wait(azure)
    assert reader.type(OPERATION_STATUS) == "Operation status: Succeeded\n"
    assert "Name: mycentos\n" not in reader.type(LIST_OS_IMAGES)


def test_create_a_virtual_machine(reader: Reader, azure: Emulator) -> None:
    with_virtual_machine(reader, azure)
    reader.type("deployment = sms.get_deployment_by_name('myvm', 'myvm')")
    assert reader.type("print(deployment.status, deployment.deployment_slot, deployment.label)") == (
        "Running Production myvm\n"
    )
    assert reader.type("print([(i.instance_name, i.instance_status) for i in deployment.role_instance_list])") == (
        "[('myvm', 'ReadyRole')]\n"
    )
    reader.type("role = sms.get_role('myvm', 'myvm', 'myvm')")
    assert reader.type("print(role.role_size, role.os_virtual_hard_disk.source_image_name)") == f"Small {CENTOS}\n"
    assert reader.type("print(role.os_virtual_hard_disk.media_link)") == BLOB.format("myvm") + "\n"


def test_delete_a_virtual_machine(reader: Reader, azure: Emulator) -> None:
    with_virtual_machine(reader, azure)
    reader.type(DELETE_VIRTUAL_MACHINE)
    wait(azure)
    reader.type(DELETE_CLOUD_SERVICE_OF_VM)
    assert reader.type(LIST_CLOUD_SERVICES) == ""
    assert reader.type("print([disk.media_link for disk in sms.list_disks()])") == f"{[BLOB.format('myvm')]}\n"


def test_create_a_virtual_machine_from_a_captured_image(reader: Reader, azure: Emulator) -> None:
    with_storage(reader, azure)
    machine = fill(CREATE_VIRTUAL_MACHINE, target=BLOB.format("vm1")).replace(
        "deployment_name=name", "deployment_name='dep1'"
    )
    reader.type(CREATE_CLOUD_SERVICE_FOR_VM.replace("'myvm'", "'hs1'"))
    reader.type(machine.replace("role_name=name", "role_name='vm1'"))
    wait(azure)
    reader.type(CAPTURE_VM_IMAGE)
    wait(azure)
    assert reader.type(OPERATION_STATUS) == "Operation status: Succeeded\n"
    reader.type(LIST_VM_IMAGES)
    own = "[(i.label, i.description, i.image_family) for i in images if i.name == 'vm1image']"
    assert reader.type(f"print({own})") == "[('vm1imagelabel', 'vm1imagedescription', 'mygroup')]\n"
    reader.type(CREATE_CLOUD_SERVICE_FOR_VM)
    reader.type(CREATE_VIRTUAL_MACHINE_FROM_IMAGE)
    wait(azure)
    instances = (
        "[(i.instance_name, i.instance_status) for i in sms.get_deployment_by_name('myvm', 'myvm').role_instance_list]"
    )
    assert reader.type(f"print({instances})") == "[('myvm', 'ReadyRole')]\n"


# -- the whole guide, untouched -------------------------------------------------------------------------------------


WAITING = """\
import time

def wait_until(there):
    while not there():
        time.sleep(0.05)

def succeeded():
    return sms.get_operation_status(result.request_id).status == 'Succeeded'

def ready(name, deployment):
    found = sms.get_deployment_by_name(name, deployment)
    return [one.instance_status for one in found.role_instance_list or ()] == ['ReadyRole']

def empty(name):
    return not sms.get_hosted_service_properties(name, True).deployments
"""
"""What a reader has who does not look at the clock, between snippets."""


def whole_guide(certificate: str, *, patient: bool) -> str:
    """The guide as one script, in the order in which its things can be made and deleted."""

    def wait(condition: str) -> str:
        return f"wait_until(lambda: {condition})" if patient else ""

    first_machine = fill(CREATE_VIRTUAL_MACHINE, target=BLOB.format("vm1"))
    first_machine = first_machine.replace("deployment_name=name", "deployment_name='dep1'")
    return "\n".join(
        (
            WAITING if patient else "",
            fill(CONNECT, subscription=SUBSCRIPTION, certificate=certificate),
            LIST_LOCATIONS,
            CREATE_CLOUD_SERVICE,
            LIST_CLOUD_SERVICES,
            GET_CLOUD_SERVICE,
            DELETE_CLOUD_SERVICE,
            CREATE_STORAGE_SERVICE,
            wait("succeeded()"),
            OPERATION_STATUS,
            LIST_STORAGE_SERVICES,
            LIST_OPERATING_SYSTEMS,
            LIST_OPERATING_SYSTEM_FAMILIES,
            fill(CREATE_OS_IMAGE, source=BLOB.format("mycentos")),
            OPERATION_STATUS,
            LIST_OS_IMAGES,
            DELETE_OS_IMAGE,
            OPERATION_STATUS,
            CREATE_CLOUD_SERVICE_FOR_VM,
            fill(CREATE_VIRTUAL_MACHINE, target=BLOB.format("myvm")),
            wait("ready('myvm', 'myvm')"),
            DELETE_VIRTUAL_MACHINE,
            wait("empty('myvm')"),
            DELETE_CLOUD_SERVICE_OF_VM,
            CREATE_CLOUD_SERVICE_FOR_VM.replace("'myvm'", "'hs1'"),
            first_machine.replace("role_name=name", "role_name='vm1'"),
            wait("ready('hs1', 'dep1')"),
            CAPTURE_VM_IMAGE,
            wait("succeeded()"),
            LIST_VM_IMAGES,
            "print([image.name for image in images if image.category == 'User'])",
            CREATE_CLOUD_SERVICE_FOR_VM,
            CREATE_VIRTUAL_MACHINE_FROM_IMAGE,
            wait("ready('myvm', 'myvm')"),
            "print('the end')",
        )
    )


@pytest.mark.parametrize(("who", "imports"), [("official", IMPORTS), ("ours", OUR_IMPORTS)], ids=["official", "ours"])
@pytest.mark.parametrize("pace", ["instant", "quick"])
def test_the_whole_guide_runs_untouched_under_exec(
    place: Place, tmp_path: Path, who: str, imports: str, pace: str
) -> None:
    """Default host, no variable set by hand.  At the instant pace nothing stands between the guide's lines; at the
    default one the script waits where its reader would, for the service refuses what comes too early."""
    certificate = place.certificates[who]
    script = tmp_path / "guide.py"
    script.write_text(imports + whole_guide(str(certificate), patient=pace != "instant"))
    done = subprocess.run(
        [sys.executable, "-m", "asm_emulator.cli", "exec", "--subscription", SUBSCRIPTION, "--pace", pace,
         "--management-certificate", str(certificate.with_suffix(".cer")), "--", sys.executable, str(script)],
        env=plain_environment(), cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("['vm1image']\nthe end\n")
    assert done.stdout.count("Operation status: Succeeded\n") == 3
