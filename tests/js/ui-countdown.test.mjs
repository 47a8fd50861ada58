import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Countdown } from '../../clinic/ui/static/ui/js/countdown.js';

test('a toast left alone leaves after its time', () => {
  const countdown = new Countdown(8000, 0);
  assert.equal(countdown.remaining(3000), 5000);
  assert.equal(countdown.remaining(8000), 0);
  assert.equal(countdown.remaining(99000), 0);
});

test('while it is held the clock stands still, and goes on from there', () => {
  const countdown = new Countdown(8000, 0);
  countdown.hold(3000);
  assert.equal(countdown.remaining(60000), 5000);
  countdown.hold(61000);
  countdown.release(70000);
  countdown.release(71000);
  assert.equal(countdown.remaining(72000), 3000);
});
