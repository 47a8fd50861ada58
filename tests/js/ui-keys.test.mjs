import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isWriting, moveIn, shortcutOf } from '../../clinic/ui/static/ui/js/keys.js';

const idle = { writing: false, lettersOn: true };

test('a letter outside a field is a shortcut, in either case', () => {
  assert.equal(shortcutOf({ key: 'n' }, idle), 'n');
  assert.equal(shortcutOf({ key: 'T' }, idle), 't');
  assert.equal(shortcutOf({ key: '/' }, idle), '/');
  assert.equal(shortcutOf({ key: '?' }, idle), '?');
});

test('what is typed into a field is never a shortcut', () => {
  assert.equal(shortcutOf({ key: 'n' }, { writing: true, lettersOn: true }), null);
  for (const field of [{ tagName: 'INPUT', type: 'text' }, { tagName: 'TEXTAREA' }, { tagName: 'SELECT' }, { isContentEditable: true }]) {
    assert.equal(isWriting(field), true);
  }
});

test('a focused button, link or checkbox is no text', () => {
  for (const element of [{ tagName: 'BUTTON' }, { tagName: 'A' }, { tagName: 'INPUT', type: 'checkbox' }, { tagName: 'BODY' }]) {
    assert.equal(isWriting(element), false);
  }
});

test("the browser's own commands stay the browser's", () => {
  for (const held of ['ctrlKey', 'metaKey', 'altKey', 'repeat']) {
    assert.equal(shortcutOf({ key: 'n', [held]: true }, idle), null);
  }
  assert.equal(shortcutOf({ key: 'Enter' }, idle), null);
  assert.equal(shortcutOf({ key: 'ArrowDown' }, idle), null);
});

test('single keys can be switched off', () => {
  assert.equal(shortcutOf({ key: 'n' }, { writing: false, lettersOn: false }), null);
  assert.equal(shortcutOf({ key: '/' }, { writing: false, lettersOn: false }), null);
});

test('arrows walk a list round and round', () => {
  assert.equal(moveIn(3, -1, 'ArrowDown'), 0);
  assert.equal(moveIn(3, 2, 'ArrowDown'), 0);
  assert.equal(moveIn(3, -1, 'ArrowUp'), 2);
  assert.equal(moveIn(3, 0, 'ArrowUp'), 2);
  assert.equal(moveIn(3, 1, 'End'), 2);
  assert.equal(moveIn(0, -1, 'ArrowDown'), -1);
});
