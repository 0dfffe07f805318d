// The life of virtual machines, their disks and images, and of deployed packages.
'use strict';
const assert = require('node:assert').strict;
const fs = require('node:fs');
const { client, names, refused, until, WEST } = require('./client');

async function compute() {
  const found = client('azure-asm-compute', 'createComputeManagementClient');
  const { storageAccounts } = client('azure-asm-storage', 'createStorageManagementClient');
  await storageAccounts.create({ name: 'nodestorage', label: 'label', location: WEST, accountType: 'Standard_LRS' });
  assert.ok((await found.operatingSystems.list()).operatingSystems.length > 1);
  assert.ok((await found.operatingSystems.listFamilies()).operatingSystemFamilies.length > 1);
  assert.equal((await found.hostedServices.checkNameAvailability('nodeservice')).isAvailable, true);
  await found.hostedServices.create({ serviceName: 'nodeservice', label: 'label', location: WEST });
  await found.hostedServices.update('nodeservice', { label: 'label', description: 'text' });
  assert.equal((await found.hostedServices.get('nodeservice')).properties.description, 'text');
  await found.serviceCertificates.create('nodeservice', {
    data: fs.readFileSync(process.env.FLOW_PFX), password: 'secret', certificateFormat: 'pfx',
  });
  const { certificates } = await found.serviceCertificates.list('nodeservice');
  assert.deepEqual(certificates.map((one) => one.thumbprint), [process.env.FLOW_THUMBPRINT]);
  const which = { serviceName: 'nodeservice', thumbprintAlgorithm: 'sha1', thumbprint: process.env.FLOW_THUMBPRINT };
  assert.ok((await found.serviceCertificates.get(which)).data);
  await found.serviceCertificates.deleteMethod(which);

  const { images } = await found.virtualMachineOSImages.list();
  const image = names(images.filter((one) => one.operatingSystemType === 'Linux' && one.label.includes('Ubuntu'))).at(-1);
  const blob = (name) => `https://nodestorage.blob.core.windows.net/vhds/${name}.vhd`;
  const role = (name, port) => ({
    roleName: name, roleType: 'PersistentVMRole', roleSize: 'Small',
    configurationSets: [
      {
        configurationSetType: 'LinuxProvisioningConfiguration', hostName: name, userName: 'azureuser',
        userPassword: 'Pa55word!', disableSshPasswordAuthentication: false,
      },
      {
        configurationSetType: 'NetworkConfiguration',
        inputEndpoints: [{ name: 'ssh', protocol: 'tcp', port, localPort: 22 }],
      },
    ],
    oSVirtualHardDisk: { mediaLink: blob(name), sourceImageName: image },
  });
  const { virtualMachines, deployments, virtualMachineDisks } = found;
  const here = ['nodeservice', 'nodevms'];
  await virtualMachines.createDeployment('nodeservice', {
    name: 'nodevms', deploymentSlot: 'Production', label: 'label', roles: [role('one', 22)],
  });
  await virtualMachines.create(...here, {
    roleName: 'two', roleSize: 'Small', configurationSets: role('two', 23).configurationSets,
    oSVirtualHardDisk: role('two', 23).oSVirtualHardDisk,
  });
  const ready = async () => {
    const { roleInstances } = await deployments.getByName(...here);
    return roleInstances.length === 2 && roleInstances.every((one) => one.instanceStatus === 'ReadyRole');
  };
  await until(ready);
  assert.equal((await virtualMachines.get(...here, 'one')).roleSize, 'Small');
  await virtualMachines.restart(...here, 'one');
  await virtualMachines.shutdown(...here, 'one', { postShutdownAction: 'StoppedDeallocated' });
  await virtualMachines.start(...here, 'one');
  await virtualMachines.shutdownRoles(...here, { roles: ['one', 'two'], postShutdownAction: 'Stopped' });
  await virtualMachines.startRoles(...here, { roles: ['one', 'two'] });
  await until(ready);
  await virtualMachineDisks.createDataDisk(...here, 'one', {
    hostCaching: 'ReadOnly', label: 'data', logicalUnitNumber: 0, logicalDiskSizeInGB: 5, mediaLinkUri: blob('data'),
  });
  const disk = await virtualMachineDisks.getDataDisk(...here, 'one', 0);
  assert.equal(disk.mediaLinkUri, blob('data'));
  await virtualMachineDisks.updateDataDisk(...here, 'one', 0, {
    hostCaching: 'ReadWrite', name: disk.name, mediaLinkUri: blob('data'), logicalUnitNumber: 0,
  });
  await virtualMachineDisks.deleteDataDisk(...here, 'one', 0, true);
  assert.equal((await virtualMachineDisks.listDisks()).disks.length, 2);
  await found.dnsServer.addDNSServer(...here, { name: 'resolver', address: '10.0.0.53' });
  await found.dnsServer.updateDNSServer(...here, 'resolver', { name: 'resolver', address: '10.0.0.54' });
  await found.dnsServer.deleteDNSServer(...here, 'resolver');
  await virtualMachines.captureVMImage(...here, 'two', {
    vMImageName: 'nodecopy', vMImageLabel: 'label', oSState: 'Specialized',
  });
  const copies = (await found.virtualMachineVMImages.list()).vMImages.filter((one) => one.category === 'User');
  assert.deepEqual(names(copies), ['nodecopy']);
  await found.virtualMachineVMImages.update('nodecopy', { label: 'anew' });
  await found.virtualMachineVMImages.deleteMethod('nodecopy', true);
  await virtualMachines.shutdown(...here, 'two', { postShutdownAction: 'Stopped' });
  await virtualMachines.captureOSImage(...here, 'two', {
    postCaptureAction: 'Delete', targetImageName: 'nodegeneral', targetImageLabel: 'label',
  });
  assert.equal((await found.virtualMachineOSImages.get('nodegeneral')).category, 'User');
  await found.virtualMachineOSImages.deleteMethod('nodegeneral', true);
  assert.ok((await found.virtualMachineExtensions.list()).resourceExtensions.length > 5);
  assert.ok((await found.hostedServices.listAvailableExtensions()).extensionImages.length > 0);
  await deployments.deleteByName(...here, true);
  await found.hostedServices.deleteMethod('nodeservice');
  await refused('ResourceNotFound', found.hostedServices.get('nodeservice'));
}

const CONFIGURATION = (count) => `<ServiceConfiguration serviceName="app" osFamily="4" osVersion="*"
  xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="${count}"/></Role></ServiceConfiguration>`;

async function packages() {
  const { hostedServices, deployments } = client('azure-asm-compute', 'createComputeManagementClient');
  const { storageAccounts } = client('azure-asm-storage', 'createStorageManagementClient');
  await storageAccounts.create({ name: 'nodestorage', label: 'label', location: WEST, accountType: 'Standard_LRS' });
  await hostedServices.create({ serviceName: 'nodeapp', label: 'label', location: WEST });
  const packageUri = 'https://nodestorage.blob.core.windows.net/packages/app.cspkg';
  const body = (name, count) => ({
    name, label: 'label', packageUri, configuration: CONFIGURATION(count), startDeployment: true,
  });
  await deployments.create('nodeapp', 'Staging', body('v1', 2));
  const ready = (count) => async () => {
    const { roleInstances } = await deployments.getByName('nodeapp', 'v1');
    return roleInstances.length === count && roleInstances.every((one) => one.instanceStatus === 'ReadyRole');
  };
  await until(ready(2));
  await deployments.rebootRoleInstanceByDeploymentName('nodeapp', 'v1', 'Web_IN_0');
  await until(ready(2));
  await deployments.changeConfigurationByName('nodeapp', 'v1', { configuration: CONFIGURATION(3), mode: 'Auto' });
  await until(ready(3));
  await deployments.upgradeByName('nodeapp', 'v1', {
    packageUri, configuration: CONFIGURATION(2), label: 'anew', mode: 'Auto', force: false,
  });
  await until(ready(2));
  await deployments.swap('nodeapp', { sourceDeployment: 'v1' });
  assert.equal((await deployments.getBySlot('nodeapp', 'Production')).name, 'v1');
  await deployments.updateStatusByDeploymentName('nodeapp', 'v1', { status: 'Suspended' });
  await deployments.deleteBySlot('nodeapp', 'Production');
  await hostedServices.deleteAll('nodeapp');
}

module.exports = { compute, packages };
