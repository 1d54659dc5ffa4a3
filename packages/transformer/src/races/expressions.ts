/** Evaluation of expressions: the events that they lead to, and what their values depend on. */
import type { Node } from '@babel/types';
import { childrenOf, isFunction, isMember, type MemberNode, unwrap } from '../syntax/nodes.js';
import type { AccessContext, Accesses } from './accesses.js';
import { type Assignments, assignmentsIn } from './assignments.js';
import { type Calls, callsIn } from './calls.js';
import { isEvaluated } from './evaluated.js';
import type { Event, Test } from './events.js';
import { asksForPresence } from './shapes.js';
import { NONE, type Sources, union } from './sources.js';

/** What expressions refer to. */
export interface ExpressionContext extends AccessContext {
  readonly accesses: Accesses;
}

export interface Expressions {
  /** Evaluates an expression. */
  value(node: Node): Sources;
  /** The parts of a condition that has been evaluated. */
  partsOf(condition: Node): Test[];
  readonly passed: Calls['passed'];
  readonly assign: Assignments['assign'];
}

export function expressionsIn(context: ExpressionContext): Expressions {
  const { fn, knowledge, blocks, accesses } = context;
  const { paths } = knowledge;
  const { read, sharedAt, local, callUnseen } = accesses;
  const values = new Map<Node, Sources>();
  const { call, passed } = callsIn({ ...context, value, known, accessed });
  const { assignment, assign } = assignmentsIn({ ...context, value, known, base, logical });

  function value(wrapped: Node): Sources {
    const node = unwrap(wrapped);
    const evaluated = evaluate(node);
    const found = union(evaluated, callUnseen(node, evaluated));
    values.set(node, found);
    return found;
  }
  function known(node: Node): Sources {
    return values.get(unwrap(node)) ?? NONE;
  }
  function partsOf(wrapped: Node): Test[] {
    const node = unwrap(wrapped);
    if (node.type === 'LogicalExpression') return [...partsOf(node.left), ...partsOf(node.right)];
    if (node.type === 'UnaryExpression' && node.operator === '!') return partsOf(node.argument);
    return [{ value: known(node), ofPresence: asksForPresence(node) }];
  }
  function all(nodes: readonly Node[]): Sources {
    return union(...nodes.map(value));
  }

  function evaluate(node: Node): Sources {
    if (isFunction(node)) return NONE;
    switch (node.type) {
      case 'Identifier': {
        const path = sharedAt(node);
        return path === undefined ? local(node) : read(path, node);
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const sources = base(node);
        const path = sharedAt(node);
        return path === undefined ? sources : union(sources, read(path, node));
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return call(node, node.callee, node.arguments);
      case 'TaggedTemplateExpression':
        return call(node, node.tag, node.quasi.expressions);
      case 'AssignmentExpression':
        return assignment(node.left, node.operator, node.right, node);
      case 'UpdateExpression': {
        const before = value(node.argument);
        assign(node.argument, before, node, node);
        return before;
      }
      case 'LogicalExpression':
        return logical(node.left, () => value(node.right));
      case 'ConditionalExpression':
        return conditional(node);
      case 'AwaitExpression':
      case 'YieldExpression': {
        const given = node.argument ? value(node.argument) : NONE;
        blocks.emit({ kind: 'await', value: given, yields: node.type === 'YieldExpression' && fn?.async !== true });
        blocks.mayThrow();
        return given;
      }
      case 'UnaryExpression': {
        const target = unwrap(node.argument);
        if (node.operator !== 'delete' || !isMember(target)) return value(target);
        const sources = base(target);
        const path = sharedAt(target);
        if (path !== undefined) accesses.write(path, node, NONE, 'empty');
        return sources;
      }
      case 'BinaryExpression': {
        const sources = all([node.left, node.right]);
        const object = node.operator === 'in' ? paths.objectAt(node.right, fn) : undefined;
        if (object === undefined || !knowledge.isSharedObject(object)) return sources;
        return union(sources, read(paths.element(object, node.left), node));
      }
      case 'ClassExpression':
        return NONE;
      default:
        return all(childrenOf(node).filter((child) => isEvaluated(node, child)));
    }
  }

  /** The object of a member expression, and its computed key. */
  function base(node: MemberNode): Sources {
    const sources = objectOf(node);
    return node.computed ? union(sources, value(node.property)) : sources;
  }
  function objectOf(node: MemberNode): Sources {
    const object = unwrap(node.object);
    if (object.type !== 'Identifier') return isMember(object) ? accessed(object) : value(object);
    accesses.take(object);
    return local(object);
  }
  /** A member expression whose value is the object of another, or is called. */
  function accessed(node: MemberNode): Sources {
    const sources = base(node);
    return union(sources, callUnseen(node, sources));
  }

  function logical(left: Node, right: () => Sources): Sources {
    const first = value(left);
    let second = NONE;
    const start = blocks.blocks.length;
    blocks.branch(partsOf(left), () => {
      second = right();
    });
    // What is there already is not what something that had to be waited for depends on.
    const suspends = blocks.blocks.slice(start).some(({ events }) => events.some(isSuspension));
    return suspends ? second : union(first, second);
  }
  function isSuspension(event: Event): boolean {
    return event.kind === 'call' && knowledge.suspends(event.node);
  }
  function conditional(node: Extract<Node, { type: 'ConditionalExpression' }>): Sources {
    const test = value(node.test);
    let [yes, no] = [NONE, NONE];
    blocks.branch(
      partsOf(node.test),
      () => {
        yes = value(node.consequent);
      },
      () => {
        no = value(node.alternate);
      },
    );
    return union(test, yes, no);
  }

  return { value, partsOf, passed, assign };
}
