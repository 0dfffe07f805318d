"""HDInsight clusters come and go, in cloud services."""

from __future__ import annotations

from asm_contracts.areas.scheduler import CreateCloudService
from asm_contracts.evidence import documented
from asm_contracts.operation import RawBody
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, make_storage_account, refused

WISH = """<Resource xmlns="http://schemas.microsoft.com/windowsazure"><SchemaVersion>1.0</SchemaVersion>
<IntrinsicSettings>
<ClusterContainer xmlns="http://schemas.datacontract.org/2004/07/Microsoft.ClusterServices.DataAccess.Context">
<Deployment><ASVAccounts><ASVAccount><AccountName>{account}.blob.core.windows.net</AccountName>
<BlobContainerName>data</BlobContainerName><SecretKey>key</SecretKey></ASVAccount></ASVAccounts>
<ClusterPassword>Passw0rd!</ClusterPassword><ClusterUsername>admin</ClusterUsername><NodeSizes>
<ClusterNodeSize><Count>2</Count><RoleType>DataNode</RoleType><VMSize>Large</VMSize></ClusterNodeSize>
</NodeSizes><Version>default</Version></Deployment><DnsName>{name}</DnsName></ClusterContainer>
</IntrinsicSettings></Resource>"""


def make(azure: Azure, names: Names) -> str:
    """A cloud service, and its name."""
    name = names.of("cloud service")
    azure.wait(azure.create_cloud_service(name, CreateCloudService(label="l", description="d", geo_region=LOCATION)))
    return name


@documented("clusters of both kinds are made, read and deleted, and share one space of names")
def test_clusters(azure: Azure, names: Names) -> None:
    service, account, name = make(azure, names), make_storage_account(azure, names), names.free()
    body = RawBody(WISH.format(account=account, name=name).encode(), "application/xml")
    azure.wait(azure.create_cluster(service, name, body))
    azure.until(lambda: azure.get_cluster(service, name).data.state == "Running", "the cluster")
    found = azure.get_cluster(service, name).data
    assert found.dns_name == name
    assert [(one.instance_count, one.vm_size) for one in found.cluster_role_collection] == [(2, "Large")]
    listed = next(one for one in azure.list_clusters().items if one.name == service)
    assert [(one.name, one.sub_state) for one in listed.resources or ()] == [(name, "Running")]
    with refused(409, "ConflictError"):
        azure.create_iaas_cluster(service, name, body)
    azure.wait(azure.delete_cluster(service, name))
    with refused(404, "ResourceNotFound"):
        azure.get_cluster(service, name)
    azure.wait(azure.create_iaas_cluster(service, name, body))
    assert azure.get_iaas_cluster(service, name).data.id == name
    azure.wait(azure.delete_iaas_cluster(service, name))
    with refused(404, "ResourceNotFound"):
        azure.get_iaas_cluster(service, name)
