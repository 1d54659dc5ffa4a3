/** Links between documents, and from sources to documents, lead somewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const filesOf = (...patterns: string[]): string[] => globSync(patterns, { cwd: root, ignore: ['**/node_modules/**'] });

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

it('documents link to what there is', () => {
  const broken = filesOf('*.md', 'docs/**/*.md', 'packages/*/*.md').flatMap((file) => {
    const links = [
      ...read(file)
        .replace(/`[^`]*`/g, '')
        .matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]*))?\)/g),
    ];
    return links.flatMap(([link, path = '', anchor]) => {
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, target))) return [`${file}: ${link}`];
      return anchor === undefined || anchorsOf(read(target)).includes(anchor) ? [] : [`${file}: ${link}`];
    });
  });
  expect(broken).toEqual([]);
});

it('sources name documents that there are', () => {
  const missing = filesOf('packages/*/src/**/*.ts', 'packages/*/test/**/*.ts').flatMap((file) => {
    const named = [
      ...read(file)
        .replace(/`[^`]*`/g, '')
        .matchAll(/\bdocs\/[\w/-]+\.md\b/g),
    ].map(([name]) => name);
    return named.filter((name) => !existsSync(join(root, name))).map((name) => `${file}: ${name}`);
  });
  expect(missing).toEqual([]);
});
