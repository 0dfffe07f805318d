// Whole flows of the azure-asm-* client libraries, one or more for each library.
//
// usage: NODE_PATH=node_modules node node_flows.js ENDPOINT FLOW
// with AZURE_MANAGEMENT_CERTFILE, AZURE_MANAGEMENT_SUBSCRIPTIONID, NODE_EXTRA_CA_CERTS, and a certificate to upload:
// FLOW_CONTROL (the emulator's control plane), FLOW_PEM, FLOW_PFX (its password: secret), FLOW_THUMBPRINT
'use strict';

const flows = {
  ...require('./node/accounts'),
  ...require('./node/clusters'),
  ...require('./node/compute'),
  ...require('./node/databases'),
  ...require('./node/endpoints'),
  ...require('./node/gateways'),
  ...require('./node/images'),
  ...require('./node/jobs'),
  ...require('./node/maintenance'),
  ...require('./node/messaging'),
  ...require('./node/migration'),
  ...require('./node/network'),
  ...require('./node/platform'),
  ...require('./node/sites'),
  ...require('./node/kudu'),
  ...require('./node/sitetools'),
};

flows[process.argv[3]]().then(
  () => console.log('done'),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
