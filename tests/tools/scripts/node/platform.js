// The life of SQL servers, Service Bus namespaces, web sites and scheduler jobs.
'use strict';
const assert = require('node:assert').strict;
const { client, names, refused, until, WEST } = require('./client');

async function sql() {
  const found = client('azure-asm-sql', 'createSqlManagementClient');
  const { serverName } = await found.servers.create({
    administratorUserName: 'myadmin', administratorPassword: 'Pa55word!', location: WEST,
  });
  assert.deepEqual(names((await found.servers.list()).servers), [serverName]);
  await found.servers.changeAdministratorPassword(serverName, { newPassword: '0ther!word' });
  await found.firewallRules.create(serverName, { name: 'office', startIPAddress: '203.0.113.1', endIPAddress: '203.0.113.9' });
  await found.firewallRules.update(serverName, 'office', {
    name: 'office', startIPAddress: '203.0.113.1', endIPAddress: '203.0.113.5',
  });
  assert.equal((await found.firewallRules.get(serverName, 'office')).firewallRule.endIPAddress, '203.0.113.5');
  await found.firewallRules.deleteMethod(serverName, 'office');
  assert.deepEqual((await found.firewallRules.list(serverName)).firewallRules, []);
  assert.ok((await found.quotas.list(serverName)).quotas.length > 0);
  const objectives = (await found.serviceObjectives.list(serverName)).serviceObjectives;
  const objective = (name) => objectives.find((one) => one.name === name).id;
  await found.databases.create(serverName, {
    name: 'nodedatabase', edition: 'Standard', collationName: 'SQL_Latin1_General_CP1_CI_AS',
    maximumDatabaseSizeInGB: 250, serviceObjectiveId: objective('S0'),
  });
  await until(async () => names((await found.databases.list(serverName)).databases).includes('nodedatabase'));
  const { database } = await found.databases.get(serverName, 'nodedatabase');
  assert.deepEqual([database.name, database.edition], ['nodedatabase', 'Standard']);
  await found.databases.update(serverName, 'nodedatabase', {
    name: 'nodedatabase', edition: 'Standard', maximumDatabaseSizeInGB: 250, serviceObjectiveId: objective('S1'),
  });
  await found.databases.deleteMethod(serverName, 'nodedatabase');
  await found.servers.deleteMethod(serverName);
  assert.deepEqual((await found.servers.list()).servers, []);
}

async function sb() {
  const found = client('azure-asm-sb', 'createServiceBusManagementClient');
  assert.ok((await found.getServiceBusRegions()).regions.some((one) => one.code === WEST));
  assert.equal((await found.namespaces.checkAvailability('nodenamespace')).isAvailable, true);
  await found.namespaces.create('nodenamespace', WEST);
  await until(async () => (await found.namespaces.get('nodenamespace')).namespace.status === 'Active');
  assert.deepEqual(names((await found.namespaces.list()).namespaces), ['nodenamespace']);
  await found.queues.create('nodenamespace', { name: 'nodequeue' });
  assert.equal((await found.queues.get('nodenamespace', 'nodequeue')).queue.maxSizeInMegabytes, 1024);
  assert.deepEqual(names((await found.queues.list('nodenamespace')).queues), ['nodequeue']);
  assert.ok((await found.queues.getConnectionDetails('nodenamespace', 'nodequeue')).connectionDetails.length >= 0);
  await found.topics.create('nodenamespace', { name: 'nodetopic' });
  assert.deepEqual(names((await found.topics.list('nodenamespace')).topics), ['nodetopic']);
  assert.ok((await found.namespaces.listAuthorizationRules('nodenamespace')).authorizationRules.length > 0);
  await found.namespaces.deleteMethod('nodenamespace');
  await until(async () => !names((await found.namespaces.list()).namespaces).includes('nodenamespace'));
}

async function website() {
  const found = client('azure-asm-website', 'createWebSiteManagementClient');
  const space = 'westuswebspace';
  assert.ok(names((await found.webSpaces.listGeoRegions()).geoRegions).includes(WEST));
  assert.equal((await found.webSites.isHostnameAvailable('nodesite')).isAvailable, true);
  await found.webHostingPlans.create(space, { name: 'nodeplan', sKU: 'Standard', numberOfWorkers: 1, workerSize: 'Small' });
  await found.webSites.create(space, {
    name: 'nodesite', serverFarm: 'nodeplan',
    webSpace: { name: space, geoRegion: WEST, plan: 'VirtualDedicatedPlan' },
  });
  assert.deepEqual(names((await found.webSpaces.listWebSites(space, {})).webSites), ['nodesite']);
  assert.equal((await found.webSites.get(space, 'nodesite', {})).webSite.state, 'Running');
  const configuration = await found.webSites.getConfiguration(space, 'nodesite');
  configuration.appSettings = { colour: 'red' };
  await found.webSites.updateConfiguration(space, 'nodesite', configuration);
  assert.equal((await found.webSites.getConfiguration(space, 'nodesite')).appSettings.colour, 'red');
  await found.webSites.restart(space, 'nodesite');
  assert.equal((await found.webSites.getPublishProfile(space, 'nodesite')).publishProfiles.length, 2);
  assert.deepEqual(names((await found.webHostingPlans.list(space)).webHostingPlans), ['nodeplan']);
  await found.webSites.deleteMethod(space, 'nodesite', { deleteEmptyServerFarm: true, deleteAllSlots: true, deleteMetrics: true });
  await refused('NotFound', found.webSites.get(space, 'nodesite', {}));
}

async function scheduler() {
  const services = client('azure-asm-scheduler', 'createCloudServiceManagementClient').cloudServices;
  await services.create('nodecloud', { label: 'label', description: 'text', geoRegion: WEST });
  const found = client('azure-asm-scheduler', 'createSchedulerManagementClient');
  assert.ok((await services.list()).cloudServices.some((one) => one.name === 'nodecloud'));
  assert.equal((await found.jobCollections.checkNameAvailability('nodecloud', 'nodejobs')).isAvailable, true);
  await found.registerResourceProvider();
  await found.jobCollections.create('nodecloud', 'nodejobs', {
    label: 'label', intrinsicSettings: { plan: 'Standard', quota: { maxJobCount: 10, maxRecurrence: { frequency: 'Minute', interval: 1 } } },
  });
  const collection = await found.jobCollections.get('nodecloud', 'nodejobs');
  assert.deepEqual([collection.name, collection.intrinsicSettings.plan], ['nodejobs', 'Standard']);
  await found.jobCollections.deleteMethod('nodecloud', 'nodejobs');
  await services.delete('nodecloud');
  assert.ok(!(await services.list()).cloudServices.some((one) => one.name === 'nodecloud'));
}

module.exports = { sql, sb, website, scheduler };
