// What becomes of SQL databases: copies, recoveries from elsewhere, imports and exports.
'use strict';
const assert = require('node:assert').strict;
const { client, later, names, refused, until, WEST } = require('./client');

const LOGIN = { userName: 'myadmin', password: 'Pa55word!' };
const HOUR = 3600;

async function databases() {
  const found = client('azure-asm-sql', 'createSqlManagementClient');
  const server = async (location) =>
    (await found.servers.create({
      administratorUserName: LOGIN.userName, administratorPassword: LOGIN.password, location,
    })).serverName;
  const [west, east] = [await server(WEST), await server('East US')];
  const { serviceObjectives } = await found.serviceObjectives.list(west);
  const { id } = serviceObjectives.find((one) => one.name === 'S0');
  const { serviceObjective } = await found.serviceObjectives.get(west, id);
  assert.deepEqual([serviceObjective.name, serviceObjective.id], ['S0', id]);
  await refused('ResourceNotFound', found.serviceObjectives.get(west, '00000000-0000-0000-0000-000000000000'));
  await found.databases.create(west, {
    name: 'books', edition: 'Standard', collationName: 'SQL_Latin1_General_CP1_CI_AS',
    maximumDatabaseSizeInGB: 250, serviceObjectiveId: id,
  });
  await until(async () => names((await found.databases.list(west)).databases).includes('books'));

  const since = { startDate: new Date(Date.now() - 1000 * HOUR), intervalSizeInMinutes: 60, eventTypes: 'connection_failed' };
  assert.deepEqual((await found.databases.getEventLogs(west, 'books', since)).eventLogs, []); // nobody connects here
  await refused('BadRequest', found.databases.getEventLogs(west, 'books', { ...since, intervalSizeInMinutes: 7 }));
  await copies(found, west, east);
  await transfers(found, west);
  await recovery(found, west, east);
  await found.servers.deleteMethod(west);
  await found.servers.deleteMethod(east);
  assert.deepEqual((await found.servers.list()).servers, []);
}

async function copies({ databaseCopies, databases }, west, east) {
  const at = [west, 'books'];
  const list = async () => (await databaseCopies.list(...at)).databaseCopies;
  const state = async (name) => (await databaseCopies.get(...at, name)).databaseCopy.replicationStateDescription;
  const begun = async (partnerDatabase, isContinuous = true) => {
    const { databaseCopy } = await databaseCopies.create(...at, { partnerServer: east, partnerDatabase, isContinuous });
    return databaseCopy.name;
  };
  assert.deepEqual(await list(), []);
  const first = await begun('first');
  assert.deepEqual((await list()).map((one) => [one.name, one.destinationDatabaseName]), [[first, 'first']]);
  await until(async () => (await state(first)) === 'CATCH_UP');
  const seen = (await databaseCopies.get(east, 'first', first)).databaseCopy; // from its other end
  assert.deepEqual([seen.sourceServerName, seen.destinationServerName], [west, east]);
  await databaseCopies.update(...at, first, { isForcedTerminate: false });
  assert.equal(await state(first), 'CATCH_UP');
  await databaseCopies.update(...at, first, { isForcedTerminate: true });
  await refused('ResourceNotFound', databaseCopies.get(...at, first));

  const second = await begun('second');
  await until(async () => (await state(second)) === 'CATCH_UP');
  await databaseCopies.deleteMethod(...at, second);
  await refused('ResourceNotFound', databaseCopies.deleteMethod(...at, second));
  await begun('once', false);
  await until(async () => (await list()).length === 0);
  assert.deepEqual(names((await databases.list(east)).databases), ['first', 'master', 'once', 'second']);
  const alone = { partnerServer: west, partnerDatabase: 'x', isContinuous: true };
  await refused('BadRequest', databaseCopies.create(...at, alone));
}

async function transfers({ dac, databases }, west) {
  const fullName = `${west}.database.windows.net`;
  const blobCredentials = { uri: 'https://nodestorage.blob.core.windows.net/dacs/books.bacpac', storageAccessKey: 'AAAA' };
  const connectionInfo = { ...LOGIN, serverName: fullName, databaseName: 'books' };
  const asked = async (requestId) => {
    const { statusInfoList } = await dac.getStatus(west, fullName, LOGIN.userName, LOGIN.password, requestId);
    return statusInfoList;
  };
  const exported = (await dac.exportMethod(west, { blobCredentials, connectionInfo })).guid;
  await until(async () => (await asked(exported))[0].status === 'Completed');
  const imported = (await dac.importMethod(west, {
    blobCredentials, connectionInfo: { ...connectionInfo, databaseName: 'again' }, azureEdition: 'Standard', databaseSizeInGB: 250,
  })).guid;
  await until(async () => (await asked(imported))[0].status === 'Completed');
  assert.equal((await databases.get(west, 'again')).database.edition, 'Standard');
  const told = await dac.getStatusPost(west, { ...LOGIN, serverName: fullName, requestId: exported });
  assert.deepEqual(
    told.statusInfoList.map((one) => [one.requestId, one.requestType, one.databaseName, one.status]),
    [[exported, 'Export', 'books', 'Completed']],
  );
  const wrong = { ...connectionInfo, password: 'wr0ng!Word' };
  await refused('BadRequest', dac.exportMethod(west, { blobCredentials, connectionInfo: wrong }));
  await refused('BadRequest', dac.getStatus(west, fullName, LOGIN.userName, 'wr0ng!Word', exported));
  await refused('ResourceNotFound', dac.exportMethod(west, {
    blobCredentials, connectionInfo: { ...connectionInfo, databaseName: 'missing' },
  }));
}

async function recovery({ databases, recoverableDatabases, recoverDatabaseOperations }, west, east) {
  assert.deepEqual((await recoverableDatabases.list(west)).databases, []); // they are too young
  await refused('ResourceNotFound', recoverableDatabases.get(west, 'books'));
  await later(2 * HOUR);
  assert.deepEqual(names((await recoverableDatabases.list(west)).databases), ['again', 'books']);
  const { database } = await recoverableDatabases.get(west, 'books');
  assert.deepEqual([database.edition, database.lastAvailableBackupDate instanceof Date], ['Standard', true]);
  const { operation } = await recoverDatabaseOperations.create(west, {
    sourceDatabaseName: 'books', targetServerName: east, targetDatabaseName: 'recovered',
  });
  assert.deepEqual([operation.sourceDatabaseName, operation.targetServerName], ['books', east]);
  await until(async () => names((await databases.list(east)).databases).includes('recovered'));
  await refused('ResourceNotFound', recoverDatabaseOperations.create(west, { sourceDatabaseName: 'missing' }));
}

module.exports = { databases };
