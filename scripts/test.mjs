// `npm test`: set up what is missing, run every check, end with `N passed, N failed, N skipped`.
//
// Not where that happens (run-checks.mjs): this file only makes sure that Node can read the rest. It is
// written so that an old Node can parse it, and it imports nothing statically that such a Node could not.
import { checkNode } from './setup/node-version.mjs';

var problem = checkNode(process.versions.node);
if (problem) {
  console.error(problem);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
import('./run-checks.mjs').then(function (checks) {
  return checks.main(process.argv.slice(2));
});
