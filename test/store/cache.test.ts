/** The folder of kept results: to the last bit or not at all, bounded, and safe with several writers. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import fc from 'fast-check';
import {
  Cache,
  contentHash,
  Damaged,
  fileHash,
  folderHashes,
  hashOf,
  limitOf,
  listEntries,
  pack,
  pin,
  prepare,
  readValue,
  unpack,
  Unkeepable,
  unpin
} from '../../kernel/store/index.js';
import { temporaryFolder } from '../temporary.js';

const none = (): undefined => undefined;

async function through(whole: unknown): Promise<unknown> {
  const packed = pack(whole, none);
  const json = JSON.parse(JSON.stringify(packed.json)) as typeof packed.json;
  return unpack({ json, tensors: packed.tensors }, async () => assert.fail('refers to nothing'));
}

/** Keeps one value of so many bytes under a key, and says when it was used. */
async function keep(cache: Cache, name: string, bytes = 1000, limit = 1e9, used?: number): Promise<string> {
  const key = contentHash({ key: name });
  const packed = pack({ name, numbers: new Uint8Array(bytes).fill(name.charCodeAt(0)) }, none);
  const prepared = prepare('data', contentHash({ id: name }), packed);
  await cache.keep(
    {
      entry: { key, stage: name, version: 1, digest: prepared.digest, seconds: 1, at: '' },
      values: [{ kind: 'data', id: contentHash({ id: name }), files: prepared, prepared: () => prepared }]
    },
    limit
  );
  if (used !== undefined) await utimes(cache.layout.entry(key), used, used);
  return key;
}

const stagesIn = async (cache: Cache): Promise<string[]> =>
  (await listEntries(cache.layout)).map(({ entry }) => entry!.stage).sort();

/** Bytes of tensors that are there. */
async function tensorBytes(cache: Cache): Promise<number> {
  const names = await readdir(cache.layout.tensors);
  const sizes = await Promise.all(
    names.map(async name => (await stat(join(cache.layout.tensors, name))).size)
  );
  return sizes.reduce((a, b) => a + b, 0);
}

describe('what a value is made of', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.float64Array(),
    fc.float32Array(),
    fc.int32Array(),
    fc.uint8Array(),
    fc.uint16Array()
  );
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'constructor')), tie('tree'), {
        maxKeys: 4,
        noNullPrototype: true
      }),
      fc.array(fc.tuple(fc.string(), tie('tree')), { maxLength: 3 }).map(entries => new Map(entries))
    )
  }));

  it('comes back as it was, whatever plain data it is', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async whole => {
        assert.deepEqual(await through(whole), whole);
      }),
      { numRuns: 300 }
    );
  });

  it('keeps NaN, infinities, minus zero and the bits of every number', async () => {
    const back = (await through({
      list: [NaN, Infinity, -Infinity, -0, 5e-324, undefined],
      f32: new Float32Array([NaN, -0, 1e-45]),
      part: new Float64Array([9, 1 / 3, 9]).subarray(1, 2)
    })) as { list: unknown[]; f32: Float32Array; part: Float64Array };
    assert.deepEqual(back.list, [NaN, Infinity, -Infinity, -0, 5e-324, undefined]);
    assert.ok(Object.is(back.list[3], -0));
    assert.deepEqual([...back.f32], [NaN, -0, Math.fround(1e-45)]);
    assert.deepEqual([...back.part], [1 / 3]);
  });

  it('refuses what is no data', () => {
    for (const bad of [() => 1, Symbol('x'), 1n, new Date(), new URL('file:///x')])
      assert.throws(() => pack({ bad }, none), Unkeepable);
  });

  it('refers to values by name and gets them by it', async () => {
    const inner = { id: 1 };
    const packed = pack({ a: inner, b: [inner] }, part => (part === inner ? 'name' : undefined));
    const back = (await unpack(packed, async name => ({ name }))) as { a: unknown; b: unknown[] };
    assert.deepEqual(back, { a: { name: 'name' }, b: [{ name: 'name' }] });
    assert.equal(back.a, back.b[0]);
  });
});

describe('a kept result', () => {
  it('is found by its key and reads as it was written, tensors of odd lengths too', async test => {
    const cache = new Cache(await temporaryFolder(test));
    const content = {
      flags: new Uint8Array([1, 2, 3]),
      x: new Float64Array([1, 2]),
      y: new Float32Array(5),
      z: new Int32Array(0),
      part: new Float64Array([9, 1 / 3, 9]).subarray(1, 2)
    };
    const prepared = prepare('data', 'i', pack(content, none));
    const key = contentHash({ k: 1 });
    await cache.keep(
      {
        entry: { key, stage: 's', version: 1, digest: prepared.digest, seconds: 1, at: 'now' },
        values: [{ kind: 'data', id: 'i', files: prepared, prepared: () => prepared }]
      },
      1e9
    );
    const entry = await cache.find(key);
    const value = await readValue(cache.layout, entry!.digest);
    const back = (await unpack(value.packed, async () => undefined)) as typeof content;
    assert.deepEqual(back, content);
    // Code that takes an array's buffer for the array must not see its neighbours.
    for (const array of Object.values(back)) assert.equal(array.buffer.byteLength, array.byteLength);
    assert.equal(value.id, 'i');
    assert.equal(await cache.find(contentHash({ k: 2 })), undefined);
  });

  it('that was cut short, changed by a bit, or lost a file is found to be damaged', async test => {
    const cache = new Cache(await temporaryFolder(test));
    const key = await keep(cache, 'one');
    const { digest, values } = (await cache.find(key))!;
    const record = cache.layout.record(digest);
    const tensors = cache.layout.tensor(values[digest]!.tensors!);
    const damages: ((path: string) => Promise<void>)[] = [
      async path => truncate(path, (await stat(path)).size - 1),
      async path => truncate(path, 0),
      async path => {
        const bytes = await readFile(path);
        bytes[bytes.length >> 1]! ^= 1;
        await writeFile(path, bytes);
      },
      path => rm(path),
      async path => {
        await rm(path);
        await mkdir(path);
      }
    ];
    for (const path of [record, tensors]) {
      for (const damage of damages) {
        const bytes = await readFile(path);
        await damage(path);
        await assert.rejects(readValue(cache.layout, digest), Damaged);
        await rm(path, { recursive: true, force: true });
        await writeFile(path, bytes);
      }
    }
    await readValue(cache.layout, digest);
    const entry = cache.layout.entry(key);
    for (const damage of damages.filter((_, i) => i !== 3)) {
      const bytes = await readFile(entry);
      await damage(entry);
      await assert.rejects(cache.find(key), Damaged);
      await rm(entry, { recursive: true, force: true });
      await writeFile(entry, bytes);
    }
    assert.ok(await cache.find(key));
  });

  it('under the name of another call is not taken for it', async test => {
    const cache = new Cache(await temporaryFolder(test));
    const [one, two] = [await keep(cache, 'one'), await keep(cache, 'two')];
    await writeFile(cache.layout.entry(one), await readFile(cache.layout.entry(two)));
    await assert.rejects(cache.find(one), /another call/);
  });
});

describe('the limit', () => {
  it('is held by removing what was used longest ago, and what only that needed', async test => {
    const cache = new Cache(await temporaryFolder(test));
    for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) await keep(cache, name, 10_000, 1e9, 1000 + i);
    await cache.used(contentHash({ key: 'a' }));
    // Room for three: with the fifth, two of those not used since must go.
    await keep(new Cache(cache.folder), 'e', 10_000, 38_000);
    assert.deepEqual(await stagesIn(cache), ['a', 'd', 'e']);
    assert.ok((await cache.size()) <= 38_000);
    assert.equal((await readdir(cache.layout.tensors)).length, 3);
  });

  it('never removes what is pinned, nor what a running program holds', async test => {
    const cache = new Cache(await temporaryFolder(test));
    for (const [i, name] of ['a', 'b', 'c'].entries()) await keep(cache, name, 10_000, 1e9, 1000 + i);
    await pin(cache.layout, contentHash({ id: 'a' }));
    const digest = (await cache.find(contentHash({ key: 'b' })))!.digest;
    await cache.hold(new Set([digest]));
    await keep(new Cache(cache.folder), 'd', 10_000, 15_000);
    assert.deepEqual(await stagesIn(cache), ['a', 'b']);
    await unpin(cache.layout, contentHash({ id: 'a' }));
    await cache.hold(new Set());
    await keep(new Cache(cache.folder), 'e', 10_000, 15_000);
    assert.deepEqual(await stagesIn(cache), ['e']);
  });

  it('heeds what another program holds while it lives, and no longer', async test => {
    const cache = new Cache(await temporaryFolder(test));
    const key = await keep(cache, 'a', 10_000);
    const { digest } = (await cache.find(key))!;
    const script = `
      const { Cache } = await import(${JSON.stringify(new URL('../../kernel/store/index.js', import.meta.url).href)});
      await new Cache(process.argv[1]).hold(new Set([process.argv[2]]));
      console.log('held');
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, cache.folder, digest]);
    test.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const clear = async (): Promise<number> => (await new Cache(cache.folder).clear()).entries.length;
    assert.equal(await clear(), 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await clear(), 1);
    assert.deepEqual(await readdir(cache.layout.leases), []);
  });

  it('does not take a later program of the same number for the one that died', async test => {
    const cache = new Cache(await temporaryFolder(test));
    const key = await keep(cache, 'a');
    const { digest } = (await cache.find(key))!;
    await mkdir(cache.layout.leases, { recursive: true });
    const lease = { host: hostname(), pid: process.ppid, born: '1', values: [digest] };
    await writeFile(join(cache.layout.leases, 'other.json'), JSON.stringify(lease));
    assert.equal((await cache.clear()).entries.length, process.platform === 'linux' ? 1 : 0);
  });

  it('keeps a value that another entry needs', async test => {
    const cache = new Cache(await temporaryFolder(test));
    const shared = prepare('data', 'shared', pack({ x: new Uint8Array(5000) }, none));
    for (const name of ['a', 'b']) {
      const own = prepare('space', name, pack({ name, of: 0 }, none));
      await cache.keep(
        {
          entry: {
            key: contentHash({ name }),
            stage: name,
            version: 1,
            digest: own.digest,

            seconds: 1,
            at: ''
          },
          values: [shared, own].map(files => ({ kind: 'data', id: name, files, prepared: () => files }))
        },
        1e9
      );
    }
    await cache.clear(({ entry }) => entry!.stage === 'a');
    await readValue(cache.layout, shared.digest);
    await cache.clear();
    assert.equal(await cache.size(), 0);
  });

  it('clears up what a program left that died while it wrote, once it is old', async test => {
    const cache = new Cache(await temporaryFolder(test));
    await keep(cache, 'a');
    const left = join(cache.layout.tensors, 'x.safetensors.1.tmp');
    await writeFile(left, 'half');
    await cache.clear(() => false);
    assert.ok(await stat(left));
    await utimes(left, 1, 1);
    await cache.clear(() => false);
    await assert.rejects(stat(left));
    assert.deepEqual(await stagesIn(cache), ['a']);
  });

  it('is read from the environment, with units, and refuses what is none', () => {
    assert.equal(limitOf({}), 4e9);
    assert.equal(limitOf({ HYSIM_CACHE_LIMIT: '1500' }), 1500);
    assert.equal(limitOf({ HYSIM_CACHE_LIMIT: '1.5 GB' }), 1.5e9);
    assert.equal(limitOf({ HYSIM_CACHE_LIMIT: '2MiB' }), 2 ** 21);
    for (const bad of ['much', '-1', '1 sack'])
      assert.throws(() => limitOf({ HYSIM_CACHE_LIMIT: bad }), /HYSIM_CACHE_LIMIT/);
  });
});

describe('several programs at once', () => {
  it(
    'write, remove and read one folder, and nobody gets a wrong or half result',
    { timeout: 120_000 },
    async test => {
      const folder = await temporaryFolder(test);
      // Each keeps results that the others keep too, under a limit that holds few of them, and reads what it finds.
      const script = `
      const store = await import(${JSON.stringify(new URL('../../kernel/store/index.js', import.meta.url).href)});
      const cache = new store.Cache(process.argv[1]);
      let seed = Number(process.argv[2]), found = 0, missing = 0;
      const random = n => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
      for (let i = 0; i < 60; i++) {
        const n = random(12);
        const key = store.contentHash({ n });
        let entry;
        try {
          entry = await cache.find(key);
          if (entry) {
            const { packed } = await store.readValue(cache.layout, entry.digest);
            const back = await store.unpack(packed, async () => undefined);
            if (back.n !== n || back.x.some(x => x !== n)) throw new Error('wrong result');
            found++;
          }
        } catch (error) {
          // Removed between the entry and the value: it is then computed again.
          if (!/is missing/.test(error.message)) throw error;
          missing++;
        }
        if (entry) continue;
        const prepared = store.prepare('data', String(n), store.pack({ n, x: new Float64Array(20_000).fill(n) }, () => undefined));
        await cache.keep({
          entry: { key, stage: 's', version: 1, digest: prepared.digest, seconds: 0, at: '' },
          values: [{ kind: 'data', id: String(n), files: prepared, prepared: () => prepared }]
        }, 900_000);
      }
      console.log(JSON.stringify({ found, missing }));
    `;
      const run = async (seed: number): Promise<{ found: number }> => {
        const options = ['--input-type=module', '-e', script, folder, String(seed)];
        return JSON.parse((await promisify(execFile)(process.execPath, options)).stdout) as { found: number };
      };
      const counts = await Promise.all([1, 2, 3].map(run));
      assert.ok(counts.some(({ found }) => found > 0));
      const cache = new Cache(folder);
      await cache.clear(() => false);
      assert.ok((await tensorBytes(cache)) <= 3 * 900_000);
      for (const { entry } of await listEntries(cache.layout)) assert.ok(entry);
    }
  );
});

describe('what files hold', () => {
  it('is seen to change though size and date stay the same', async test => {
    const path = join(await temporaryFolder(test), 'x');
    await writeFile(path, 'one');
    await utimes(path, 1000, 1000);
    const before = await fileHash(path);
    await writeFile(path, 'two');
    await utimes(path, 1000, 1000);
    assert.notEqual(await fileHash(path), before);
    assert.equal(await fileHash(path), hashOf(['two']));
    // At rest for long enough, its hash is remembered; and is not taken for that of another content all the same.
    await setTimeout(3200);
    assert.equal(await fileHash(path), hashOf(['two']));
    await writeFile(path, 'six');
    await utimes(path, 1000, 1000);
    assert.equal(await fileHash(path), hashOf(['six']));
  });

  it('is the same wherever the folder lies, and goes by names within it, links included', async test => {
    const folder = await temporaryFolder(test);
    for (const name of ['a', 'b']) {
      await mkdir(join(folder, name, 'deep'), { recursive: true });
      await writeFile(join(folder, name, 'deep', 'x'), 'text');
      await symlink(join('deep', 'x'), join(folder, name, 'y'));
      await symlink('..', join(folder, name, 'deep', 'up'));
    }
    const [a, b] = [await folderHashes(join(folder, 'a')), await folderHashes(join(folder, 'b'))];
    assert.deepEqual(a, b);
    assert.deepEqual(Object.keys(a).sort(), ['deep/x', 'y']);
  });
});
