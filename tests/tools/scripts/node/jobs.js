// Scheduler jobs: made, changed one by one and all together, and what they have done.
'use strict';
const assert = require('node:assert').strict;
const { client, later, now, refused, WEST } = require('./client');

const MINUTE = 60;

/** A job that is due in 20 minutes, in 50, in 80. */
const job = async (uri, recurrence = { frequency: 'minute', interval: 30, count: 10 }) => ({
  startTime: new Date((await now()).getTime() - 10 * MINUTE * 1000).toISOString(),
  action: { type: 'http', request: { uri, method: 'GET', headers: { colour: 'red' } } },
  recurrence,
});

async function jobs() {
  const services = client('azure-asm-scheduler', 'createCloudServiceManagementClient');
  const scheduler = client('azure-asm-scheduler', 'createSchedulerManagementClient');
  const registration = { resourceNamespace: 'scheduler', resourceType: 'JobCollections', registrationDate: new Date() };
  await services.entitleResource(registration);
  await refused('BadRequest', services.entitleResource({ ...registration, resourceType: '' }));
  const { properties } = await scheduler.getResourceProviderProperties();
  assert.match(JSON.stringify(properties), /West US/);
  await services.cloudServices.create('nodecloud', { label: 'label', description: 'text', geoRegion: WEST });
  await scheduler.jobCollections.create('nodecloud', 'nodejobs', { label: 'label', intrinsicSettings: { plan: 'Standard' } });

  const found = client('azure-scheduler', 'createSchedulerClient', 'nodecloud', 'nodejobs').jobs;
  const ids = async (asked = found.list({})) => (await asked).jobs.map((one) => one.id).sort();
  const made = (await found.create(await job('http://www.example.com/made'))).job;
  assert.deepEqual([made.state, made.action.request.uri], ['enabled', 'http://www.example.com/made']);
  await found.createOrUpdate('named', await job('http://www.example.com/named'));
  assert.deepEqual(await ids(), [made.id, 'named'].sort());
  assert.equal((await ids(found.list({ skip: 1, top: 1 }))).length, 1);
  await refused('BadRequest', found.create(await job('http://www.example.com/', { frequency: 'century', interval: 1 })));

  const states = async () => (await Promise.all([made.id, 'named'].map((id) => found.get(id)))).map((one) => one.job.state);
  assert.equal((await found.updateState('named', { state: 'disabled' })).job.state, 'disabled');
  assert.deepEqual(await ids(found.listWithFilter({ state: 'enabled' })), [made.id]);
  await found.updateJobCollectionState({ state: 'disabled' });
  assert.deepEqual(await states(), ['disabled', 'disabled']);
  await found.updateJobCollectionState({ state: 'enabled' });
  assert.deepEqual(await states(), ['enabled', 'disabled']); // the other was so before
  await refused('BadRequest', found.updateState(made.id, { state: 'asleep' }));
  await refused('ResourceNotFound', found.updateState('missing', { state: 'enabled' }));

  await later(100 * MINUTE);
  const history = async (id, asked = {}) => (await found.getHistory(id, asked)).jobHistory;
  const done = await history(made.id);
  assert.equal(done.length, 3);
  assert.ok(done.every((one) => one.status === 'completed' && one.id === made.id));
  assert.equal((await history(made.id, { skip: 1, top: 2 })).length, 2);
  assert.deepEqual(await history('named'), []);
  assert.equal((await found.getHistoryWithFilter(made.id, { status: 'completed' })).jobHistory.length, 3);
  assert.equal((await found.getHistoryWithFilter(made.id, { status: 'failed' })).jobHistory.length, 0);
  await refused('ResourceNotFound', found.getHistory('missing', {}));
  for (const id of [made.id, 'named']) await found.deleteMethod(id);
  assert.deepEqual(await ids(), []);
  await scheduler.jobCollections.deleteMethod('nodecloud', 'nodejobs');
  await services.cloudServices.delete('nodecloud');
}

module.exports = { jobs };
