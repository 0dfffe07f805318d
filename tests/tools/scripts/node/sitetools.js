// A site's own host, with its publishing credentials: jobs, deployments, settings and logs of its tools.
//
// To be run under `asm-emulator exec`, where the site's host leads to the emulator.
'use strict';
const assert = require('node:assert').strict;
const crypto = require('node:crypto');
const fs = require('node:fs');
const { names, until } = require('./client');
const { made } = require('./sitehost');

/** The calls of these clients say what a host answered by its status alone. */
const answered = (status, promise) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.statusCode, status, error);
    return true;
  });

async function sitejobs() {
  const { tools, stranger } = await made('nodejobs');
  await answered(401, stranger.continuousWebJobs.list());
  const worker = tools.continuousWebJobs;
  await answered(404, worker.getSettings('worker'));
  await answered(400, worker.uploadZip('worker', 'job.zip', Buffer.from('PK\x03\x04 no archive')));
  await worker.uploadFile('worker', 'run.cmd', 'echo');
  assert.deepEqual(names((await worker.list()).continuousWebJobs), ['worker']);
  await worker.setSettings('worker', { isSingleton: true, shutdownGraceTimeInSeconds: 9 });
  const { isSingleton, shutdownGraceTimeInSeconds } = await worker.getSettings('worker');
  assert.deepEqual([isSingleton, shutdownGraceTimeInSeconds], [true, 9]);
  await answered(400, worker.setSettings('worker', { shutdownGraceTimeInSeconds: -1 }));
  assert.equal((await worker.getSettings('worker')).shutdownGraceTimeInSeconds, 9);
  await worker.deleteMethod('worker');
  await answered(404, worker.setSettings('worker', { isSingleton: true }));

  const clean = tools.triggeredWebJobs;
  await clean.uploadFile('clean', 'run.ps1', 'echo');
  await clean.setSettings('clean', { shutdownGraceTimeInSeconds: 20 });
  assert.equal((await clean.getSettings('clean')).shutdownGraceTimeInSeconds, 20);
  await clean.run('clean');
  await until(async () => (await clean.listRuns('clean')).triggeredWebJobRuns[0].status === 'Success');
  await clean.deleteMethod('clean');
  await answered(404, clean.getSettings('clean'));
}

/** A job of some megabytes, which an archive with a picture in it soon has. */
async function sitebigjobs() {
  const { tools } = await made('nodebig');
  const big = fs.readFileSync(process.env.FLOW_ARCHIVE);
  assert.ok(big.length > 5e6);
  await tools.continuousWebJobs.uploadZip('big', 'big.zip', big);
  await tools.triggeredWebJobs.uploadFile('script', 'run.cmd', crypto.randomBytes(2 << 20).toString('base64'));
  assert.equal((await tools.continuousWebJobs.get('big')).continuousWebJob.runCommand, 'run.cmd');
  assert.deepEqual(names((await tools.triggeredWebJobs.list()).triggeredWebJobs), ['script']);
}

async function sitedeployments() {
  const { tools, username, password } = await made('nodedeployed');
  const note = { status: 4, message: 'first', author: 'Ada', deployer: 'Ada' };
  const address = 'https://nodedeployed.scm.azurewebsites.net/api/deployments/first';
  const { status } = require('node:child_process').spawnSync(
    'curl', ['--fail', '--silent', '--user', `${username}:${password}`, '--request', 'PUT', '--header', 'Content-Type: application/json', '--data', JSON.stringify(note), address],
  );
  assert.equal(status, 0);
  const { deployments, repository } = tools;
  assert.equal((await deployments.get('first')).deployment.message, 'first');
  const steps = (await deployments.listLogs('first', {})).logs;
  const detailed = steps.find((one) => one.detailsUrl);
  const found = await deployments.getLog('first', detailed.id);
  assert.equal(found.statusCode, 200);
  await answered(404, deployments.getLog('first', 'nothing'));
  await deployments.redeploy('first');
  await until(async () => (await deployments.get('first')).deployment.complete);
  await repository.deleteMethod();
  assert.deepEqual((await deployments.list({})).deployments, []);
  await answered(404, deployments.redeploy('first'));
}

async function sitesettings() {
  const { tools, stranger } = await made('nodeset');
  const { settings, diagnostics } = tools;
  await settings.update({ settings: { colour: 'blue', size: 'big' } });
  assert.equal((await settings.get('colour')).value, 'blue');
  await answered(401, stranger.settings.update({ settings: { colour: 'red' } }));
  await settings.deleteMethod('colour');
  await answered(404, settings.get('colour'));
  await answered(404, settings.deleteMethod('colour'));
  const listed = (await settings.list()).settings;
  assert.deepEqual([listed.size, listed.colour, listed.deployment_branch], ['big', undefined, 'master']);
  await settings.update({ settings: { deployment_branch: 'live' } });
  assert.equal((await settings.get('deployment_branch')).value, 'live');
  await settings.deleteMethod('deployment_branch');
  assert.equal((await settings.get('deployment_branch')).value, 'master');
  await diagnostics.updateSettings({ settings: { AzureDriveEnabled: true, AzureDriveTraceLevel: 'Verbose' } });
  assert.equal((await diagnostics.getSettings()).settings.AzureDriveTraceLevel, 'Verbose');
}

async function sitelogs() {
  const { streams } = await made('nodelogged');
  const read = (path) =>
    new Promise((resolve, reject) => {
      let text = '';
      streams.getLogStream(path, {}, (error, chunk) => { text += chunk || ''; }, (error) => (error ? reject(error) : resolve(text)));
    });
  assert.match(await read('application'), /Welcome, you are now connected to log-streaming service/);
  assert.match(await read(''), /Welcome/);
  await assert.rejects(read('nonsense'));
}

module.exports = { sitejobs, sitebigjobs, sitedeployments, sitesettings, sitelogs };
