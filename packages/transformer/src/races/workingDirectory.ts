/** The directory in which the process works, as a place: it is one for all flows, and names of files and commands depend on it. */
import type { Node } from '@babel/types';
import type { Site } from '../colour/site.js';
import { keyName, stringValue } from '../facts/names.js';
import { unwrap } from '../syntax/nodes.js';
import type { Path } from './paths.js';

const STEP = '.<working directory>';

export const WORKING_DIRECTORY: Path = { root: { kind: 'global', name: 'process' }, steps: [STEP] };

export function isWorkingDirectory({ root, steps }: Path): boolean {
  return root.kind === 'global' && steps[0] === STEP;
}

const COMMANDS = /^child_process\.(exec|execFile|spawn)Sync$/;

/** What a call does with the working directory: `used` where it names a file or runs a command. */
export function directoryAccess(site: Site | undefined, call: Node): 'read' | 'written' | 'used' | undefined {
  if (site === undefined || !('arguments' in call)) return undefined;
  if (isMethod(site, 'chdir')) return 'written';
  if (isMethod(site, 'cwd')) return 'read';
  const [leaf, ...others] = site.leaves;
  if (leaf === undefined || others.length > 0) return undefined;
  const args = call.arguments.map((argument) => unwrap(argument));
  if (COMMANDS.test(leaf.path)) return args.slice(1).every(saysNothing) ? 'used' : undefined;
  const file = args[0] && stringValue(args[0]);
  return leaf.path.startsWith('fs.') && file !== undefined && !/^([/\\]|\w:|file:)/.test(file) ? 'used' : undefined;
}

/** Whether a call is one of a method of `process`. */
function isMethod({ call: { callees, receivers, fact } }: Site, name: string): boolean {
  const has = (tokens: typeof callees, path: string) =>
    tokens.some((token) => token.kind === 'external' && token.path === path);
  return has(callees, `process.${name}`) || (fact.property === name && has(receivers, 'process'));
}

/** Whether an argument says nothing of a directory: arguments of a command, and options without one. */
function saysNothing(argument: Node): boolean {
  if (argument.type !== 'ObjectExpression') return argument.type === 'ArrayExpression';
  return argument.properties.every((property) => property.type !== 'SpreadElement' && keyName(property.key) !== 'cwd');
}
