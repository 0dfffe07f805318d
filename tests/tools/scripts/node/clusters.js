// What cloud services hold of other providers: Hadoop clusters of both kinds, and add-ons from the store.
'use strict';
const assert = require('node:assert').strict;
const { client, names, refused, until, WEST } = require('./client');
const { account } = require('./machines');

const services = () => client('azure-asm-scheduler', 'createCloudServiceManagementClient').cloudServices;

/** The clusters of a cloud service, by one of the library's two factories, which say nothing of where it is. */
function clustersOf(factory, service) {
  const made = client('azure-asm-hdinsight', factory);
  made.cloudServiceName = service;
  return made.clusterManagement;
}

const wish = (name) => `<Resource xmlns="http://schemas.microsoft.com/windowsazure"><SchemaVersion>1.0</SchemaVersion>
  <IntrinsicSettings>
    <ClusterContainer xmlns="http://schemas.datacontract.org/2004/07/Microsoft.ClusterServices.DataAccess.Context">
      <Deployment><ASVAccounts><ASVAccount><AccountName>nodestorage.blob.core.windows.net</AccountName>
        <BlobContainerName>data</BlobContainerName><SecretKey>key</SecretKey></ASVAccount></ASVAccounts>
        <ClusterPassword>Passw0rd!</ClusterPassword><ClusterUsername>admin</ClusterUsername>
        <NodeSizes><ClusterNodeSize><Count>3</Count><RoleType>DataNode</RoleType><VMSize>Large</VMSize></ClusterNodeSize>
        </NodeSizes><Version>default</Version></Deployment><DnsName>${name}</DnsName></ClusterContainer>
  </IntrinsicSettings></Resource>`;

async function clusters() {
  await account();
  await services().create('nodecloud', { label: 'label', description: 'text', geoRegion: WEST });
  const first = clustersOf('createHDInsightClusterManagementClient', 'nodecloud');
  const second = clustersOf('createHDInsightCluster2ManagementClient', 'nodecloud');
  const listed = async (kind) => {
    const found = (await kind.list()).cloudService.find((one) => one.name === 'nodecloud');
    return found.resources.map((one) => [one.type, one.name, one.subState]);
  };
  const state = async (kind, name) => (await kind.get(name)).passthroughResponse.data.state;
  assert.deepEqual(await listed(first), []);
  await first.create('nodefirst', { payload: wish('nodefirst') });
  await until(async () => (await state(first, 'nodefirst')) === 'Running');
  const { data } = (await first.get('nodefirst')).passthroughResponse;
  assert.deepEqual([data.dnsName, data.location, data.fullyQualifiedDnsName], [
    'nodefirst', WEST, 'nodefirst.azurehdinsight.net',
  ]);
  assert.deepEqual(data.clusterRoles, [{ friendlyName: 'DataNode', instanceCount: 3, vMSize: 'Large' }]);
  await second.create('nodesecond', { payload: wish('nodesecond') });
  await until(async () => (await state(second, 'nodesecond')) === 'Running');
  assert.equal((await second.get('nodesecond')).passthroughResponse.data.id, 'nodesecond');
  const both = [['clusters', 'nodefirst', 'Running'], ['iaasclusters', 'nodesecond', 'Running']];
  assert.deepEqual(await listed(first), both);
  assert.deepEqual((await listed(second)).filter(([type]) => type.endsWith('clusters')), both);

  await refused('ConflictError', second.create('nodefirst', { payload: wish('nodefirst') }));
  await refused('BadRequest', first.create('other', { payload: wish('nodefirst') }));
  await refused('ResourceNotFound', first.get('nodesecond')); // it is of the other kind
  await first.deleteMethod('nodefirst');
  await second.deleteMethod('nodesecond');
  await refused('ResourceNotFound', first.get('nodefirst'));
  await refused('ResourceNotFound', second.deleteMethod('nodesecond'));
  assert.deepEqual(await listed(first), []);
  await services().delete('nodecloud');
}

async function store() {
  const { addOns, cloudServices } = client('azure-asm-store', 'createStoreManagementClient');
  await cloudServices.create({ name: 'nodestore', label: 'label', description: 'text', geoRegion: WEST });
  const bought = async () =>
    (await cloudServices.list()).cloudServices.find((one) => one.name === 'nodestore').resources.map((one) => [
      one.namespace, one.type, one.name, one.plan,
    ]);
  const here = ['nodestore', 'mail', 'nodemail'];
  const mail = { type: 'postoffice', plan: 'free' };
  await addOns.create(...here, mail);
  await until(async () => (await bought()).length === 1);
  assert.deepEqual(await bought(), [['postoffice', 'mail', 'nodemail', 'free']]);
  await addOns.update(...here, { ...mail, plan: 'gold', promotionCode: 'cheap' });
  await until(async () => (await bought())[0][3] === 'gold');
  await refused('BadRequest', addOns.create('nodestore', 'mail', 'nodeother', { ...mail, plan: '' }));
  await refused('ResourceNotFound', addOns.create('missing', 'mail', 'nodemail', mail));
  await addOns.deleteMethod('nodestore', 'postoffice', 'mail', 'nodemail');
  assert.deepEqual(await bought(), []);
  await refused('ResourceNotFound', addOns.deleteMethod('nodestore', 'postoffice', 'mail', 'nodemail'));
  await services().delete('nodestore');
  assert.ok(!names((await cloudServices.list()).cloudServices).includes('nodestore'));
}

module.exports = { clusters, store };
