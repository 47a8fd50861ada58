import assert from 'node:assert/strict';
import { test } from 'node:test';

import { csrfToken } from '../../clinic/ui/static/ui/js/page.js';

function page({ cookie, meta = '' }) {
  globalThis.document = { cookie, querySelector: () => (meta ? { content: meta } : null) };
}

test('the token is the one of the present session, in the demo and behind TLS', () => {
  page({ cookie: 'theme=dark; csrftoken=fresh', meta: 'stale' });
  assert.equal(csrfToken(), 'fresh');
  page({ cookie: '__Host-csrf=fresh; theme=dark', meta: 'stale' });
  assert.equal(csrfToken(), 'fresh');
});

test('without a cookie the page has one, or none', () => {
  page({ cookie: 'notcsrftoken=wrong', meta: 'from the page' });
  assert.equal(csrfToken(), 'from the page');
  page({ cookie: '' });
  assert.equal(csrfToken(), '');
});
