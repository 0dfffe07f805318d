// The life of virtual networks and all that hangs on them, and of traffic manager profiles.
'use strict';
const assert = require('node:assert').strict;
const fs = require('node:fs');
const { X509Certificate } = require('node:crypto');
const { client, names, refused, until, WEST } = require('./client');

const NETWORK = `<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
  <VirtualNetworkConfiguration>
    <LocalNetworkSites>
      <LocalNetworkSite name="office"><AddressSpace><AddressPrefix>192.168.0.0/24</AddressPrefix></AddressSpace>
        <VPNGatewayAddress>203.0.113.5</VPNGatewayAddress></LocalNetworkSite>
    </LocalNetworkSites>
    <VirtualNetworkSites>
      <VirtualNetworkSite name="nodenet" Location="West US">
        <AddressSpace><AddressPrefix>10.0.0.0/16</AddressPrefix></AddressSpace>
        <Subnets>
          <Subnet name="front"><AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet>
          <Subnet name="GatewaySubnet"><AddressPrefix>10.0.255.0/29</AddressPrefix></Subnet>
        </Subnets>
        <Gateway><ConnectionsToLocalNetwork>
          <LocalNetworkSiteRef name="office"><Connection type="IPsec"/></LocalNetworkSiteRef>
        </ConnectionsToLocalNetwork></Gateway>
      </VirtualNetworkSite>
    </VirtualNetworkSites>
  </VirtualNetworkConfiguration>
</NetworkConfiguration>`;

async function network() {
  const found = client('azure-asm-network', 'createNetworkManagementClient');
  await refused('ResourceNotFound', found.networks.getConfiguration());
  await found.networks.setConfiguration({ configuration: NETWORK });
  assert.match((await found.networks.getConfiguration()).configuration, /name="nodenet"/);
  assert.deepEqual(names((await found.networks.list()).virtualNetworkSites), ['nodenet']);
  assert.equal((await found.staticIPs.check('nodenet', '10.0.0.5')).isAvailable, true);

  await found.reservedIPs.create({ name: 'nodeaddress', label: 'label', location: WEST });
  assert.equal((await found.reservedIPs.get('nodeaddress')).state, 'Created');
  assert.deepEqual(names((await found.reservedIPs.list()).reservedIPs), ['nodeaddress']);
  await found.reservedIPs.deleteMethod('nodeaddress');

  const groups = found.networkSecurityGroups;
  await groups.create({ name: 'nodegroup', label: 'label', location: WEST });
  await groups.setRule('nodegroup', 'web', {
    type: 'Inbound', priority: 100, action: 'Allow', sourceAddressPrefix: '*', sourcePortRange: '*',
    destinationAddressPrefix: '*', destinationPortRange: '80', protocol: 'TCP',
  });
  assert.equal((await groups.get('nodegroup', 'Full')).rules.length, 7);
  await groups.addToSubnet('nodenet', 'front', { name: 'nodegroup' });
  assert.equal((await groups.getForSubnet('nodenet', 'front')).name, 'nodegroup');
  await groups.removeFromSubnet('nodenet', 'front', 'nodegroup');
  await groups.deleteRule('nodegroup', 'web');
  await groups.deleteMethod('nodegroup');
  assert.deepEqual((await groups.list()).networkSecurityGroups, []);

  const { routes } = found;
  await routes.createRouteTable({ name: 'nodetable', label: 'label', location: WEST });
  await routes.setRoute('nodetable', 'out', {
    name: 'out', addressPrefix: '10.9.0.0/16', nextHop: { type: 'VirtualAppliance', ipAddress: '10.0.0.4' },
  });
  assert.deepEqual(names((await routes.getRouteTableWithDetails('nodetable', 'Full')).routeTable.routeList), ['out']);
  await routes.addRouteTableToSubnet('nodenet', 'front', { routeTableName: 'nodetable' });
  assert.equal((await routes.getRouteTableForSubnet('nodenet', 'front')).routeTableName, 'nodetable');
  await routes.removeRouteTableFromSubnet('nodenet', 'front');
  await routes.deleteRoute('nodetable', 'out');
  await routes.deleteRouteTable('nodetable');
  assert.deepEqual((await routes.listRouteTables()).routeTables, []);

  await gateways(found);
  await applicationGateways(found);
  await found.networks.setConfiguration({ configuration: NETWORK.replace(/(<VirtualNetworkConfiguration)>.*(?=<.Net)/s, '$1/>') });
  assert.deepEqual((await found.networks.list()).virtualNetworkSites, []);
}

async function gateways({ gateways: gateway, clientRootCertificates }) {
  await gateway.create('nodenet', { gatewayType: 'DynamicRouting', gatewaySKU: 'Default' });
  await until(async () => (await gateway.get('nodenet')).state === 'Provisioned');
  assert.deepEqual(
    (await gateway.listConnections('nodenet')).connections.map((one) => one.localNetworkSiteName), ['office'],
  );
  await gateway.setSharedKey('nodenet', 'office', { value: 'abcdef123456' });
  assert.equal((await gateway.getSharedKey('nodenet', 'office')).sharedKey, 'abcdef123456');
  await gateway.resetSharedKey('nodenet', 'office', { keyLength: 32 });
  assert.notEqual((await gateway.getSharedKey('nodenet', 'office')).sharedKey, 'abcdef123456');
  await gateway.connectDisconnectOrTest('nodenet', 'office', { operation: 'Connect' });
  await gateway.setDefaultSites('nodenet', { defaultSite: 'office' });
  await gateway.removeDefaultSites('nodenet');
  await gateway.resize('nodenet', { gatewaySKU: 'HighPerformance' });
  await gateway.reset('nodenet', {});
  const { vendors } = await gateway.listSupportedDevices();
  const platform = vendors[0].platforms[0];
  const script = await gateway.getDeviceConfigurationScript('nodenet', {
    vendor: vendors[0].name, platform: platform.name, oSFamily: platform.oSFamilies[0].name,
  });
  assert.match(script.configurationScript, /\S/);
  const pem = fs.readFileSync(process.env.FLOW_PEM, 'utf8');
  await clientRootCertificates.create('nodenet', { certificate: pem.replace(/-----[^-]+-----|\s/g, '') });
  await until(async () => {
    const { clientRootCertificates: roots } = await clientRootCertificates.list('nodenet');
    return roots.length === 1 && roots[0].thumbprint === process.env.FLOW_THUMBPRINT;
  });
  const { certificate } = await clientRootCertificates.get('nodenet', process.env.FLOW_THUMBPRINT);
  const [kept] = certificate.toString().match(/-----BEGIN[^<]*/); // the client hands the whole answer over
  assert.equal(new X509Certificate(kept).fingerprint.replaceAll(':', ''), process.env.FLOW_THUMBPRINT);
  await refused('ResourceNotFound', clientRootCertificates.get('nodenet', '0'.repeat(40)));
  await clientRootCertificates.deleteMethod('nodenet', process.env.FLOW_THUMBPRINT);
  await until(async () => !(await clientRootCertificates.list('nodenet')).clientRootCertificates.length);
  await gateway.deleteMethod('nodenet');
  await until(async () => (await gateway.get('nodenet')).state === 'NotProvisioned');
}

async function applicationGateways({ applicationGateways: gateway }) {
  await gateway.create({
    name: 'nodegateway', vnetName: 'nodenet', subnets: ['front'], gatewaySize: 'Small', instanceCount: 2,
  });
  await gateway.setConfig('nodegateway', {
    frontendIPConfigurations: [{ name: 'inner', type: 'Private', staticIPAddress: '10.0.0.30' }],
    frontendPorts: [{ name: 'http', port: 80 }],
    backendAddressPools: [{ name: 'first', backendServers: [{ ipAddress: '10.0.0.4' }] }],
    backendHttpSettingsList: [{ name: 'plain', port: 80, protocol: 'Http', cookieBasedAffinity: 'Enabled' }],
    httpListeners: [{ name: 'listening', frontendIP: 'inner', frontendPort: 'http', protocol: 'Http' }],
    httpLoadBalancingRules: [
      { name: 'all', type: 'basic', backendHttpSettings: 'plain', listener: 'listening', backendAddressPool: 'first' },
    ],
  });
  assert.deepEqual(names((await gateway.getConfig('nodegateway')).httpLoadBalancingRules), ['all']);
  await gateway.executeOperation('nodegateway', { operationType: 'Start' });
  assert.equal((await gateway.get('nodegateway')).state, 'Running');
  await gateway.executeOperation('nodegateway', { operationType: 'Stop' });
  await gateway.update('nodegateway', {
    vnetName: 'nodenet', subnets: ['front'], gatewaySize: 'Medium', instanceCount: 3,
  });
  assert.deepEqual(names((await gateway.list()).applicationGateways), ['nodegateway']);
  await gateway.deleteMethod('nodegateway');
}

async function trafficmanager() {
  const { profiles, definitions } = client('azure-asm-trafficmanager', 'createTrafficManagerManagementClient');
  assert.equal((await profiles.checkDnsPrefixAvailability('nodedomain.trafficmanager.net')).result, true);
  await profiles.create('nodeprofile', 'nodedomain.trafficmanager.net');
  await definitions.create('nodeprofile', {
    dnsOptions: { timeToLiveInSeconds: 300 },
    monitors: [{
      intervalInSeconds: 30, timeoutInSeconds: 10, toleratedNumberOfFailures: 3, protocol: 'Http', port: 80,
      httpOptions: { verb: 'GET', relativePath: '/', expectedStatusCode: 200 },
    }],
    policy: {
      loadBalancingMethod: 'Performance',
      endpoints: [{ domainName: 'www.example.com', status: 'Enabled', type: 'Any', weight: 1, location: WEST }],
    },
  });
  const { definition } = await definitions.get('nodeprofile');
  assert.deepEqual(definition.policy.endpoints.map((one) => one.domainName), ['www.example.com']);
  assert.equal((await definitions.list('nodeprofile')).definitions.length, 1);
  await profiles.update('nodeprofile', 'Disabled', 1);
  assert.equal((await profiles.get('nodeprofile')).profile.status, 'Disabled');
  assert.deepEqual(names((await profiles.list()).profiles), ['nodeprofile']);
  await profiles.deleteMethod('nodeprofile');
  assert.deepEqual((await profiles.list()).profiles, []);
}

module.exports = { NETWORK, network, trafficmanager };
