/** Calls of packages that are not compiled, and say by their names that they block. Nothing else is known of them. */
import { isBuiltin } from 'node:module';
import type { Expression, Node, Statement } from '@babel/types';
import type { Colouring } from '../colour/colour.js';
import type { ParsedModule } from '../parse/parse.js';
import type { ProgramInput } from '../program.js';
import type { Finding } from './finding.js';

const BLOCKING = /(?:Sync|^sync)$/;

/** The names that a call is written with: `fse` and `.copySync` of `fse.copySync(a, b)`. */
const WRITTEN = /^([\w$]+)((?:\s*\??\.\s*[\w$]+)*)\s*(?:\?\.\s*)?\(/;

/** What a local name stands for. */
interface Imported {
  readonly specifier: string;
  /** The export; undefined for the package as a whole. */
  readonly name: string | undefined;
}

/** What a module does while it is initialised stays synchronous in any case. */
export function packageCallsIn(
  modules: readonly ParsedModule[],
  { sites, functions }: Colouring,
  resolve: ProgramInput['resolve'],
): Finding[] {
  const parsed = new Map(modules.map((module) => [module.fileName, module]));
  const known = new Map<string, ReadonlyMap<string, Imported>>();
  return sites.flatMap(({ call, access }) => {
    const caller = functions[call.caller];
    const module = caller && parsed.get(caller.fileName);
    if (module === undefined || access !== undefined || caller?.fact.kind === 'module') return [];
    const { fileName, text } = module;
    const { span } = call.fact;
    const [, local = '', members = ''] = WRITTEN.exec(text.slice(span.start, span.end)) ?? [];
    const imports = known.get(fileName) ?? importsOf(module);
    known.set(fileName, imports);
    const imported = imports.get(local);
    if (imported === undefined) return [];
    const { specifier } = imported;
    const name = members === '' ? (imported.name ?? '') : (members.split('.').at(-1) as string).trim();
    // `glob.sync(a).map(f)` begins with the same names.
    if (call.fact.property !== (members === '' ? undefined : name)) return [];
    if (!BLOCKING.test(name) || /^[./]/.test(specifier) || isBuiltin(specifier)) return [];
    if (resolve(specifier, fileName) !== undefined) return [];
    const message = `${name}() of ${specifier} blocks, as its name says: the package is not compiled, and its calls are not counted.`;
    return [{ rule: 'package-call', fileName, span, message: [message], chain: [] }];
  });
}

/** The names that a module's imports and its calls of `require` at the top level bind. */
function importsOf({ ast }: ParsedModule): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  for (const statement of ast.program.body) noteImports(statement, found);
  return found;
}

function noteImports(statement: Statement, found: Map<string, Imported>): void {
  if (statement.type === 'ImportDeclaration') {
    for (const each of statement.specifiers) {
      const imported = each.type === 'ImportSpecifier' ? each.imported : undefined;
      const name = imported?.type === 'Identifier' ? imported.name : imported?.value;
      found.set(each.local.name, { specifier: statement.source.value, name: name === 'default' ? undefined : name });
    }
  } else if (statement.type === 'VariableDeclaration') {
    for (const { id, init } of statement.declarations) {
      const specifier = requiredBy(init);
      if (specifier === undefined) continue;
      if (id.type === 'Identifier') found.set(id.name, { specifier, name: undefined });
      else if (id.type === 'ObjectPattern') {
        for (const property of id.properties) {
          if (property.type !== 'ObjectProperty') continue;
          const { key, value } = property as { readonly key: Node; readonly value: Node };
          if (key.type === 'Identifier' && value.type === 'Identifier')
            found.set(value.name, { specifier, name: key.name });
        }
      }
    }
  }
}

function requiredBy(init: Expression | null | undefined): string | undefined {
  if (init?.type !== 'CallExpression' || init.callee.type !== 'Identifier') return undefined;
  const [specifier] = init.arguments;
  return init.callee.name === 'require' && specifier?.type === 'StringLiteral' ? specifier.value : undefined;
}
