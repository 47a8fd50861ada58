import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isChanged, snapshot } from '../../clinic/ui/static/ui/js/snapshot.js';

test('an untouched form is unchanged, whatever its token', () => {
  const before = snapshot([['csrfmiddlewaretoken', 'a'], ['name', 'Joan']]);
  assert.equal(isChanged(before, snapshot([['csrfmiddlewaretoken', 'b'], ['name', 'Joan']])), false);
});

test('a changed word, one more tick and another file all count', () => {
  const before = snapshot([['name', 'Joan'], ['letter', { name: 'a.pdf', size: 10 }]]);
  assert.equal(isChanged(before, snapshot([['name', 'Jo'], ['letter', { name: 'a.pdf', size: 10 }]])), true);
  assert.equal(isChanged(before, snapshot([['name', 'Joan'], ['letter', { name: 'a.pdf', size: 11 }]])), true);
  assert.equal(isChanged(before, snapshot([['name', 'Joan'], ['letter', { name: 'a.pdf', size: 10 }], ['tick', 'on']])), true);
});
