/** Assignments, as events: to variables, to members, and by patterns. */
import type { Node } from '@babel/types';
import { type MemberNode, unwrap } from '../syntax/nodes.js';
import type { AccessContext, Accesses } from './accesses.js';
import type { Path } from './paths.js';
import { shapeOf } from './shapes.js';
import { NONE, type Sources, union } from './sources.js';

/** What assignments refer to. */
export interface AssignmentContext extends AccessContext {
  readonly accesses: Accesses;
  /** Evaluates an expression. */
  readonly value: (node: Node) => Sources;
  /** What an expression that has been evaluated depends on. */
  readonly known: (node: Node) => Sources;
  /** Evaluates the object of a member expression, and its computed key. */
  readonly base: (node: MemberNode) => Sources;
  /** @param right evaluates what stands behind a logical operator */
  readonly logical: (left: Node, right: () => Sources) => Sources;
}

export interface Assignments {
  /** Evaluates `target operator right`. */
  assignment(target: Node, operator: string, right: Node, node: Node): Sources;
  /**
   * @param given the expression that is assigned, if it is one that tells what is written
   * @param place where what is assigned to a pattern is kept, if `given` does not tell
   */
  assign(target: Node, sources: Sources, given: Node | undefined, node: Node, place?: Path): void;
}

export function assignmentsIn(context: AssignmentContext): Assignments {
  const { fn, knowledge, blocks, accesses, value, known, base, logical } = context;
  const { names, paths } = knowledge;
  const { callUnseen } = accesses;

  function assignment(target: Node, operator: string, right: Node, node: Node): Sources {
    if (operator === '=') {
      const filled = filling(target, right);
      if (filled !== undefined) return assignment(target, `${filled.operator}=`, filled.right, node);
    }
    if (/^(\|\||\?\?|&&)=$/.test(operator)) {
      return logical(target, () => {
        const sources = value(right);
        assign(target, sources, right, node);
        return sources;
      });
    }
    if (operator === '=') {
      const before = reference(target);
      const sources = value(right);
      assign(target, union(sources, before), right, node);
      return sources;
    }
    const before = value(target);
    const sources = union(before, value(right));
    assign(target, sources, node, node);
    return sources;
  }
  /** `place = place || value` */
  function filling(target: Node, wrapped: Node) {
    const right = unwrap(wrapped);
    if (right.type !== 'LogicalExpression') return undefined;
    const [own, first] = [paths.of(target, fn), paths.of(right.left, fn)];
    return own !== undefined && first !== undefined && isSamePlace(own, first) ? right : undefined;
  }
  /** What is evaluated of an assignment's target before its value is; the sources of a computed key. */
  function reference(wrapped: Node): Sources {
    const target = unwrap(wrapped);
    if (target.type !== 'MemberExpression') return NONE;
    base(target);
    return target.computed ? known(target.property) : NONE;
  }

  function assign(wrapped: Node, sources: Sources, given: Node | undefined, node: Node, place?: Path): void {
    const target = unwrap(wrapped);
    switch (target.type) {
      case 'Identifier': {
        const binding = names.of(target);
        const path = accesses.sharedAt(target);
        if (path !== undefined) accesses.write(path, node, sources, shapeOf(given, names));
        else if (binding !== undefined && binding.owner === fn) blocks.emit({ kind: 'set', binding, value: sources });
        return;
      }
      case 'MemberExpression': {
        callUnseen(target, sources);
        const path = accesses.sharedAt(target);
        if (path !== undefined) accesses.write(path, node, sources, shapeOf(given, names));
        return;
      }
      case 'AssignmentPattern':
        assign(target.left, union(sources, value(target.right)), undefined, node, place);
        return;
      case 'RestElement':
        assign(target.argument, sources, undefined, node);
        return;
      case 'ArrayPattern': {
        const items = union(sources, callUnseen(target, sources));
        for (const element of target.elements) if (element) assign(element, items, undefined, node);
        return;
      }
      case 'ObjectPattern': {
        const object = place ?? (given && paths.objectAt(given, fn));
        for (const property of target.properties) {
          if (property.type === 'RestElement') {
            assign(property.argument, union(sources, callUnseen(property, sources, given)), undefined, node);
            continue;
          }
          if (property.computed) value(property.key);
          // What an accessor reads is found in it.
          const called = callUnseen(property, sources, given);
          const member = object && called === NONE ? paths.member(object, property.key, property.computed) : undefined;
          const isRead = member !== undefined && !isPattern(property.value) && knowledge.isShared(member);
          const read = isRead ? accesses.read(member, property) : called;
          assign(property.value, union(sources, read), undefined, node, member);
        }
        return;
      }
      default:
    }
  }

  return { assignment, assign };
}

/** Whether what a name of a pattern gets is taken apart in turn. */
function isPattern(wrapped: Node): boolean {
  const target = wrapped.type === 'AssignmentPattern' ? wrapped.left : wrapped;
  return target.type === 'ObjectPattern' || target.type === 'ArrayPattern';
}

function isSamePlace(a: Path, b: Path): boolean {
  const isSameRoot =
    (a.root.kind === 'variable' && b.root.kind === 'variable' && a.root.binding === b.root.binding) ||
    (a.root.kind === 'this' && b.root.kind === 'this') ||
    (a.root.kind === 'global' && b.root.kind === 'global' && a.root.name === b.root.name);
  return isSameRoot && a.steps.join() === b.steps.join();
}
