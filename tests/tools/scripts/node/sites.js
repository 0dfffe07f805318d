// What else there is to a web site at the management endpoint: who publishes, slots, backups, hybrid connections.
'use strict';
const assert = require('node:assert').strict;
const { client, names, refused, until, WEST } = require('./client');

const SPACE = 'westuswebspace';
const CONTAINER = 'https://backups.blob.core.windows.net/sites?sig=secret';

/** A client, and a site in a farm of this tier. */
async function made(site, tier = 'Standard') {
  const found = client('azure-asm-website', 'createWebSiteManagementClient');
  const plan = `${site}plan`;
  await found.webHostingPlans.create(SPACE, { name: plan, sKU: tier, numberOfWorkers: 1, workerSize: 'Small' });
  await create(found, site, plan);
  return { ...bound(found), found, plan };
}

const create = (found, name, plan) =>
  found.webSites.create(SPACE, {
    name, serverFarm: plan, webSpace: { name: SPACE, geoRegion: WEST, plan: 'VirtualDedicatedPlan' },
  });

const bound = (found) => ({ sites: found.webSites, plans: found.webHostingPlans, spaces: found.webSpaces });

async function sitepublishing() {
  const { sites, plans, spaces, plan } = await made('nodepublished');
  assert.deepEqual((await spaces.listPublishingUsers()).users, []);
  await spaces.createPublishingUser('ada', 'Pa55word', {
    name: 'ada', publishingUserName: 'ada', publishingPassword: 'Pa55word',
  });
  assert.deepEqual((await spaces.listPublishingUsers()).users.map((one) => one.name), ['ada']);
  await refused('BadRequest', spaces.createPublishingUser('bob', 'short', {
    name: 'bob', publishingUserName: 'bob', publishingPassword: 'short',
  }));

  const password = async () => (await sites.getPublishProfile(SPACE, 'nodepublished')).publishProfiles[0].userPassword;
  const before = await password();
  assert.ok(before);
  await sites.generatePassword(SPACE, 'nodepublished');
  const after = await password();
  assert.ok(after && after !== before, 'another password');
  await refused('NotFound', sites.generatePassword(SPACE, 'nobody'));

  const span = { startTime: new Date(Date.now() - 3600000), endTime: new Date(), timeGrain: 'PT1H' };
  const usage = async (asked) =>
    (await plans.getHistoricalUsageMetrics(SPACE, plan, asked)).usageMetrics;
  assert.deepEqual(
    (await usage({ metricNames: ['CpuPercentage', 'Nonsense'], ...span })).map((one) => [one.code, one.data && one.data.name]),
    [['Success', 'CpuPercentage'], ['NotFound', undefined]],
  );
  await refused('BadRequest', usage({ metricNames: ['CpuPercentage'], ...span, timeGrain: 'PT7M' }));
}

async function siteslots() {
  const { sites, plan, found } = await made('nodeslots');
  await create(found, 'nodeslots(staging)', plan);
  const settings = async (name) => (await sites.getConfiguration(SPACE, name)).appSettings;
  const set = async (name, appSettings) =>
    sites.updateConfiguration(SPACE, name, { ...(await sites.getConfiguration(SPACE, name)), appSettings });
  await set('nodeslots', { which: 'live', size: 'big' });
  await set('nodeslots(staging)', { which: 'new', size: 'small' });
  await sites.updateSlotConfigNames(SPACE, 'nodeslots', { appSettingNames: ['which'], connectionStringNames: [] });
  assert.deepEqual((await sites.getSlotConfigNames(SPACE, 'nodeslots')).appSettingNames, ['which']);
  await sites.applySlotConfiguration(SPACE, 'nodeslots(staging)', 'Production');
  assert.equal((await settings('nodeslots(staging)')).which, 'live');
  await sites.resetSlotConfiguration(SPACE, 'nodeslots(staging)');
  assert.deepEqual(await settings('nodeslots(staging)'), { which: 'new', size: 'small' });
  await refused('NotFound', sites.resetSlotConfiguration(SPACE, 'nodeslots(nobody)'));
}

async function sitebackups() {
  const { sites, found } = await made('nodesaved');
  const name = 'nodesaved';
  await refused('BadRequest', sites.backup(SPACE, name, { name: 'nightly', storageAccountUrl: 'nowhere', databases: [] }));
  assert.deepEqual((await sites.listBackups(SPACE, name)).backupItems, []);
  const item = (await sites.backup(SPACE, name, {
    name: 'nightly', storageAccountUrl: CONTAINER,
    databases: [{ databaseType: 'SqlAzure', name: 'db', connectionStringName: 'main', connectionString: 'Pwd=secret' }],
  })).backupItem;
  assert.deepEqual([item.name, item.status], ['nightly', 'InProgress']);
  const restoring = { blobName: item.blobName, storageAccountUrl: CONTAINER, overwrite: true, databases: [] };
  await until(async () => (await sites.listBackups(SPACE, name)).backupItems[0].status === 'Succeeded');
  const held = await sites.discover(SPACE, name, restoring);
  assert.deepEqual([held.blobName, held.databases.map((one) => one.name)], [item.blobName, ['db']]);
  await refused('NotFound', sites.discover(SPACE, name, { ...restoring, blobName: 'other.zip' }));
  await refused('NotFound', sites.restore(SPACE, name, { ...restoring, blobName: 'other.zip' }));
  const { operationId } = await sites.restore(SPACE, name, restoring);
  await until(async () => (await found.getOperationStatus(SPACE, name, operationId)).status === 'Succeeded');
  assert.ok((await sites.listBackups(SPACE, name)).backupItems[0].lastRestoreTimeStamp instanceof Date);
  const cheap = await made('nodefree', 'Free');
  await refused('BadRequest', cheap.sites.backup(SPACE, 'nodefree', { name: 'nightly', storageAccountUrl: CONTAINER, databases: [] }));
}

async function sitehybrids() {
  const { sites } = await made('nodehybrid');
  const site = 'nodehybrid';
  const wanted = {
    entityName: 'office', entityConnectionString: 'Endpoint=sb://office', hostname: 'sql.office', port: 1433,
    biztalkUri: 'https://biztalk.example', resourceType: 'none', resourceConnectionString: 'none',
  };
  assert.deepEqual((await sites.listHybridConnections(SPACE, site)).hybridConnections, []);
  await sites.createHybridConnection(SPACE, site, wanted);
  await refused('Conflict', sites.createHybridConnection(SPACE, site, wanted));
  await refused('BadRequest', sites.createHybridConnection(SPACE, site, { ...wanted, entityName: 'other', port: 70000 }));
  await sites.updateHybridConnection(SPACE, site, { entityName: 'office', port: 1434 });
  const seen = (await sites.getHybridConnection(SPACE, site, 'office')).hybridConnection;
  assert.deepEqual([seen.hostname, seen.port], ['sql.office', 1434]);
  const listed = (await sites.listHybridConnections(SPACE, site)).hybridConnections;
  assert.deepEqual(listed.map((one) => one.entityName), ['office']);
  await sites.deleteHybridConnection(SPACE, site, 'office');
  await refused('NotFound', sites.getHybridConnection(SPACE, site, 'office'));
  assert.deepEqual((await sites.listHybridConnections(SPACE, site)).hybridConnections, []);
}

module.exports = { sitepublishing, siteslots, sitebackups, sitehybrids };
