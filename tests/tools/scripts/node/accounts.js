// The life of storage accounts, affinity groups, certificates, and what a subscription says of itself.
'use strict';
const assert = require('node:assert').strict;
const fs = require('node:fs');
const { client, names, refused, WEST } = require('./client');

async function storage() {
  const { storageAccounts } = client('azure-asm-storage', 'createStorageManagementClient');
  assert.equal((await storageAccounts.checkNameAvailability('nodestorage')).isAvailable, true);
  await storageAccounts.create({ name: 'nodestorage', label: 'label', location: WEST, accountType: 'Standard_LRS' });
  assert.equal((await storageAccounts.checkNameAvailability('nodestorage')).isAvailable, false);
  await storageAccounts.update('nodestorage', { label: 'anew', description: 'text', accountType: 'Standard_GRS' });
  const { storageAccount } = await storageAccounts.get('nodestorage');
  assert.deepEqual(
    [storageAccount.name, storageAccount.properties.label, storageAccount.properties.accountType],
    ['nodestorage', 'anew', 'Standard_GRS'],
  );
  const keys = await storageAccounts.getKeys('nodestorage');
  const renewed = await storageAccounts.regenerateKeys({ name: 'nodestorage', keyType: 'Primary' });
  assert.notEqual(renewed.primaryKey, keys.primaryKey);
  assert.equal(renewed.secondaryKey, keys.secondaryKey);
  assert.deepEqual(names((await storageAccounts.list()).storageAccounts), ['nodestorage']);
  await refused('ConflictError', storageAccounts.create({ name: 'nodestorage', label: 'x', location: WEST, accountType: 'Standard_LRS' }));
  await storageAccounts.deleteMethod('nodestorage');
  await refused('ResourceNotFound', storageAccounts.get('nodestorage'));
}

async function mgmt() {
  const found = client('azure-asm-mgmt', 'createManagementClient');
  assert.ok(names((await found.locations.list()).locations).includes(WEST));
  assert.ok(names((await found.roleSizes.list()).roleSizes).includes('Small'));
  const subscription = await found.subscriptions.get();
  assert.equal(subscription.subscriptionID, process.env.AZURE_MANAGEMENT_SUBSCRIPTIONID);
  await found.subscriptions.registerResource('website').catch((error) => assert.equal(error.code, 'ConflictError', error));
  await found.affinityGroups.create({ name: 'nodegroup', label: 'label', location: WEST });
  await found.affinityGroups.update('nodegroup', { label: 'anew' });
  assert.equal((await found.affinityGroups.get('nodegroup')).label, 'anew');
  assert.deepEqual(names((await found.affinityGroups.list()).affinityGroups), ['nodegroup']);
  await found.affinityGroups.deleteMethod('nodegroup');
  const before = (await found.managementCertificates.list()).subscriptionCertificates.length;
  const der = Buffer.from(fs.readFileSync(process.env.FLOW_PEM, 'utf8').replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const thumbprint = process.env.FLOW_THUMBPRINT;
  const key = require('node:crypto').createPublicKey(fs.readFileSync(process.env.FLOW_PEM));
  await assert.rejects(
    found.managementCertificates.create({
      thumbprint,
      data: der.toString('base64'),
      publicKey: key.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
    }),
    (error) => error.statusCode === 201, // the service's answer, which this client takes for a failure
  );
  assert.equal((await found.managementCertificates.get(thumbprint)).thumbprint, thumbprint);
  await found.managementCertificates.deleteMethod(thumbprint);
  assert.equal((await found.managementCertificates.list()).subscriptionCertificates.length, before);
  const hour = 3600 * 1000;
  const log = await found.subscriptions.listOperations({
    startTime: new Date(Date.now() - hour), endTime: new Date(Date.now() + hour),
  });
  assert.ok(log.subscriptionOperations.length > 3);
}

async function subscription() {
  const found = client('azure-asm-subscription', 'createSubscriptionClient');
  const { subscriptions } = await found.subscriptions.list();
  assert.deepEqual(subscriptions.map((one) => one.subscriptionId), [process.env.AZURE_MANAGEMENT_SUBSCRIPTIONID]);
}

module.exports = { storage, mgmt, subscription };
