// Gateways by their ids, what they are connected with, and how they end.
'use strict';
const assert = require('node:assert').strict;
const { client, refused, until, WEST } = require('./client');
const { NETWORK } = require('./network');

async function gateways() {
  const { networks, gateways: gateway } = client('azure-asm-network', 'createNetworkManagementClient');
  await networks.setConfiguration({ configuration: NETWORK });
  await gateway.createVirtualNetworkGateway('nodenet', {
    gatewayName: 'nodegateway', gatewayType: 'DynamicRouting', gatewaySKU: 'Default', location: WEST,
  });
  const list = async () => (await gateway.listVirtualNetworkGateways()).virtualNetworkGateways;
  await until(async () => (await list()).every((one) => one.state === 'Provisioned'));
  const [{ gatewayId, gatewayName }] = await list();
  assert.equal(gatewayName, 'nodegateway');
  await gateway.resizeVirtualNetworkGateway(gatewayId, { gatewaySKU: 'HighPerformance' });
  await gateway.resetVirtualNetworkGateway(gatewayId, {});
  assert.equal((await gateway.getVirtualNetworkGateway(gatewayId)).gatewaySKU, 'HighPerformance');

  await gateway.createLocalNetworkGateway({
    gatewayName: 'nodeoffice', ipAddress: '203.0.113.7', addressSpace: ['192.168.7.0/24'],
  });
  const [office] = (await gateway.listLocalNetworkGateways()).localNetworkGateways;
  assert.deepEqual([office.gatewayName, office.ipAddress], ['nodeoffice', '203.0.113.7']);
  await gateway.updateLocalNetworkGateway(office.id, { addressSpace: ['192.168.8.0/24'] });
  assert.deepEqual((await gateway.getLocalNetworkGateway(office.id)).addressSpace, ['192.168.8.0/24']);
  await gateway.createGatewayConnection({
    virtualNetworkGatewayId: gatewayId, connectedEntityId: office.id, gatewayConnectionName: 'nodeconnection',
    gatewayConnectionType: 'IPsec', routingWeight: 1, sharedKey: 'abcdef123456',
  });
  const connection = () => gateway.getGatewayConnection(gatewayId, office.id);
  await until(async () => (await gateway.listGatewayConnections()).virtualNetworkGatewayConnections.length === 1);
  await gateway.updateGatewayConnection(gatewayId, office.id, { routingWeight: 5 });
  assert.equal((await connection()).routingWeight, 5);

  await refused('ConflictError', gateway.deleteLocalNetworkGateway(office.id));
  await refused('ConflictError', gateway.deleteVirtualNetworkGateway(gatewayId));
  assert.equal((await list()).length, 1);
  await gateway.deleteGatewayConnection(gatewayId, office.id);
  await refused('ResourceNotFound', connection());
  await gateway.deleteLocalNetworkGateway(office.id);
  await gateway.deleteVirtualNetworkGateway(gatewayId);
  assert.deepEqual(await list(), []);
  await refused('ResourceNotFound', gateway.getVirtualNetworkGateway(gatewayId));
  await refused('ResourceNotFound', gateway.deleteVirtualNetworkGateway(gatewayId));
  assert.equal((await gateway.get('nodenet')).state, 'NotProvisioned');
}

module.exports = { gateways };
