// What flows need before they have a virtual machine: an account for its disk, a service, and what it is made of.
'use strict';
const { client, names, until, WEST } = require('./client');

const compute = () => client('azure-asm-compute', 'createComputeManagementClient');

/** The storage account that the disks are in. */
async function account() {
  const { storageAccounts } = client('azure-asm-storage', 'createStorageManagementClient');
  await storageAccounts.create({ name: 'nodestorage', label: 'label', location: WEST, accountType: 'Standard_LRS' });
}

const blob = (name) => `https://nodestorage.blob.core.windows.net/vhds/${name}.vhd`;

const SETS = {
  Linux: (name) => ({
    configurationSetType: 'LinuxProvisioningConfiguration', hostName: name, userName: 'azureuser',
    userPassword: 'Pa55word!', disableSshPasswordAuthentication: false,
  }),
  Windows: (name) => ({
    configurationSetType: 'WindowsProvisioningConfiguration', computerName: name, adminUserName: 'azureuser',
    adminPassword: 'Pa55word!',
  }),
};

/** A machine's role, of the newest image of the system; `inputEndpoints` as the library takes them. */
async function role(name, inputEndpoints, system = 'Linux') {
  const { images } = await compute().virtualMachineOSImages.list();
  const label = { Linux: 'Ubuntu', Windows: 'Windows Server 2012 R2 Datacenter' }[system];
  return {
    roleName: name, roleType: 'PersistentVMRole', roleSize: 'Small',
    configurationSets: [SETS[system](name), { configurationSetType: 'NetworkConfiguration', inputEndpoints }],
    oSVirtualHardDisk: {
      mediaLink: blob(name), sourceImageName: names(images.filter((one) => one.label.includes(label))).at(-1),
    },
  };
}

/** A new service with a deployment of these roles, once all of them have booted. */
async function deployed(service, deployment, roles, more = {}) {
  const found = compute();
  await found.hostedServices.create({ serviceName: service, label: 'label', location: WEST });
  await found.virtualMachines.createDeployment(service, {
    name: deployment, deploymentSlot: 'Production', label: 'label', roles: roles.slice(0, 1), ...more,
  });
  for (const one of roles.slice(1)) await found.virtualMachines.create(service, deployment, one);
  await until(async () => {
    const { roleInstances } = await found.deployments.getByName(service, deployment);
    return roleInstances.length === roles.length && roleInstances.every((one) => one.instanceStatus === 'ReadyRole');
  });
}

module.exports = { account, blob, compute, deployed, role };
