// A publisher's images: copied to regions, shared, and taken back.
'use strict';
const assert = require('node:assert').strict;
const { refused, until, WEST } = require('./client');
const { account, blob, compute } = require('./machines');

const PUBLISHED = {
  targetLocations: [WEST, 'East US'], computeImageAttributes: { offer: 'offer', sku: 'sku', version: '1.0.0' },
};

async function images() {
  const { virtualMachineOSImages: systems, virtualMachineVMImages: machines } = compute();
  await account();
  await systems.create({
    name: 'nodesystem', label: 'label', mediaLinkUri: blob('system'), operatingSystemType: 'Linux', isPremium: false, showInGui: true,
  });
  await machines.create({
    name: 'nodemachine', label: 'label',
    oSDiskConfiguration: { oSState: 'Specialized', os: 'Linux', mediaLink: blob('machine') },
    dataDiskConfigurations: [],
  });
  await until(async () => (await machines.list()).vMImages.some((one) => one.name === 'nodemachine'));
  await published(systems, 'nodesystem');
  await withdrawn(systems, 'nodesystem');
  await published(machines, 'nodemachine');
  const found = await machines.getDetails('nodemachine');
  assert.equal(found.oSDiskConfiguration.mediaLink, blob('machine'));
  assert.equal(found.sharingStatus, 'Msdn');
  assert.match(found.publishedName, /nodemachine$/);
  await withdrawn(machines, 'nodemachine');
  assert.equal((await machines.getDetails('nodemachine')).sharingStatus, undefined);
  await refused('ResourceNotFound', machines.getDetails('missing'));
  await systems.deleteMethod('nodesystem', true);
  await machines.deleteMethod('nodemachine', true);
  await until(async () => !(await machines.list()).vMImages.some((one) => one.name === 'nodemachine'));
}

/** What both kinds of image go through: into two regions and shared. */
async function published(kind, name) {
  const details = () => kind.getDetails(name);
  assert.deepEqual((await details()).replicationProgress, []);
  await refused('ResourceNotFound', kind.replicate('missing', PUBLISHED));
  await refused('BadRequest', kind.replicate(name, { ...PUBLISHED, targetLocations: ['Atlantis'] }));
  await refused('BadRequest', kind.share(name, 'public')); // nothing of it is anywhere
  await kind.replicate(name, PUBLISHED);
  await until(async () => (await details()).replicationProgress.every((one) => one.progress === '100'));
  const found = await details();
  assert.deepEqual(found.replicationProgress.map((one) => one.location).sort(), ['East US', WEST]);
  assert.equal(found.computeImageAttributes.offer, 'offer');
  await kind.share(name, 'msdn');
}

/** And back: out of one region, then out of all. */
async function withdrawn(kind, name) {
  const details = () => kind.getDetails(name);
  await kind.replicate(name, { ...PUBLISHED, targetLocations: ['East US'] });
  assert.deepEqual((await details()).replicationProgress.map((one) => one.location), ['East US']);
  await kind.unreplicate(name);
  assert.deepEqual((await details()).replicationProgress, []);
}

module.exports = { images };
