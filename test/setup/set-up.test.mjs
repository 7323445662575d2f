// The set-up's parts: versions, options, stamps, the lock, the search for Python. Not the set-up as a whole, which
// needs minutes and the network: CI runs that on a fresh clone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { helpText, parseArgs } from '../../scripts/setup/args.mjs';
import { removeOrphans } from '../../scripts/setup/build.mjs';
import { SetupError } from '../../scripts/setup/errors.mjs';
import { takeLock } from '../../scripts/setup/lock.mjs';
import { checkNode, compareVersions } from '../../scripts/setup/node-version.mjs';
import { matchesLock } from '../../scripts/setup/npm.mjs';
import { ROOT, jupyterEnv, testEnv, venvPython } from '../../scripts/setup/paths.mjs';
import { run, runOrFail, tail } from '../../scripts/setup/process.mjs';
import { findPython } from '../../scripts/setup/python.mjs';
import { hashOf, isDone, perform } from '../../scripts/setup/stamp.mjs';
import { removeHalfInstalled } from '../../scripts/setup/venv.mjs';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'hysim set-up '));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

let folders = 0;
/** @param {Record<string, string>} files */
function folder(files = {}) {
  const place = path.join(temporary, String(folders++));
  fs.mkdirSync(place);
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
    fs.writeFileSync(path.join(place, name), content);
  }
  return place;
}

describe('the version of Node', () => {
  test('20.19.0 and later will do, earlier ones are told what to install', () => {
    for (const good of ['20.19.0', '20.20.2', '22.1.0', '24.0.0', '26.0.0-nightly2026']) {
      assert.equal(checkNode(good), '', good);
    }
    for (const bad of ['20.18.3', '18.20.0', '6.0.0'])
      assert.match(checkNode(bad), /20\.19\.0 or newer.*nodejs\.org/s);
  });

  test('versions compare by number, not by letter', () => {
    assert.ok(compareVersions('20.9.0', '20.19.0') < 0);
    assert.ok(compareVersions('100.0.0', '20.19.0') > 0);
    assert.equal(compareVersions('20.19', '20.19.0'), 0);
  });
});

describe('options', () => {
  const options = { headless: { help: 'no screen' }, only: { value: 'NAME', help: 'some' } };

  test('flags and values are read, attached or apart', () => {
    assert.deepEqual(parseArgs(['--headless', '--only', 'a,b'], options, 'x'), {
      headless: true,
      only: 'a,b'
    });
    assert.deepEqual(parseArgs(['--only=a=b'], options, 'x'), { only: 'a=b' });
    assert.deepEqual(parseArgs([], options, 'x'), {});
  });

  test('what is unknown or incomplete is named', () => {
    assert.throws(() => parseArgs(['--headles'], options, 'npm start --'), {
      name: 'SetupError',
      message: /Unknown option --headles\..*npm start -- --help/
    });
    assert.throws(() => parseArgs(['toString'], options, 'x'), SetupError);
    assert.throws(() => parseArgs(['--constructor'], options, 'x'), SetupError);
    assert.throws(() => parseArgs(['--only'], options, 'x'), /--only needs a value: --only NAME/);
    assert.throws(() => parseArgs(['--only', '--headless'], options, 'x'), /needs a value/);
    assert.throws(() => parseArgs(['--headless=yes'], options, 'x'), /takes no value/);
  });

  test('the help names every option', () => {
    assert.match(helpText('Summary.', options, 'npm start --'), /--headless +no screen\n +--only NAME +some/);
  });
});

describe('stamps', () => {
  /** @param {string} place @param {Partial<import('../../scripts/setup/stamp.mjs').Step>} more */
  function step(place, more) {
    return {
      title: 'a step',
      stamp: path.join(place, 'made', '.stamp'),
      key: () => hashOf(place, ['input.txt']),
      makes: [path.join(place, 'made', 'output.txt')],
      run: async () => {
        fs.mkdirSync(path.join(place, 'made'), { recursive: true });
        fs.writeFileSync(path.join(place, 'made', 'output.txt'), 'made');
      },
      ...more
    };
  }

  test('a step is done once, and again when an input changes or its output is gone', async () => {
    const place = folder({ 'input.txt': '1' });
    assert.equal(await perform(step(place, {})), 'done');
    assert.equal(await perform(step(place, {})), 'up to date');
    fs.writeFileSync(path.join(place, 'input.txt'), '2');
    assert.equal(await perform(step(place, {})), 'done');
    fs.rmSync(path.join(place, 'made', 'output.txt'));
    assert.equal(await perform(step(place, {})), 'done');
    fs.rmSync(path.join(place, 'made'), { recursive: true });
    assert.equal(isDone(step(place, {})), false);
  });

  test('a step that fails half-way has no stamp, even if it had one before and left its output', async () => {
    const place = folder({ 'input.txt': '1' });
    await perform(step(place, {}));
    fs.writeFileSync(path.join(place, 'input.txt'), '2');
    const half = step(place, {
      run: async () => {
        fs.writeFileSync(path.join(place, 'made', 'output.txt'), 'half');
        throw new Error('pulled the plug');
      }
    });
    await assert.rejects(perform(half), /pulled the plug/);
    fs.writeFileSync(path.join(place, 'input.txt'), '1');
    assert.equal(isDone(half), false);
    assert.equal(await perform(step(place, {})), 'done');
  });

  test('a step whose input changes while it runs is done again', async () => {
    const place = folder({ 'input.txt': '1' });
    const made = step(place, {}).run;
    const changing = step(place, {
      run: async () => {
        await made();
        fs.writeFileSync(path.join(place, 'input.txt'), '2');
      }
    });
    await perform(changing);
    assert.equal(isDone(changing), false);
  });

  test('what was made by hand is taken only when it is as the step makes it', async () => {
    const place = folder({ 'input.txt': '1', 'made/output.txt': 'by hand' });
    const refused = step(place, { adopt: async () => false });
    const taken = step(place, { adopt: async () => true });
    assert.equal(await perform(refused), 'done');
    fs.rmSync(refused.stamp);
    assert.equal(await perform(taken), 'found in place');
    assert.equal(await perform(taken), 'up to date');
  });

  test('a hash sees names, contents and their order, and no cache', () => {
    const place = folder({ 'a/x': '1', 'a/y': '2' });
    const before = hashOf(place, ['a']);
    fs.renameSync(path.join(place, 'a/y'), path.join(place, 'a/z'));
    assert.notEqual(hashOf(place, ['a']), before);
    fs.renameSync(path.join(place, 'a/z'), path.join(place, 'a/y'));
    fs.mkdirSync(path.join(place, 'a/__pycache__'));
    fs.writeFileSync(path.join(place, 'a/__pycache__/x'), '3');
    assert.equal(hashOf(place, ['a']), before);
    assert.notEqual(hashOf(place, ['a'], ['text']), before);
  });
});

describe('the packages that npm installed', () => {
  const entry = (/** @type {string} */ integrity) => ({ version: '1.0.0', integrity });
  /** @param {object} installed @param {string[]} present */
  const tree = (installed, present) =>
    folder({
      'package-lock.json': JSON.stringify({
        packages: {
          '': {},
          'node_modules/a': entry('A'),
          'node_modules/b': { ...entry('B'), optional: true }
        }
      }),
      'node_modules/.package-lock.json': JSON.stringify({ packages: installed }),
      ...Object.fromEntries(present.map(name => [`node_modules/${name}/package.json`, '{}']))
    });

  test('match the lock file only when all are there, as locked, and none besides', () => {
    const a = { 'node_modules/a': entry('A') };
    assert.equal(matchesLock(tree(a, ['a'])), true, 'an optional package may be absent');
    assert.equal(matchesLock(tree(a, [])), false, 'listed, but its folder is gone');
    assert.equal(matchesLock(tree({}, ['a'])), false, 'not installed');
    assert.equal(matchesLock(tree({ 'node_modules/a': entry('other') }, ['a'])), false, 'another version');
    assert.equal(
      matchesLock(tree({ ...a, 'node_modules/c': entry('C') }, ['a', 'c'])),
      false,
      'one too many'
    );
    assert.equal(matchesLock(folder({ 'package-lock.json': '{}' })), false, 'an install that did not end');
  });
});

describe(
  'the search for Python',
  { skip: process.platform === 'win32' && 'the fakes are shell scripts' },
  () => {
    /** @param {Record<string, string>} programs name -> what its probe prints */
    const onPath = programs =>
      Object.entries(programs).reduce((place, [name, line]) => {
        fs.writeFileSync(path.join(place, name), `#!/bin/sh\nprintf '${line}\\n'\n`, { mode: 0o755 });
        return place;
      }, folder());
    const line = (/** @type {string} */ minor, venv = 'True', ensurepip = 'True') =>
      `hysim\\t3\\t${minor}\\t${venv}\\t${ensurepip}\\t/opt/python`;

    test('takes the first that is new enough and complete', () => {
      const place = onPath({ python3: line('9'), python: line('12') });
      assert.deepEqual(findPython({ PATH: place }), { path: '/opt/python', version: '3.12' });
      assert.deepEqual(
        findPython({ PATH: onPath({ python3: line('9'), 'python3.11': line('11') }) }).version,
        '3.11'
      );
    });

    test('says how to install Python where there is none', () => {
      assert.throws(
        () => findPython({ PATH: folder() }, 'linux'),
        /found none.*sudo apt install python3 python3-venv/s
      );
      assert.throws(() => findPython({ PATH: folder() }, 'darwin'), /brew install python/);
      assert.throws(() => findPython({ PATH: folder() }, 'win32'), /winget install/);
    });

    test('says which Python is too old', () => {
      assert.throws(
        () => findPython({ PATH: onPath({ python3: line('8') }) }),
        /3\.10 or newer; found only python3 = 3\.8/
      );
    });

    test('says which package brings venv where ensurepip is missing', () => {
      assert.throws(
        () => findPython({ PATH: onPath({ python3: line('11', 'True', 'False') }) }, 'linux'),
        /Python 3\.11 \(\/opt\/python\) lacks venv or ensurepip.*sudo apt install python3-venv/s
      );
    });

    test('uses PYTHON when it is set, and never another in its place', () => {
      const good = onPath({ python3: line('12'), special: line('13'), old: line('9') });
      assert.equal(findPython({ PATH: good, PYTHON: path.join(good, 'special') }).version, '3.13');
      assert.throws(
        () => findPython({ PATH: good, PYTHON: path.join(good, 'old') }),
        /PYTHON is set to .*old, which is Python 3\.9/
      );
      assert.throws(
        () => findPython({ PATH: good, PYTHON: '/no/such' }),
        /\/no\/such, which does not run as a Python/
      );
    });

    test('the probe is valid Python, as a real one shows', () => {
      const found = findPython();
      const version = spawnSync(found.path, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
        encoding: 'utf8'
      });
      assert.equal(version.stdout.trim(), found.version);
    });
  }
);

describe('child programs', () => {
  test('keep their output in order, and arguments with spaces whole', async () => {
    const code = 'console.log(process.argv[1]); console.error("e")';
    const { output, code: status } = await run(process.execPath, ['-e', code, 'a  b']);
    assert.equal(output.split('\n').sort().join('|'), '|a  b|e');
    assert.equal(status, 0);
  });

  test('a failure shows the last lines and what to do', async () => {
    await assert.rejects(
      runOrFail(process.execPath, ['-e', 'console.log("why"); process.exit(3)'], { advice: 'Do this.' }),
      { name: 'SetupError', message: /exit code 3[^]*why[^]*Do this\./ }
    );
    await assert.rejects(run('no-such-program', []), {
      name: 'SetupError',
      message: /no-such-program could not be/
    });
  });

  test(
    'one that takes too long is ended, with what it started',
    { skip: process.platform === 'win32' && 'looks at process groups' },
    async () => {
      const place = folder();
      const file = path.join(place, 'pid');
      const inner = `setInterval(() => {}, 1000)`;
      const outer = `const c = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(inner)}]);
        require("fs").writeFileSync(${JSON.stringify(file)}, String(c.pid)); setInterval(() => {}, 1000)`;
      const { timedOut } = await run(process.execPath, ['-e', outer], { timeout: 1500 });
      assert.equal(timedOut, true);
      const pid = Number(fs.readFileSync(file, 'utf8'));
      // A child of a dead parent may stay in the table for a moment, until it is reaped.
      const gone = () => {
        const stat = `/proc/${pid}/stat`;
        if (fs.existsSync('/proc/self'))
          return !fs.existsSync(stat) || / Z /.test(fs.readFileSync(stat, 'utf8'));
        return spawnSync('ps', ['-p', String(pid)]).status !== 0;
      };
      for (let i = 0; i < 50 && !gone(); i++) await new Promise(resolve => setTimeout(resolve, 100));
      assert.ok(gone(), 'the grandchild lives on');
    }
  );

  test('Ctrl-C ends them and says so by an Interrupted', { skip: process.platform === 'win32' }, async () => {
    const script = path.join(folder(), 'main.mjs');
    const lib = JSON.stringify(path.join(ROOT, 'scripts', 'setup', 'process.mjs'));
    fs.writeFileSync(
      script,
      `import { run, watchInterrupts } from ${lib};
       watchInterrupts();
       setTimeout(() => process.kill(process.pid, 'SIGINT'), 300);
       try { await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log('went on'); }
       catch (error) { console.log(error.name); }
       try { await run(process.execPath, ['-e', '']); } catch (error) { console.log(error.name); }`
    );
    const { output } = await run(process.execPath, [script]);
    assert.equal(output, 'Interrupted\nInterrupted\n');
  });

  test('a tail has no colours and no repainted lines', () => {
    assert.equal(tail('\x1b[31mone\x1b[0m\n10%\r100%\n\nlast\n', 2), '    100%\n    last');
  });
});

describe('the lock', () => {
  test('is taken by one at a time, and taken over from the dead', async () => {
    const file = path.join(folder(), 'lock');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    fs.writeFileSync(file, String(dead));
    const release = await takeLock(file, () => assert.fail('nobody to wait for'));
    assert.equal(fs.readFileSync(file, 'utf8'), String(process.pid));
    release();
    assert.equal(fs.existsSync(file), false);
  });

  test('waits for a living owner, and says so once', async () => {
    const file = path.join(folder(), 'lock');
    fs.writeFileSync(file, String(process.ppid));
    /** @type {number[]} */
    const waited = [];
    setTimeout(() => fs.rmSync(file), 700);
    (await takeLock(file, pid => waited.push(pid)))();
    assert.deepEqual(waited, [process.ppid]);
  });
});

describe('the clone', () => {
  test('holds every folder that Jupyter writes to', () => {
    const root = path.join(temporary, 'clone');
    const env = testEnv(root, { PATH: '/bin', PYTHONPATH: '/x', JUPYTER_PATH: '/y', HOME: '/home/someone' });
    const written = Object.entries(env).filter(([name]) => /^(JUPYTER\w*_DIR$|XDG_|IPYTHONDIR)/.test(name));
    assert.ok(written.length >= 9);
    for (const [name, value] of written) assert.ok(value?.startsWith(path.join(root, '.venv')), name);
    assert.equal(env['PYTHONPATH'], undefined);
    assert.equal(env['JUPYTER_PATH'], undefined);
    assert.ok(env['PATH']?.startsWith(path.dirname(venvPython(root)) + path.delimiter));
    assert.equal(jupyterEnv(root, {})['XDG_CONFIG_HOME'], undefined, "a person's browser keeps its profile");
  });

  test('loses the metadata of half-installed Python packages, and no other', () => {
    const site =
      process.platform === 'win32' ? '.venv/Lib/site-packages' : '.venv/lib/python3.11/site-packages';
    const root = folder({ [`${site}/a.dist-info/RECORD`]: '', [`${site}/b.dist-info/METADATA`]: '' });
    assert.deepEqual(removeHalfInstalled(root), [path.join(root, site, 'b.dist-info')]);
    assert.ok(fs.existsSync(path.join(root, site, 'a.dist-info')));
  });

  test('loses compiled files whose source is gone, and no other', () => {
    const root = folder({
      'test/a.test.ts': '',
      'lib/test/a.test.js': '',
      'lib/test/a.test.d.ts': '',
      'lib/test/gone.test.js': '',
      'lib/test/gone.test.js.map': '',
      'lib/test.tsbuildinfo': ''
    });
    assert.deepEqual(removeOrphans(root, 'lib/test').sort(), [
      path.join('lib', 'test', 'gone.test.js'),
      path.join('lib', 'test', 'gone.test.js.map')
    ]);
    assert.ok(fs.existsSync(path.join(root, 'lib/test/a.test.d.ts')));
  });
});
