// Is this Node new enough? Kept in old syntax: a Node too old for the project still has to read this file.

export var MINIMUM_NODE = '20.19.0';

/**
 * Compares dotted version numbers.
 * @param {string} a
 * @param {string} b
 * @returns {number} negative, zero or positive, as a is older than, equal to or newer than b
 */
export function compareVersions(a, b) {
  var left = a.split('.').map(Number);
  var right = b.split('.').map(Number);
  for (var i = 0; i < 3; i++) {
    var difference = (left[i] || 0) - (right[i] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * @param {string} version e.g. process.versions.node
 * @returns {string} what is wrong and what to do, or '' when nothing is
 */
export function checkNode(version) {
  // A pre-release ("22.0.0-nightly...") counts as the version that it leads to.
  if (compareVersions(version.replace(/-.*/, ''), MINIMUM_NODE) >= 0) return '';
  return (
    'HySim Lab needs Node ' +
    MINIMUM_NODE +
    ' or newer; this is Node ' +
    version +
    ' (' +
    process.execPath +
    ').\n' +
    'Install a current LTS release from https://nodejs.org/ (or with nvm: `nvm install --lts`), ' +
    'open a new terminal and run the same command again.'
  );
}
