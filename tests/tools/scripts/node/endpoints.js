// What virtual machines are reached by: load-balanced endpoints, further addresses, and the file of a remote desktop.
'use strict';
const assert = require('node:assert').strict;
const { client, refused } = require('./client');
const { account, compute, deployed, role } = require('./machines');

const WEB = {
  loadBalancedEndpointSetName: 'web', name: 'http', protocol: 'tcp', port: 80, localPort: 8080,
  loadBalancerProbe: { port: 8080, protocol: 'tcp' },
};

async function endpoints() {
  const { virtualMachines, deployments, hostedServices } = compute();
  await account();
  const desktop = { name: 'desktop', protocol: 'tcp', port: 53389, localPort: 3389 };
  await deployed('nodeservice', 'nodevms', [
    await role('one', [WEB, desktop], 'Windows'), await role('two', [WEB]),
  ]);
  const here = ['nodeservice', 'nodevms'];
  const endpointsOf = async (name) => {
    const { configurationSets } = await virtualMachines.get(...here, name);
    return configurationSets.find((one) => one.configurationSetType === 'NetworkConfiguration').inputEndpoints;
  };

  await virtualMachines.updateLoadBalancedEndpointSet(...here, {
    loadBalancedEndpoints: [{
      ...WEB, localPort: 9090, loadBalancerProbe: { port: 9090, protocol: 'http', path: '/alive' },
      rules: [{ order: 0, action: 'permit', remoteSubnet: '203.0.113.0/24', description: 'office' }],
    }],
  });
  for (const name of ['one', 'two']) {
    const web = (await endpointsOf(name)).find((one) => one.name === 'http');
    assert.deepEqual([web.port, web.localPort, web.loadBalancerProbe.path], [80, 9090, '/alive'], name);
    assert.deepEqual(web.endpointAcl.rules.map((one) => one.remoteSubnet), ['203.0.113.0/24'], name);
  }
  const missing = { loadBalancedEndpoints: [{ ...WEB, loadBalancedEndpointSetName: 'missing' }] };
  await refused('BadRequest', virtualMachines.updateLoadBalancedEndpointSet(...here, missing));
  assert.equal((await endpointsOf('one')).find((one) => one.name === 'desktop').port, 53389);

  const { remoteDesktopFile } = await virtualMachines.getRemoteDesktopFile(...here, 'one');
  assert.match(remoteDesktopFile.toString(), /full address:s:nodeservice\.cloudapp\.net:53389/);
  await refused('BadRequest', virtualMachines.getRemoteDesktopFile(...here, 'two')); // it has no such endpoint
  await refused('ResourceNotFound', virtualMachines.getRemoteDesktopFile(...here, 'three'));

  const { virtualIPs } = client('azure-asm-network', 'createNetworkManagementClient');
  const added = async () => (await deployments.getByName(...here)).virtualIPAddresses.map((one) => one.name);
  await virtualIPs.add(...here, 'second');
  assert.ok((await added()).includes('second'));
  await refused('ConflictError', virtualIPs.add(...here, 'second'));
  await virtualIPs.remove(...here, 'second');
  assert.ok(!(await added()).includes('second'));
  await refused('ResourceNotFound', virtualIPs.remove(...here, 'second'));
  await hostedServices.deleteAll('nodeservice');
}

module.exports = { endpoints };
