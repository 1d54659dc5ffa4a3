/** Phase 2: one module's syntax tree to facts, without knowledge of other modules. */
import type { ParsedModule } from '../parse/parse.js';
import { wordsOf } from '../parse/words.js';
import { blockFunctions, hoistedNames } from '../syntax/names.js';
import { spanOf } from '../syntax/nodes.js';
import { firstAwaited, lastCall, onlyDeclares, type StartingCall } from '../syntax/prefix.js';
import { declare, startExtraction } from './extraction.js';
import type { ModuleFacts, StartingCallFact } from './facts.js';
import { addFunction } from './functions.js';
import { block } from './statements.js';

/** Whether a CommonJS module may export something. */
function writesExports(module: ParsedModule): boolean {
  return module.kind === 'commonjs' && /\bexports\b/.test(wordsOf(module));
}

function factOf({ call, statement, part }: StartingCall): StartingCallFact {
  return { call: spanOf(call), statement: statement.start as number, part };
}

export function extractFacts(module: ParsedModule): ModuleFacts {
  const x = startExtraction(module);
  const { program } = module.ast;
  const root = addFunction(x, program, 'module', 'module initialisation', undefined);
  declare(x, root.place.scope, hoistedNames(program));
  if (!root.place.strict) declare(x, root.place.scope, blockFunctions(program));
  block(x, program.body, { ...root.place, keepsDisposals: root.place.scope }, true);
  x.facts.variables.push(...root.place.scope.bindings.values());
  x.facts.onlyDeclares = onlyDeclares(program);
  const awaited = firstAwaited(program);
  if (awaited !== undefined) x.facts.firstAwaited = factOf(awaited);
  const last = lastCall(program);
  const { exports, exportAll } = x.facts;
  const isEntry = exports.length === 0 && exportAll.length === 0 && !writesExports(module);
  if (last !== undefined && isEntry) x.facts.lastCall = factOf(last);
  const mayReadNames = /\beval\b|\bwith\s*\(/.test(wordsOf(module));
  if (!mayReadNames) x.facts.sleepCells.push(...x.cells.found());
  return x.facts;
}
