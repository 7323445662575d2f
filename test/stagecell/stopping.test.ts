/** What the stop button of a header does, press by press, and which job reports let it. Needs no browser. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { JobEvent } from '../../common/host.js';

// The extension is compiled for a browser in a project of its own, which tests do not reference.
const load = (file: string): Promise<unknown> =>
  import(new URL(`../../src/${file}`, import.meta.url).href) as Promise<unknown>;
const { Stopping } = (await load('stagecell/stopping.js')) as {
  Stopping: new (canFinish: boolean) => {
    job: string | undefined;
    readonly ending: boolean;
    press(): string | undefined;
    words(stages: string): { name: string; title: string };
  };
};
const { readJobEvent } = (await load('link/event.js')) as {
  readJobEvent(data: unknown): JobEvent | undefined;
};

const KEEP = 'Stop training and keep the best epoch so far';

test('the first press asks a training to end with its best, the second stops it at once', () => {
  const stopping = new Stopping(true);
  stopping.job = 'a';
  assert.equal(stopping.words('Fine-tune').name, KEEP);
  assert.equal(stopping.press(), 'a');
  assert.ok(stopping.ending);
  assert.equal(stopping.words('Fine-tune').name, 'Stop Fine-tune');
  assert.equal(stopping.press(), undefined);
  // The next training was not asked yet.
  stopping.job = 'b';
  assert.equal(stopping.ending, false);
  assert.equal(stopping.press(), 'b');
});

test('a job that cannot be asked, or that nobody passes the asking on to, is stopped at once', () => {
  const plain = new Stopping(true);
  plain.job = undefined;
  assert.equal(plain.press(), undefined);
  assert.equal(plain.words('Embed').name, 'Stop Embed');
  const mute = new Stopping(false);
  mute.job = 'a';
  assert.equal(mute.press(), undefined);
  assert.equal(mute.words('Fine-tune').name, 'Stop Fine-tune');
});

test('a report says whether its job can be asked to end, and marks that turn text around are taken out', () => {
  const report = { job: 'j', stage: 'finetune', status: 'running', elapsed: 1 };
  assert.equal(readJobEvent({ ...report, finishable: true })?.finishable, true);
  assert.equal(readJobEvent({ ...report, finishable: 'yes' })?.finishable, undefined);
  assert.equal(readJobEvent({ ...report, message: 'a\u202eb\u200b\0c' })?.message, 'a b c');
  assert.equal(readJobEvent({ ...report, stage: '\u2066x' })?.stage, 'x');
});
