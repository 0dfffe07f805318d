// Lets a process drive the azure-asm-* client libraries: one call per line of standard input, one answer per line of
// standard output, both JSON.  The first line out is what there is to call, each method with its own source.
//
// usage: NODE_PATH=node_modules NODE_EXTRA_CA_CERTS=ca.pem node node_bridge.cjs ENDPOINT SUBSCRIPTION PEM
'use strict';
const fs = require('node:fs');
const readline = require('node:readline');

const [endpoint, subscriptionId, pem] = process.argv.slice(2);
const say = (value) => process.stdout.write(`${JSON.stringify(value, plain)}\n`);
console.log = console.error; // the libraries may print; the answers' lines are ours alone

const LIBRARIES = {
  'azure-asm-compute': 'createComputeManagementClient',
  'azure-asm-mgmt': 'createManagementClient',
  'azure-asm-storage': 'createStorageManagementClient',
  'azure-asm-network': 'createNetworkManagementClient',
  'azure-asm-sql': 'createSqlManagementClient',
  'azure-asm-sb': 'createServiceBusManagementClient',
  'azure-asm-website': 'createWebSiteManagementClient',
  'azure-asm-subscription': 'createSubscriptionClient',
  'azure-asm-trafficmanager': 'createTrafficManagerManagementClient',
  'azure-asm-scheduler': 'createCloudServiceManagementClient createSchedulerManagementClient',
  'azure-asm-hdinsight': 'createHDInsightClusterManagementClient createHDInsightCluster2ManagementClient',
  'azure-asm-store': 'createStoreManagementClient',
};

/** Buffers have said what they are when a replacer sees them; what is no number is nothing. */
function plain(_, value) {
  return value && value.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value;
}

/** What plain JSON cannot say comes as an object with one tagged member. */
function revived(_, value) {
  if (value && value.$bytes !== undefined) return Buffer.from(value.$bytes, 'base64');
  return value && value.$date !== undefined ? new Date(value.$date) : value;
}

let exchange = null;
let failed = () => {};
process.on('uncaughtException', (error) => failed(error)); // the libraries throw while they read answers, too

function overhear(request, next, callback) {
  return next(request, (error, response, body) => {
    if (response) {
      const { method, url, headers, body: sent } = request;
      exchange = { method, url, headers, sent: `${sent || ''}`, status: response.statusCode, answered: response.headers, body: `${body || ''}` };
    }
    callback(error, response, body);
  });
}

const groups = [];
const methods = [];
const missing = [];

function find(library, factory) {
  const { CertificateCloudCredentials } = require('azure-common');
  const credentials = new CertificateCloudCredentials({ subscriptionId, pem: fs.readFileSync(pem, 'utf8') });
  const client = require(library)[factory](credentials, endpoint).withFilter(overhear);
  client.longRunningOperationInitialTimeout = client.longRunningOperationRetryTimeout = 0.1;
  const own = Object.values(client).filter((one) => one && one.client === client);
  for (const group of [client, ...own]) {
    const number = groups.push(group) - 1;
    for (const [name, method] of Object.entries(Object.getPrototypeOf(group))) {
      const source = typeof method === 'function' ? `${method}` : '';
      // The others begin something with one of these and wait for its end.
      if (source.includes('httpRequest.method')) methods.push({ group: number, library, name, source });
    }
  }
}

for (const [library, factories] of Object.entries(LIBRARIES)) {
  try {
    factories.split(' ').forEach((factory) => find(library, factory));
  } catch (error) {
    missing.push(`${library}: ${error.message.split('\n')[0]}`);
  }
}
say({ methods, missing });

const calls = readline.createInterface({ input: process.stdin });
calls.on('line', (line) => {
  const { group, name, given, own } = JSON.parse(line, revived);
  const { subscriptionId: _, ...rest } = own;
  Object.assign(groups[group].client || groups[group], rest);
  exchange = null;
  let answered = false; // some answers of the libraries come twice: with their error, and with what they made of it
  const answer = (value) => {
    if (!answered) say({ ...value, exchange });
    answered = true;
  };
  failed = (error) => {
    const { statusCode, code, message, requestId } = error;
    answer({ error: { statusCode, code, message: `${message}`, requestId } });
  };
  try {
    const callback = (error, result) => (error ? failed(error) : answer({ result: result === undefined ? null : result }));
    const stream = groups[group][name](...given, callback);
    // A POST or PUT without a body is a stream that waits for one.
    if (stream && typeof stream.end === 'function') stream.end();
  } catch (error) {
    failed(error);
  }
});
