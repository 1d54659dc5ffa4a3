import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutations/index.js';
import { broken } from './mutations/rules.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

describe.each(Object.entries(MUTATIONS))('%s', (file, rules) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  it.each(Object.entries(rules))('%s', (_, edit) => {
    expect(broken(text, edit)).toBeTypeOf('string');
  });
});
