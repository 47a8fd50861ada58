import assert from 'node:assert/strict';
import test from 'node:test';

import { bodyOf, isWorthOffering, KeptAnswers } from '../../intake/static/intake/js/kept.js';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

class FakeStorage {
  constructor() { this.rows = new Map(); }

  get length() { return this.rows.size; }

  key(index) { return [...this.rows.keys()][index] ?? null; }

  getItem(key) { return this.rows.get(key) ?? null; }

  setItem(key, value) { this.rows.set(key, value); }

  removeItem(key) { this.rows.delete(key); }
}

const onPage = (local, session, path, now) => new KeptAnswers(local, session, path, now);

test('what was typed is there again after the tab was closed', () => {
  const local = new FakeStorage();
  onPage(local, new FakeStorage(), '/i/x/step/1/').keep('reason=hip');
  assert.equal(onPage(local, new FakeStorage(), '/i/x/step/1/').get().body, 'reason=hip');
  assert.equal(onPage(local, new FakeStorage(), '/i/x/step/2/').get(), null);
});

test('neither the token is kept nor a file nor the side of the body that was looked at', () => {
  const entries = [['csrfmiddlewaretoken', 's'], ['reason', 'a b'], ['photo', { name: 'x' }], ['pain-map.view', 'back']];
  assert.equal(bodyOf(entries), 'reason=a+b');
});

test('the same answers in another order are not offered, other answers are', () => {
  assert.equal(isWorthOffering({ body: 'a=1&b=2&c=' }, 'b=2&a=1'), false);
  assert.equal(isWorthOffering({ body: 'a=1&b=2' }, 'a=1'), true);
  assert.equal(isWorthOffering({ body: 'a=1' }, 'a=1&b=2'), true);
  assert.equal(isWorthOffering({ body: 'p%3Arows=1&a=1' }, 'p%3Arows=2&a=1&b='), false);
  assert.equal(isWorthOffering(null, 'a=1'), false);
  assert.equal(isWorthOffering({ body: 7 }, 'a=1'), false);
});

test('a page that was sent is forgotten on the next page, and only there', () => {
  const [local, session] = [new FakeStorage(), new FakeStorage()];
  const first = onPage(local, session, '/i/x/step/1/');
  first.keep('reason=hip');
  first.leave();
  onPage(local, session, '/i/x/step/1/').arrive();
  assert.notEqual(first.get(), null, 'shown again with an error: it has not arrived');
  first.leave();
  onPage(local, session, '/i/x/step/2/').arrive();
  assert.equal(first.get(), null);
});

test('once the form is done nothing of it stays, and other forms are left alone', () => {
  const local = new FakeStorage();
  for (const path of ['/i/x/step/1/', '/i/x/step/2/', '/i/y/step/1/']) onPage(local, new FakeStorage(), path).keep('a=1');
  onPage(local, new FakeStorage(), '/i/x/done/').forgetAll('/i/x/');
  assert.deepEqual(onPage(local, new FakeStorage(), '').paths(), ['/i/y/step/1/']);
});

test('nothing is kept for longer than a week', () => {
  const local = new FakeStorage();
  onPage(local, new FakeStorage(), '/i/x/step/1/', () => 1_000).keep('a=1');
  onPage(local, new FakeStorage(), '/i/y/step/1/', () => WEEK_MS + 1_000).arrive();
  assert.notEqual(onPage(local, new FakeStorage(), '/i/x/step/1/').get(), null);
  onPage(local, new FakeStorage(), '/i/y/step/1/', () => WEEK_MS + 1_001).arrive();
  assert.equal(onPage(local, new FakeStorage(), '/i/x/step/1/').get(), null);
});

test('a browser that refuses to keep anything stops nothing', () => {
  const refusing = new Proxy({}, { get: () => { throw new Error('denied'); } });
  const answers = onPage(refusing, refusing, '/i/x/step/1/');
  answers.keep('a=1');
  answers.leave();
  answers.arrive();
  answers.forgetAll('/i/');
  assert.equal(answers.get(), null);
});
