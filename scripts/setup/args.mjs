// Command-line options of the two commands: flags, options with a value, --help. Nothing positional.
import { SetupError } from './errors.mjs';

/**
 * @typedef {object} Option
 * @property {string} help one line for --help
 * @property {string} [value] name of the option's value; a flag has none
 */

/**
 * @param {string[]} args
 * @param {Record<string, Option>} options by name, without the dashes
 * @param {string} command as a person types it, for messages
 * @returns {Record<string, string | true>} the options given
 */
export function parseArgs(args, options, command) {
  /** @type {Record<string, string | true>} */
  const given = {};
  for (let i = 0; i < args.length; i++) {
    const arg = /** @type {string} */ (args[i]);
    const [, name, attached] = /^--([^=]+)(?:=(.*))?$/s.exec(arg === '-h' ? '--help' : arg) ?? [];
    const option = name === undefined || !Object.hasOwn(options, name) ? undefined : options[name];
    if (name === undefined || !option) {
      throw new SetupError(`Unknown option ${arg}. \`${command} --help\` lists the options.`);
    }
    if (!option.value) {
      if (attached !== undefined) throw new SetupError(`--${name} takes no value, but was given ${arg}.`);
      given[name] = true;
      continue;
    }
    const value = attached ?? args[++i];
    if (!value || (attached === undefined && value.startsWith('--'))) {
      throw new SetupError(`--${name} needs a value: --${name} ${option.value}.`);
    }
    given[name] = value;
  }
  return given;
}

/**
 * @param {string} summary
 * @param {Record<string, Option>} options
 * @param {string} command
 */
export function helpText(summary, options, command) {
  const rows = Object.entries(options).map(([name, option]) => [
    `--${name}${option.value ? ` ${option.value}` : ''}`,
    option.help
  ]);
  const width = Math.max(...rows.map(([left]) => /** @type {string} */ (left).length));
  return [
    summary,
    '',
    `Usage: ${command} [options]`,
    '',
    ...rows.map(([left, right]) => `  ${/** @type {string} */ (left).padEnd(width)}  ${right}`)
  ].join('\n');
}
