// Preloaded into Node by the tests: the Azure clients look after a long-running operation every 30 seconds, which is all
// a test would do.  Here they look every 0.3 seconds, and so also while the operation is still in progress.
'use strict';
const { setTimeout } = globalThis;
globalThis.setTimeout = Object.assign(
  (callback, delay, ...rest) => setTimeout(callback, delay >= 5000 ? delay / 100 : delay, ...rest),
  setTimeout,
);
