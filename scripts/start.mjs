// `npm start`: set up what is missing, run the sample analysis, open JupyterLab on it.
//
// Not where that happens (start-analysis.mjs): this file only makes sure that Node can read the rest. It is
// written so that an old Node can parse it, and it imports nothing statically that such a Node could not.
import { checkNode } from './setup/node-version.mjs';

var problem = checkNode(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}
import('./start-analysis.mjs').then(function (analysis) {
  return analysis.main(process.argv.slice(2));
});
