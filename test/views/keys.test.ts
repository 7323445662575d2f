/** Which keys a node of ours keeps to itself in a notebook. What JupyterLab does with the others is its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { front } from './front.js';

interface Key {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}
const { isOwn } = await front<{ isOwn(event: Key): boolean }>('keys/index.js');

const press = (key: string, more: Partial<Key> = {}): boolean =>
  isOwn({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...more });

test('what is typed on a control, or moves within it, never reaches the notebook’s command mode', () => {
  for (const key of ['d', 'D', ' ', '0', 'Enter', 'ArrowDown', 'Home', 'Escape', 'Delete'])
    assert.equal(press(key), true, key);
  assert.equal(press('ArrowDown', { shiftKey: true }), true);
});

test('commands of JupyterLab work from a control: saving, running, moving on', () => {
  assert.equal(press('s', { ctrlKey: true }), false);
  assert.equal(press('s', { metaKey: true }), false);
  assert.equal(press('Enter', { shiftKey: true }), false);
  assert.equal(press('Enter', { ctrlKey: true }), false);
  for (const key of ['Tab', 'F8', 'Shift', 'Control']) assert.equal(press(key), false, key);
});
