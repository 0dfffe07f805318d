// A site, and what opens its own host.
'use strict';
const website = require('azure-asm-website');
const { client, promising, WEST } = require('./client');

const SPACE = 'westuswebspace';

/** A site, and the library's clients of its tools. */
async function made(site) {
  const management = client('azure-asm-website', 'createWebSiteManagementClient');
  await management.webHostingPlans.create(SPACE, { name: `${site}plan`, sKU: 'Standard', numberOfWorkers: 1, workerSize: 'Small' });
  await management.webSites.create(SPACE, {
    name: site, serverFarm: `${site}plan`, webSpace: { name: SPACE, geoRegion: WEST, plan: 'VirtualDedicatedPlan' },
  });
  const [profile] = (await management.webSites.getPublishProfile(SPACE, site)).publishProfiles;
  const { userName: username, userPassword: password } = profile;
  const tools = (user) => promising(website.createWebSiteExtensionsClient(site, website.createBasicAuthenticationCloudCredentials(user)));
  const streams = website.createScmService({ user: username, pass: password }, { host: `${site}.scm.azurewebsites.net` });
  return { tools: tools({ username, password }), stranger: tools({ username, password: 'wrong' }), streams, username, password };
}

module.exports = { made };
