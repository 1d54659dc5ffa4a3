/** Phase 5: one module's text, rewritten as its plan says. */
import type { Program } from '@babel/types';
import { pragmasOf } from '../facts/pragmas.js';
import type { ParsedModule } from '../parse/parse.js';
import { type ModulePlan, startOfKey } from '../program.js';
import { declaredFunctions, hoistedNames } from '../syntax/names.js';
import { type Code, type Rendered, render } from './code.js';
import { type Context, type Emitted, freshName, helper, type ModuleContext } from './context.js';
import { emitLinks, emitRange, listEmitter } from './emit.js';
import { exportHint } from './exportNames.js';
import { resolvedForms } from './once.js';
import { turnsIn } from './turns.js';
import { implied } from './twice.js';

export interface RewrittenModule extends Rendered {
  readonly emitted: Emitted;
}

/**
 * Rewrites one module.
 *
 * @param runtime specifier of the module that exports the helpers
 * @returns code and source map, or undefined if the plan changes nothing: the text stays as it is, byte for byte
 */
export function rewriteModule(module: ParsedModule, given: ModulePlan, runtime: string): RewrittenModule | undefined {
  const plan = { ...given, functions: resolvedForms(module, given) };
  const keys = [
    ...[...plan.functions.keys(), ...plan.calls.keys(), ...plan.accesses.keys()],
    ...[...plan.wrapped.keys(), ...plan.packRequires],
  ];
  const { loading } = plan;
  if (keys.length === 0 && plan.packs.length === 0 && loading === undefined) return undefined;
  const also = implied(module, plan);
  const turns = turnsIn(module, plan);
  const changed = [...also, ...turns.made, ...turns.ends, ...turns.telling].map((node) => node.start as number);
  const planned = [...keys.map(startOfKey), ...changed].sort((a, b) => a - b);
  const emitted: Emitted = {
    ...{ awaited: new Set(), accesses: new Set(), registered: new Set() },
    ...{ functions: new Set(), wrapped: new Set() },
  };
  const shared: ModuleContext = {
    module,
    plan,
    planned,
    emitted,
    implied: also,
    turns,
    atomic: pragmasOf(module).atomic,
    locks: new Map(),
    templates: new Map(),
    constants: undefined,
    helpers: new Map(),
    names: new Map(),
  };
  const mode = plan.topLevelAwait ? 'async' : 'sync';
  const cx: Context = {
    ...{ shared, mode, temporaries: new Set<string>(), privateTwins: new Map(), keys: new Map() },
    earlyNames: new Set<string>(),
    ...{ patterns: { isUsed: false }, disposes: false, loops: 0 },
    ...{ decorated: undefined, home: undefined, originals: 0, twins: 0, made: undefined, around: undefined },
  };

  const { program } = module.ast;
  const start = bodyStart(program);
  const imports = packImports(program, cx);
  const links = emitLinks(program, cx);
  const emitStatement = listEmitter(program.body, true, cx);
  const end = loading?.end;
  const began = () => freshName(shared, '$began');
  const last = program.body.at(-1);
  const body = emitRange({ start, end: module.text.length }, program.body, (statement) => {
    const after = imports.get(statement.start as number);
    const code = emitStatement(statement);
    const before =
      end !== undefined && statement.start === end.start
        ? `;${helper(cx, end.isLast ? 'starting' : 'loaded')}(${began()}); `
        : '';
    const behind = loading !== undefined && statement === last ? `; ${helper(cx, 'loaded')}(${began()});` : '';
    return [before, code, after ?? '', behind];
  });
  const packs = packCalls(program, cx);
  const awaits = plan.awaitsNext ? `${helper(cx, 'awaitNext')}(); ` : '';
  const loads = loading === undefined ? '' : `const ${began()} = ${helper(cx, 'loading')}(); `;
  if ([...shared.helpers.keys()].every((name) => name === 'hush')) return undefined;
  const hushing = shared.helpers.has('hush') ? `${helper(cx, 'hushing')}(); ` : '';
  // Not `let`: modules that import each other may call functions of one that has not run yet.
  const variables = [...cx.temporaries, ...shared.templates.values(), ...shared.locks.values()];
  const temporaries = variables.length === 0 ? '' : `var ${variables.join(', ')}; `;
  const prologue: Code = [importHelpers(shared, runtime), temporaries, hushing, links, packs, awaits, loads];
  const rendered = render([{ start: 0, end: start }, prologue, body], module.text, module.fileName);
  return Object.assign(rendered, { code: rendered.code + exportHint(module, rendered.code), emitted });
}

/** Where the module's first statement begins, behind the interpreter line and directives. */
function bodyStart(program: Program): number {
  const first = program.body[0];
  if (first) return first.start as number;
  return (program.directives.at(-1)?.end ?? program.interpreter?.end ?? 0) as number;
}

function importHelpers({ helpers, module }: ModuleContext, runtime: string): string {
  const specifier = JSON.stringify(runtime);
  const names = [...helpers];
  if (module.kind === 'esm') {
    return `import { ${names.map(([name, local]) => renamed(name, local, ' as ')).join(', ')} } from ${specifier}; `;
  }
  const load = declaresRequire(module.ast.program) ? 'module.require' : 'require';
  return `const { ${names.map(([name, local]) => renamed(name, local, ': ')).join(', ')} } = ${load}(${specifier}); `;
}

/** A helper's local name is the one that it is exported by, unless the module has that itself. */
function renamed(name: string, local: string, as: string): string {
  return local === `$${name}` ? local : `$${name}${as}${local}`;
}

/** Whether the module has a `require` of its own: a function is there from the start, and a variable is not taken for the loader. */
function declaresRequire(program: Program): boolean {
  return (
    hoistedNames(program).includes('require') || declaredFunctions(program).some(({ id }) => id?.name === 'require')
  );
}

/** Imports of packages with a pack are repeated as namespaces right behind themselves, so that load order is kept. */
function packImports(program: Program, cx: Context): Map<number, Code> {
  const imports = new Map<number, Code>();
  packStatements(program, cx).forEach(({ start, specifier }, i) => {
    imports.set(start, `; import * as ${packName(cx, i)} from ${JSON.stringify(specifier)};`);
  });
  return imports;
}

function packCalls(program: Program, cx: Context): Code {
  return packStatements(program, cx).map(
    ({ specifier }, i) => `${helper(cx, 'pack')}(${JSON.stringify(specifier)}, ${packName(cx, i)}); `,
  );
}

function packName(cx: Context, i: number): string {
  return `${freshName(cx.shared, '$package')}${i === 0 ? '' : `_${i}`}`;
}

function packStatements(program: Program, cx: Context): { start: number; specifier: string }[] {
  const seen = new Set<string>();
  return program.body.flatMap((statement) => {
    if (statement.type !== 'ImportDeclaration' || /^type/.test(statement.importKind ?? '')) return [];
    const specifier = statement.source.value;
    if (!cx.shared.plan.packs.includes(specifier) || seen.has(specifier)) return [];
    seen.add(specifier);
    return [{ start: statement.start as number, specifier }];
  });
}
