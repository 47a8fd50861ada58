import assert from 'node:assert/strict';
import test from 'node:test';

import { Saver } from '../../intake/static/intake/js/saver.js';

/** A saver whose time stands still until `tick`. */
function still(send) {
  const seen = [];
  const timers = [];
  const saver = new Saver({
    send,
    onSaved: (answer) => seen.push(answer),
    onFailed: () => seen.push('failed'),
    later: (run, pause) => { timers.push({ run, pause }); return timers.length - 1; },
    never: (at) => { if (at !== null && timers[at]) timers[at].run = () => {}; },
  });
  const tick = async () => { const { run, pause } = timers.pop(); await run(); return pause; };
  return { saver, seen, timers, tick };
}

test('changes in quick succession are saved once', async () => {
  let sent = 0;
  const { saver, seen, tick } = still(async () => { sent += 1; return sent; });
  saver.touch(200);
  saver.touch(200);
  await tick();
  assert.equal(sent, 1);
  assert.deepEqual(seen, [1]);
});

test('what changes while a save is under way is saved after it', async () => {
  let release;
  let sent = 0;
  const { saver, tick } = still(() => { sent += 1; return new Promise((done) => { release = done; }); });
  saver.touch(0);
  const first = tick();
  saver.touch(0);
  await tick();
  assert.equal(sent, 1);
  release('first');
  await first;
  const second = tick();
  release('second');
  await second;
  assert.equal(sent, 2);
});

test('a save that failed is tried again, later each time, until it goes through', async () => {
  let fails = 2;
  const { saver, seen, tick } = still(async () => { if (fails > 0) { fails -= 1; throw new Error('offline'); } return 'ok'; });
  saver.touch(0);
  assert.equal(await tick(), 0);
  assert.equal(await tick(), 2000);
  assert.equal(await tick(), 4000);
  assert.deepEqual(seen, ['failed', 'failed', 'ok']);
});

test('nothing is sent when nothing changed, nor after the form itself was sent', async () => {
  let sent = 0;
  const { saver, timers, tick } = still(async () => { sent += 1; });
  saver.flush();
  assert.equal(timers.length, 0);
  saver.touch(0);
  saver.stop();
  await tick();
  assert.equal(sent, 0);
});
