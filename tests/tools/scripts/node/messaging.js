// What is in a Service Bus namespace: queues and topics as the library makes them, hubs and relays as it finds them.
'use strict';
const assert = require('node:assert').strict;
const { client, names, until, WEST } = require('./client');

const HERE = 'nodenamespace';
const bus = () => client('azure-asm-sb', 'createServiceBusManagementClient');

/** This library tells a refusal by its status alone. */
const refused = (statusCode, promise) => assert.rejects(promise, { statusCode });

/** A namespace with a queue and a topic; another of each has come and gone. */
async function messaging() {
  const { namespaces, queues, topics } = bus();
  await namespaces.create(HERE, WEST);
  await until(async () => (await namespaces.get(HERE)).namespace.status === 'Active');
  for (const [kind, name] of [[queues, 'nodequeue'], [topics, 'nodetopic']]) {
    await kind.create(HERE, { name });
    await refused(409, kind.create(HERE, { name }));
    await kind.create(HERE, { name: 'passing' });
    assert.deepEqual(names(Object.values(await kind.list(HERE))[0]), [name, 'passing']);
    await kind.deleteMethod(HERE, 'passing');
    await refused(404, kind.deleteMethod(HERE, 'passing'));
    await refused(404, kind.get(HERE, 'passing'));
    assert.deepEqual(names(Object.values(await kind.list(HERE))[0]), [name]);
  }
}

/** The hub and the relay that somebody else has made in it, and the end of all. */
async function hubs() {
  const { namespaces, notificationHubs, relays } = bus();
  assert.deepEqual(names((await notificationHubs.list(HERE)).notificationHubs), ['nodehub']);
  const { notificationHub } = await notificationHubs.get(HERE, 'nodehub');
  assert.match(notificationHub.registrationTtl, /^P/);
  for (const [kind, name] of [[notificationHubs, 'nodehub'], [relays, 'noderelay']]) {
    const { connectionDetails } = await kind.getConnectionDetails(HERE, name);
    for (const one of connectionDetails) assert.match(one.connectionString, /sb:\/\/nodenamespace\./);
    await refused(404, kind.getConnectionDetails(HERE, 'missing'));
  }
  await refused(404, notificationHubs.get(HERE, 'missing'));
  await notificationHubs.deleteMethod(HERE, 'nodehub');
  await refused(404, notificationHubs.get(HERE, 'nodehub'));
  assert.deepEqual((await notificationHubs.list(HERE)).notificationHubs, []);
  await namespaces.deleteMethod(HERE);
  await until(async () => !names((await namespaces.list()).namespaces).includes(HERE));
}

module.exports = { hubs, messaging };
