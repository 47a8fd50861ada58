import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TickQueue, queued, tickOf } from '../../treatments/static/treatments/js/exercise-queue.js';

const memory = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key), kept };
};

test('a tick is what the form says, without its token', () => {
  const form = [['csrfmiddlewaretoken', 'secret'], ['exercise', 'a'], ['on', '2026-03-13'], ['done', '1']];
  assert.deepEqual(tickOf(form, 5), { exercise: 'a', on: '2026-03-13', done: '1', at: 5 });
});

test('what is said last of an exercise and a day stands, and pain stays with its tick', () => {
  const first = { exercise: 'a', on: '2026-03-13', done: '1', at: 1 };
  const felt = { exercise: 'a', on: '2026-03-13', pain: '3', at: 2 };
  const other = { exercise: 'a', on: '2026-03-12', done: '1', at: 3 };
  let ticks = [first, felt, other].reduce(queued, []);
  assert.deepEqual(ticks, [{ ...felt, done: '1' }, other]);
  ticks = queued(ticks, { ...first, done: '0', at: 4 });
  assert.deepEqual(ticks[1], { ...first, done: '0', at: 4 });
});

test('what was sent goes, but not what was said since', () => {
  const storage = memory();
  const queue = new TickQueue(storage, 'list', () => 10);
  const sent = { exercise: 'a', on: '2026-03-13', done: '1', at: 1 };
  queue.add(sent);
  queue.add({ ...sent, done: '0', at: 2 });
  queue.sent(sent);
  assert.equal(queue.all()[0].done, '0');
  queue.sent({ ...sent, at: 2 });
  assert.equal(storage.kept.size, 0);
});

test('what is older than a week, or not of ours, is forgotten', () => {
  const storage = memory();
  const queue = new TickQueue(storage, 'list', () => 8 * 24 * 3600 * 1000);
  queue.write([{ exercise: 'a', on: '2026-03-13', done: '1', at: 1 }, null]);
  assert.deepEqual(queue.all(), []);
  storage.setItem('palpate:exercises:list', '{broken');
  assert.ok(Array.isArray(queue.all()));
});

test('without storage a tick is kept as long as the page is open', () => {
  const closed = { getItem: () => { throw new Error('closed'); }, setItem: () => { throw new Error('full'); } };
  const queue = new TickQueue(closed, 'list');
  queue.add({ exercise: 'a', on: '2026-03-13', done: '1', at: 1 });
  assert.equal(queue.all().length, 1);
});
