import assert from 'node:assert/strict';
import test from 'node:test';

import { printsAfter } from '../../intake/static/intake/js/elsewhere.js';

test('the page goes on from what the server holds', () => {
  assert.deepEqual(printsAfter({ a: '1' }, { a: '2', b: '3' }, []), { a: '2', b: '3' });
});

test('what was answered elsewhere and is not drawn here yet keeps its earlier print', () => {
  assert.deepEqual(printsAfter({ a: '1' }, { a: '2', b: '3' }, ['a', 'b']), { a: '1' });
});
