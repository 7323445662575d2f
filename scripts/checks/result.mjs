// What a check found, in the only numbers that are added up: tests passed, failed and skipped.

/**
 * @typedef {object} CheckResult
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures what failed and how, for people; one entry a failure
 * @property {string[]} notes what else a person should know, such as why something was skipped
 */

/**
 * @typedef {object} Check
 * @property {string} name for --only
 * @property {string} title for the progress line
 * @property {() => Promise<CheckResult>} run
 */

/**
 * @param {Partial<CheckResult>} [given]
 * @returns {CheckResult}
 */
export const result = given => ({ passed: 0, failed: 0, skipped: 0, failures: [], notes: [], ...given });

/** @param {string} failure */
export const failed = failure => result({ failed: 1, failures: [failure] });

/**
 * A runner that ended badly, or found nothing to run, has failed, whatever it counted.
 * @param {CheckResult} counted
 * @param {string} problem '' when the runner ended well
 * @returns {CheckResult}
 */
export function withRunner(counted, problem) {
  const silent = counted.passed + counted.failed + counted.skipped === 0 ? 'It ran no test.' : '';
  if (counted.failed > 0 || (!problem && !silent)) return counted;
  return {
    ...counted,
    failed: 1,
    failures: [...counted.failures, [silent, problem].filter(Boolean).join('\n')]
  };
}

/**
 * @param {readonly CheckResult[]} results
 * @returns {string} the line that ends `npm test`
 */
export function endLine(results) {
  /** @param {'passed' | 'failed' | 'skipped'} field */
  const sum = field => results.reduce((total, one) => total + one[field], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`;
}
