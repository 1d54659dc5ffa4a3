/** What the report says of races. */
import type { Node } from '@babel/types';
import type { Finding, Spot } from '../report/finding.js';
import type { Frame } from '../report/verdict.js';
import { spanOf } from '../syntax/nodes.js';
import type { Call } from './events.js';
import { CONTENT } from './files.js';
import { type FunctionModel, isFile, type ModuleModel } from './model.js';
import { displayOfStep, ELEMENTS, type Path } from './paths.js';
import type { Straddle } from './straddles.js';
import type { ReadAt, WriteAt } from './summary.js';
import type { Touch } from './touches.js';
import type { Caller } from './translate.js';
import { isWorkingDirectory } from './workingDirectory.js';

export interface Circumstances {
  /** From the call at which the function may be suspended down to the blocking call. */
  readonly chain: readonly Frame[];
  /** A function that may write meanwhile. */
  readonly rival: FunctionModel;
  /** Where the write, or the read of what is mixed, stands, if the function calls it. */
  readonly behind: WriteAt | ReadAt | undefined;
}

const CONSEQUENCES: Readonly<Record<Exclude<Straddle['kind'], 'mixed'>, string>> = {
  update: 'what others write to it meanwhile is lost',
  check: 'what was found there may not hold any more',
  fill: 'others may have filled it meanwhile, and theirs is replaced',
  double: 'each of several calls may make one',
  drain: 'what others put there meanwhile is lost',
  reuse: 'others may use the same value',
  restore: 'what others put there meanwhile is lost',
};

export function hazard(fn: FunctionModel, straddle: Straddle, { chain, rival, behind }: Circumstances): Finding {
  const { read, suspension, write, kind, path } = straddle;
  const { fileName, text } = fn.module.source;
  const at = (node: Node): Spot => ({ fileName, span: spanOf(node) });
  const here = (done: string): (string | Spot)[] =>
    behind === undefined
      ? [`${done} here`]
      : [`${done} by this call (`, { fileName: behind.fn.module.source.fileName, span: spanOf(behind.node) }, ')'];
  if (kind === 'mixed') {
    return {
      ...{ rule: 'race-hazard', fileName, span: spanOf(read.node), chain },
      message: [
        `${display(path)} is written at `,
        at(write.node),
        ' and ',
        ...here('read'),
        ...(read === suspension
          ? [', which may suspend before that']
          : [`; in between, ${nameOf(suspension.node, text)} at `, at(suspension.node), ' may suspend']),
        ', and another call may have written it.',
      ],
    };
  }
  const others = rival === fn ? [] : [` ${rival.coloured.fact.name} writes to it too (`, spotOf(rival), ').'];
  return {
    rule: kind === 'fill' ? 'race-fill' : isFile(path) ? 'race-file' : 'race-hazard',
    fileName,
    span: spanOf(write.node),
    message: [
      `${display(path)} is read at `,
      at(read.node),
      ' and ',
      ...here(kind === 'restore' ? 'put back' : 'written'),
      `; in between, ${nameOf(suspension.node, text)} at `,
      at(suspension.node),
      ` may suspend, and ${CONSEQUENCES[kind]}.`,
      ...others,
    ],
    chain,
  };
}

function spotOf({ module, node }: FunctionModel): Spot {
  return { fileName: module.source.fileName, span: { start: node.start as number, end: node.start as number } };
}

/** A path as it may be written. */
function display(path: Path): string {
  const { root, steps } = path;
  if (isWorkingDirectory(path)) return 'the working directory';
  const first =
    root.kind === 'variable'
      ? root.binding.name
      : root.kind === 'this'
        ? 'this'
        : root.kind === 'global'
          ? root.name
          : root.text;
  const shown = steps.map((step) => (step === ELEMENTS || step === CONTENT ? '' : displayOfStep(step))).join('');
  return `${steps.at(-1) === CONTENT ? 'the file ' : ''}${first}${shown}`;
}

export interface Moved {
  /** The async function, and the call before its first `await` that may suspend. */
  readonly fn: FunctionModel;
  readonly suspension: Call;
  /** What the function does afterwards, and what others do with the same place. */
  readonly own: Touch;
  readonly other: Touch;
}

export function eagerPrefix(
  { module: { source } }: Caller,
  call: Call,
  { fn, suspension, own, other }: Moved,
  chain: readonly Frame[],
): Finding {
  const spot = (module: ModuleModel, node: Node): Spot => ({ fileName: module.source.fileName, span: spanOf(node) });
  const did = ({ writes }: Touch) => (writes ? 'written' : 'read');
  const order =
    own.node === other.node
      ? [` may suspend: another such call may ${own.writes ? 'write' : 'read'} ${display(own.path)} at `]
      : [
          ` may suspend: ${display(own.path)} may be ${did(other)} at `,
          spot(other.module, other.node),
          ` before it is ${did(own)} at `,
        ];
  return {
    rule: 'eager-prefix',
    fileName: source.fileName,
    span: spanOf(call.node),
    message: [
      `The caller goes on before ${fn.coloured.fact.name} has come to its first await, because ${nameOf(suspension.node, fn.module.source.text)} at `,
      spot(fn.module, suspension.node),
      ...order,
      spot(own.module, own.node),
      own.node === other.node ? ' before this one does.' : '.',
    ],
    chain,
  };
}

const LONGEST = 40;

/** A call by the function that is called; an access of a property as it is written. */
function nameOf(node: Node, text: string): string {
  const called = 'callee' in node ? node.callee : 'tag' in node ? node.tag : undefined;
  const named = (called ?? node) as Node;
  // `(0, module.f)()`
  const callee = named.type === 'SequenceExpression' ? (named.expressions.at(-1) ?? named) : named;
  const written = text.slice(callee.start as number, callee.end as number).replace(/\s+/g, ' ');
  if (written.length > LONGEST) return `${written.slice(0, LONGEST)}...`;
  return called === undefined ? written : `${written}()`;
}
