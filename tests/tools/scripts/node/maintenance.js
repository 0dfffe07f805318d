// Planned maintenance: the tester plans it, the library has it done, and what its owner leaves the platform does.
'use strict';
const assert = require('node:assert').strict;
const { later, planMaintenance, refused, until } = require('./client');
const { account, compute, deployed, role } = require('./machines');

async function maintenance() {
  const { virtualMachines, deployments, hostedServices } = compute();
  await account();
  await deployed('nodeservice', 'nodevms', [await role('one', []), await role('two', [])]);
  const here = ['nodeservice', 'nodevms'];
  const instance = async (name) =>
    (await deployments.getByName(...here)).roleInstances.find((one) => one.instanceName === name);

  await refused('InternalError', virtualMachines.initiateMaintenance(...here, 'one')); // nothing is planned
  const [planned] = await planMaintenance('nodeservice', { machine: 'one', pre_end: 3600, start: 7200, end: 14400 });
  const { maintenanceStatus } = await instance('one');
  assert.equal(maintenanceStatus.isCustomerInitiatedMaintenanceAllowed, true);
  const hours = (from, to) => Math.round((to - from) / 3600000);
  const { preMaintenanceWindowStartTime: opens, preMaintenanceWindowEndTime: closes } = maintenanceStatus;
  const { maintenanceWindowStartTime: starts, maintenanceWindowEndTime: ends } = maintenanceStatus;
  assert.deepEqual([hours(opens, closes), hours(opens, starts), hours(opens, ends)], [1, 2, 4]);
  assert.ok(Math.abs(starts - new Date(planned.start)) < 1000);
  const { persistentVMDowntime } = await deployments.getByName(...here);
  assert.equal(persistentVMDowntime.status, 'PersistentVMUpdateScheduled');
  assert.equal(hours(persistentVMDowntime.startTime, persistentVMDowntime.endTime), 2);

  await virtualMachines.initiateMaintenance(...here, 'one');
  const done = (await instance('one')).maintenanceStatus;
  assert.equal(done.isCustomerInitiatedMaintenanceAllowed, false);
  assert.equal(done.lastOperationResultCode, 'MaintenanceCompleted');
  await until(async () => (await instance('one')).instanceStatus === 'ReadyRole');
  await refused('InternalError', virtualMachines.initiateMaintenance(...here, 'one')); // it is done

  await planMaintenance('nodeservice', { machine: 'two', pre_end: 3600, start: 7200 });
  await later(3600);
  await refused('InternalError', virtualMachines.initiateMaintenance(...here, 'two')); // the time for it is over
  await later(3600);
  await until(async () => (await instance('two')).instanceStatus === 'ReadyRole');
  assert.equal((await instance('two')).maintenanceStatus, undefined); // the platform has done it
  await hostedServices.deleteAll('nodeservice');
}

module.exports = { maintenance };
