/** Tests that are known to come to something else when they are compiled, and why. */
import { readFileSync } from 'node:fs';
import { COMPILED_FORMS } from './programs.mjs';

/**
 * A list of reasons: `kind` is `documented` for what docs/differences.md says, `artefact` for what the test asks of Node or of its own text and no
 * program does, `fault` for what is to be mended; `forms` all unless given; `sometimes` for tests that may pass.
 */
export function readExclusions(file) {
  const known = new Map();
  for (const { reason, forms = COMPILED_FORMS, sometimes = false, tests } of JSON.parse(readFileSync(file, 'utf8'))) {
    for (const test of tests) for (const form of forms) known.set(`${test} ${form}`, { reason, sometimes });
  }
  return {
    /** What is wrong about a result; undefined if it is the one that is expected. */
    mistake(name, form, isSame) {
      const exclusion = known.get(`${name} ${form}`);
      if (exclusion === undefined) return isSame ? undefined : 'differs';
      return isSame && !exclusion.sometimes
        ? `does not differ any more, take it from the list: ${exclusion.reason}`
        : undefined;
    },
  };
}
