import assert from 'node:assert/strict';
import test from 'node:test';

import { belongs } from '../../intake/static/intake/js/structure-overlay.js';

const about = { local: ['lateral-hip', 'sacrum'], referral: ['lateral-thigh'], sides: ['right'] };

test('a structure is outlined where it lies and where it refers to, on the sides that are marked', () => {
  assert.equal(belongs('lateral-hip.right', about), 'local');
  assert.equal(belongs('lateral-hip.left', about), '');
  assert.equal(belongs('lateral-thigh.right', about), 'referral');
  assert.equal(belongs('sacrum', about), 'local');
  assert.equal(belongs('groin.right', about), '');
});
