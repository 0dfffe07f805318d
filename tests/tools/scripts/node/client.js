// What the flows share: clients whose operations return promises, and ways to wait and to expect refusals.
'use strict';
const assert = require('node:assert').strict;
const fs = require('node:fs');
const { CertificateCloudCredentials } = require('azure-common');

const endpoint = process.argv[2];
const credentials = new CertificateCloudCredentials({
  subscriptionId: process.env.AZURE_MANAGEMENT_SUBSCRIPTIONID,
  pem: fs.readFileSync(process.env.AZURE_MANAGEMENT_CERTFILE, 'utf8'),
});

/** A client whose operations return promises; it looks after long-running ones every tenth of a second. */
function client(library, factory, ...more) {
  const made = require(library)[factory](...more, credentials, endpoint);
  made.longRunningOperationInitialTimeout = 0.1;
  made.longRunningOperationRetryTimeout = 0.1;
  return promising(made);
}

function promising(target) {
  return new Proxy(target, {
    get(_, name) {
      const found = target[name];
      if (typeof found === 'function') {
        return (...given) =>
          new Promise((resolve, reject) => {
            const stream = found.call(target, ...given, (error, result) => (error ? reject(error) : resolve(result)));
            // A POST or PUT without a body is a stream that waits for one.
            if (stream && typeof stream.end === 'function') stream.end();
          });
      }
      return found !== null && typeof found === 'object' && found.client ? promising(found) : found;
    },
  });
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

async function until(found) {
  for (let left = 300; left; left -= 1) {
    if (await found()) return;
    await pause(0.1);
  }
  assert.fail('it did not come about');
}

async function refused(code, promise) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error);
    return true;
  });
}

const subscription = credentials.subscriptionId;

/** Asks the emulator's control plane for something; what it answered. */
async function control(path, given) {
  const said = given && {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...given, subscription }),
  };
  const answer = await fetch(`${process.env.FLOW_CONTROL}${path}`, said);
  const found = await answer.json();
  assert.ok(answer.ok, found.error);
  return found;
}

/** The emulator's time, which is ahead of ours once it was moved. */
const now = async () => new Date((await control(`/clock?subscription=${subscription}`)).now);

/** Moves the subscription's time on, until the next reset: for what the service does hours later. */
const later = (seconds) => control('/clock/advance', { seconds });

/** Plans maintenance for the hosts of a service's machines; `windows` in seconds from now. */
const planMaintenance = async (service, windows) => (await control(`/maintenance/${service}`, windows)).maintenance;

const names = (list) => list.map((one) => one.name).sort();
const WEST = 'West US';

module.exports = { client, later, names, now, planMaintenance, promising, refused, until, WEST };
