// A site's own host through kudu-api, which knows nothing of the rest of Azure.
//
// To be run under `asm-emulator exec`, where the site's host leads to the emulator.
'use strict';
const assert = require('node:assert').strict;
const fs = require('node:fs');
const { until } = require('./client');
const { made } = require('./sitehost');

/** Its calls as promises of what was answered: the body, and the status. */
const called = (group, name, ...given) =>
  new Promise((resolve, reject) => {
    group[name](...given, (error, ...more) => {
      if (error) return reject(error);
      const response = more.find((one) => one && one.statusCode);
      resolve({ body: more.find((one) => one !== response), status: response.statusCode });
    });
  });

async function kudu() {
  const { username, password } = await made('nodekudu');
  const library = require('kudu-api');
  const { webjobs, settings, deployment, diagnostics, scm, dump } = library({ website: 'nodekudu', username, password });
  const stranger = library({ website: 'nodekudu', username, password: 'wrong' });
  await assert.rejects(called(stranger.webjobs, 'listContinuous'), /Status code 401/);

  const uploaded = (await called(webjobs, 'uploadContinuous', 'worker', process.env.FLOW_ARCHIVE)).body;
  assert.deepEqual([uploaded.name, uploaded.type, uploaded.run_command], ['worker', 'continuous', 'run.cmd']);
  fs.writeFileSync('readme.txt', 'nothing to run');
  await assert.rejects(called(webjobs, 'uploadContinuous', 'worker', 'readme.txt'), /Status code 400 .*Runnable script/);
  await called(webjobs, 'stopContinuous', 'worker');
  assert.equal((await called(webjobs, 'getContinuous', 'worker')).body.status, 'Stopped');
  await called(webjobs, 'startContinuous', 'worker');
  await called(webjobs, 'setContinuousSettings', 'worker', { is_singleton: true });
  assert.ok((await called(webjobs, 'getContinuousSettings', 'worker')).body);
  await called(webjobs, 'deleteContinuous', 'worker');
  assert.deepEqual((await called(webjobs, 'listContinuous')).body, []);

  await called(webjobs, 'uploadTriggered', 'clean', process.env.FLOW_ARCHIVE);
  assert.equal((await called(webjobs, 'runTriggered', 'clean')).status, 202);
  const runs = async () => (await called(webjobs, 'listTriggeredHistory', 'clean')).body.runs;
  await until(async () => (await runs())[0].status === 'Success');
  const [run] = await runs();
  assert.deepEqual((await called(webjobs, 'getTriggeredHistory', 'clean', run.id)).body, run);
  assert.equal((await called(webjobs, 'getTriggered', 'clean')).body.latest_run.id, run.id);
  await called(webjobs, 'deleteTriggered', 'clean');
  await assert.rejects(called(webjobs, 'getTriggered', 'clean'), /Status code 404/);

  assert.equal((await called(settings, 'set', { colour: 'blue' })).status, 204);
  assert.equal((await called(settings, 'get', 'colour')).body, 'blue');
  await called(settings, 'del', 'colour');
  assert.equal((await called(settings, 'list')).body.colour, undefined);
  await called(diagnostics, 'set', { AzureDriveEnabled: true });
  assert.equal((await called(diagnostics, 'list')).body.AzureDriveEnabled, true);

  const note = { status: 4, message: 'first', author: 'Ada', deployer: 'Ada' };
  assert.equal((await called(deployment, 'redeploy', 'abc', note)).body.message, 'first');
  assert.equal((await called(deployment, 'redeploy', 'abc', note)).status, 409, 'a note is made once');
  assert.equal((await called(deployment, 'redeploy', 'nothing')).status, 404);
  assert.ok((await called(deployment, 'redeploy', 'abc')).status < 300, 'without a note it is brought again');
  await until(async () => (await called(deployment, 'get', 'abc')).body.complete);
  const steps = (await called(deployment, 'log', 'abc')).body;
  const detailed = steps.find((one) => one.details_url);
  const details = (await called(deployment, 'logDetails', 'abc', detailed.id)).body;
  assert.ok(details.length > 0 && details[0].message);
  await called(scm, 'del');
  assert.deepEqual((await called(deployment, 'list')).body, []);

  assert.equal((await called(dump, 'download', 'dump.zip')).status, 200);
  await until(() => fs.readFileSync('dump.zip').subarray(0, 2).toString() === 'PK'); // it answers before all is written
}

module.exports = { kudu };
