import { expect, it } from 'vitest';
import { withoutSecrets } from '../../src/pg/secrets.js';

it.each([
  ['postgresql://me:hidden@host/db', 'near "hidden"'],
  ['postgresql://me:hid%64en@host/db', 'near "hidden", hid%64en'],
  ['postgresql://me:%zzhidden@host/db', 'near "%zzhidden"'],
  ['postgresql://me:hid@den@host/db', 'near "hid@den"'],
  ['postgresql://host/db?user=me&password=hidden&x=1', 'near "hidden"'],
  ["host=host password='hid den' user=me", "near 'hid den'"],
  ['host=host password=hidden user=me', 'near hidden'],
  [{ password: 'hidden' }, 'near "hidden"'],
  [{ connectionString: 'postgresql://me:hidden@host/db' }, 'near "hidden"'],
])('leaves out the password of %j', (parameters, text) => {
  const shown = withoutSecrets(`${text}, of host`, parameters);
  expect(shown).not.toMatch(/hid|den/);
  expect(shown).toContain('***');
  expect(shown).toContain(', of host');
});

it('leaves texts as they are where there is no password in them', () => {
  expect(withoutSecrets('role "me" does not exist', 'postgresql://me@host/db')).toBe('role "me" does not exist');
  expect(withoutSecrets('no', undefined)).toBe('no');
});
