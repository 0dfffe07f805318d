// Machines that leave for Azure Resource Manager.
'use strict';
const assert = require('node:assert').strict;
const { client, refused } = require('./client');
const { account, compute, deployed, role } = require('./machines');

const OWN = { destinationVirtualNetwork: 'New', resourceGroupName: '', virtualNetworkName: '', subNetName: '' };
const EXISTING = {
  destinationVirtualNetwork: 'Existing', resourceGroupName: 'group', virtualNetworkName: 'net', subNetName: 'front',
};

async function migration() {
  const { deployments, hostedServices, virtualMachineDisks } = compute();
  await account();
  await deployed('nodeservice', 'nodevms', [await role('one', [])]);
  const here = ['nodeservice', 'nodevms'];
  const said = async (where, wanted) =>
    (await deployments.validateMigration(...where, wanted)).validateDeploymentMessages.map((one) => [
      one.resourceType, one.resourceName, one.category,
    ]);
  assert.deepEqual(await said(['nodeservice', 'missing'], OWN), [['Deployment', 'missing', 'Error']]);
  assert.deepEqual(await said(here, { ...EXISTING, subNetName: '' }), [['Deployment', 'nodevms', 'Error']]);
  assert.deepEqual(await said(here, EXISTING), [['Deployment', 'nodevms', 'Information']]);
  await refused('ResourceNotFound', deployments.prepareMigration('nodeservice', 'missing', OWN));
  await refused('BadRequest', deployments.prepareMigration(...here, { ...EXISTING, resourceGroupName: '' }));
  await refused('BadRequest', deployments.commitMigration(...here));

  await deployments.prepareMigration(...here, EXISTING);
  await refused('ConflictError', deployments.prepareMigration(...here, OWN));
  await deployments.abortMigration(...here);
  await refused('BadRequest', deployments.abortMigration(...here));
  assert.equal((await deployments.getByName(...here)).status, 'Running');

  await deployments.prepareMigration(...here, OWN);
  await deployments.commitMigration(...here);
  await refused('ResourceNotFound', deployments.getByName(...here));
  await refused('ResourceNotFound', hostedServices.get('nodeservice'));
  assert.deepEqual((await virtualMachineDisks.listDisks()).disks, []);
  const { storageAccounts } = client('azure-asm-storage', 'createStorageManagementClient');
  await storageAccounts.prepareMigration('nodestorage');
  await storageAccounts.commitMigration('nodestorage');
  await refused('ResourceNotFound', storageAccounts.get('nodestorage'));
}

module.exports = { migration };
