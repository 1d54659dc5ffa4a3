/** The crash search in small: some files of each package that is installed for the tests. `pnpm crash-search` searches hundreds of packages. */
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Exclusion } from './exclusions.js';
import { inspectPackage } from './packages.js';

const MODULES = fileURLToPath(new URL('../../../../fixtures/packages/node_modules', import.meta.url));

const installed = readdirSync(MODULES).filter((name) => !name.startsWith('.') && !name.startsWith('@'));

describe('installed packages', () => {
  it('are many', () => {
    expect(installed.length).toBeGreaterThan(40);
  });
  it.each(installed)('%s compiles', (name) => {
    const limits = { files: 4, size: 15_000, seed: 1 };
    const { findings } = inspectPackage({ directory: realpathSync(join(MODULES, name)), limits, exclusions: [] });
    expect(findings).toEqual([]);
  });
});

describe('exclusions', () => {
  const exclusion: Exclusion = { package: 'p', files: ['lib/**'], is: 'no JavaScript', reason: 'Is Flow.' };

  function findingsOf(files: Readonly<Record<string, string>>, exclusions: readonly Exclusion[]): string[] {
    const directory = mkdtempSync(join(realpathSync(tmpdir()), 'unblock-exclusions-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
      const limits = { files: 10, size: 10_000, seed: 1 };
      return inspectPackage({ directory, limits, exclusions }).findings.map(
        ({ fileName, form, problem }) => `${fileName} (${form}): ${problem.replace(/^.*: (?=\w)/, '')}`,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
  const of = (glob: string, is: Exclusion['is'] = 'no JavaScript') => [{ ...exclusion, files: [glob], is }];

  it('are needed for a file that is no JavaScript', () => {
    expect(findingsOf({ 'a.js': 'f(;' }, [])).toEqual([expect.stringMatching(/^a\.js \(no JavaScript\): /)]);
    expect(findingsOf({ 'a.js': 'f(;' }, of('a.js'))).toEqual([]);
    expect(findingsOf({ 'a.js': 'f(;' }, of('*.js'))).toEqual([]);
  });
  it('say why', () => {
    expect(findingsOf({ 'a.js': 'f(;' }, of('a.js', 'not parsed'))).toHaveLength(1);
  });
  it('must not compile', () => {
    expect(findingsOf({ 'a.js': 'f();' }, of('a.js'))).toEqual(['a.js (excluded): excluded, but it compiles']);
  });
  it('have to be there', () => {
    expect(findingsOf({ 'a.js': 'f();' }, of('b.js'))).toEqual(['b.js (excluded): excluded, but it is not there']);
  });
});
