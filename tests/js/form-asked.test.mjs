import assert from 'node:assert/strict';
import test from 'node:test';

import { compare } from '../../intake/static/intake/js/asked.js';

test('what is asked is shown, what is not is hidden, what the page does not hold is fetched', () => {
  assert.deepEqual(compare(['a', 'b', 'c'], ['a', 'c', 'd']), { show: ['a', 'c'], hide: ['b'], missing: ['d'] });
});

test('a page that holds exactly what is asked stays as it is', () => {
  assert.deepEqual(compare(['a'], ['a']), { show: ['a'], hide: [], missing: [] });
});
