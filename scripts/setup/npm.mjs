// The JavaScript packages: `npm ci`, and whether node_modules is already what `npm ci` would make.
import fs from 'node:fs';
import path from 'node:path';
import { runOrFail } from './process.mjs';
import { hashOf } from './stamp.mjs';

/**
 * npm as the command that runs us has it, else the one on the path.
 * @returns {[command: string, args: string[]]}
 */
function npm() {
  const script = process.env['npm_execpath'];
  if (script && /^npm-cli\.c?js$/.test(path.basename(script))) return [process.execPath, [script]];
  // npm on Windows is a batch file, which only cmd starts; there is no argument of a person's among these.
  return process.platform === 'win32' ? ['cmd', ['/d', '/c', 'npm']] : ['npm', []];
}

/**
 * Do the packages in node_modules match the lock file? npm writes node_modules/.package-lock.json last, with
 * what it installed.
 * @param {string} root
 */
export function matchesLock(root) {
  /** @param {string} file */
  const packages = file => {
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    return /** @type {Record<string, { version?: string, integrity?: string, optional?: boolean }>} */ (
      JSON.parse(text).packages
    );
  };
  const hidden = 'node_modules/.package-lock.json';
  if (!fs.existsSync(path.join(root, hidden))) return false;
  const wanted = packages('package-lock.json');
  const installed = packages(hidden);
  return (
    Object.entries(wanted).every(
      ([name, entry]) => name === '' || entry.optional || installed[name]?.integrity === entry.integrity
    ) &&
    Object.entries(installed).every(
      ([name, entry]) =>
        wanted[name]?.integrity === entry.integrity && fs.existsSync(path.join(root, name, 'package.json'))
    )
  );
}

/**
 * @param {string} root
 * @param {string} logs
 * @returns {import('./stamp.mjs').Step}
 */
export function npmStep(root, logs) {
  return {
    title: 'JavaScript packages (npm ci)',
    stamp: path.join(root, 'node_modules', '.hysim-stamp'),
    key: () => hashOf(root, ['package-lock.json', '.npmrc'], [process.platform, process.arch]),
    makes: [path.join(root, 'node_modules', '.package-lock.json')],
    adopt: async () => matchesLock(root),
    async run() {
      // npm's own mark of a complete node_modules goes first: half-removed packages must not look installed.
      fs.rmSync(path.join(root, 'node_modules', '.package-lock.json'), { force: true });
      const [command, args] = npm();
      await runOrFail(command, [...args, 'ci', '--no-audit', '--no-fund'], {
        cwd: root,
        env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
        log: path.join(logs, 'npm-ci.log'),
        advice:
          'Check that the npm registry can be reached (`npm ping`) and that the disk has 2 GB free, then run the same command again.'
      });
    }
  };
}
