/** Control flow of statements. */
import type { Expression, Node, Statement } from '@babel/types';
import { isDisposed } from '../syntax/lists.js';
import { childrenOf } from '../syntax/nodes.js';
import type { Accesses } from './accesses.js';
import type { BasicBlocks } from './basicBlocks.js';
import { isEvaluated } from './evaluated.js';
import type { Test } from './events.js';
import type { Expressions } from './expressions.js';
import { NONE, union } from './sources.js';

/** What statements refer to. */
export interface StatementContext {
  readonly blocks: BasicBlocks;
  readonly accesses: Accesses;
  readonly expressions: Expressions;
}

/** @returns follows statements that come one after the other */
export function statementsIn({
  blocks,
  accesses,
  expressions,
}: StatementContext): (list: readonly Statement[]) => void {
  const { value, partsOf, passed, assign } = expressions;

  function statements(list: readonly Statement[]): void {
    disposing(list, () => {
      for (const statement of list) visit(statement);
    });
  }
  /** What declarations with `using` dispose of, the last first, however what follows them is left. */
  function disposing(list: readonly Node[], body: () => void): void {
    const disposed = list.flatMap((it) => (it.type === 'VariableDeclaration' && isDisposed(it) ? it.declarations : []));
    const finalizer = () => {
      for (const declarator of disposed.toReversed()) accesses.callUnseen(declarator, NONE);
    };
    if (disposed.length === 0) body();
    else blocks.attempt({ body, handler: undefined, finalizer });
  }
  function tested(condition: Node): Test[] {
    value(condition);
    return partsOf(condition);
  }
  /** @param labels those in front of the statement */
  function visit(node: Node, labels: readonly string[] = []): void {
    switch (node.type) {
      case 'BlockStatement':
        if (labels.length === 0) statements(node.body);
        else blocks.labelled(labels, () => statements(node.body));
        return;
      case 'ExpressionStatement':
        value(node.expression);
        return;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          if (init) assign(id, value(init), init, node);
        }
        return;
      case 'IfStatement':
        blocks.branch(
          tested(node.test),
          () => visit(node.consequent),
          () => {
            if (node.alternate) visit(node.alternate);
          },
        );
        return;
      case 'WhileStatement':
        blocks.loop({ labels, test: () => tested(node.test), body: () => visit(node.body) });
        return;
      case 'DoWhileStatement':
        blocks.loop({ labels, test: () => tested(node.test), body: () => visit(node.body), first: true });
        return;
      case 'ForStatement':
        forStatement(node, labels);
        return;
      case 'ForOfStatement':
      case 'ForInStatement':
        forEachStatement(node, labels);
        return;
      case 'SwitchStatement':
        switchStatement(node, labels);
        return;
      case 'LabeledStatement':
        visit(node.body, [...labels, node.label.name]);
        return;
      case 'ReturnStatement':
        if (node.argument) blocks.emit({ kind: 'return', value: value(node.argument) });
        blocks.returnHere();
        return;
      case 'ThrowStatement':
        value(node.argument);
        blocks.throwHere();
        return;
      case 'BreakStatement':
        blocks.jump('break', node.label?.name);
        return;
      case 'ContinueStatement':
        blocks.jump('continue', node.label?.name);
        return;
      case 'TryStatement': {
        const { block, handler, finalizer } = node;
        blocks.attempt({
          body: () => visit(block),
          handler: handler ? () => visit(handler.body) : undefined,
          finalizer: finalizer ? () => visit(finalizer) : undefined,
        });
        return;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) visit(node.declaration);
        return;
      default:
        for (const child of childrenOf(node)) {
          if (/Statement$|^VariableDeclaration$/.test(child.type)) visit(child);
          else if (isEvaluated(node, child)) value(child);
        }
    }
  }
  function forStatement(node: Extract<Node, { type: 'ForStatement' }>, labels: readonly string[]): void {
    if (node.init) {
      if (node.init.type === 'VariableDeclaration') visit(node.init);
      else value(node.init);
    }
    const { test } = node;
    blocks.loop({
      labels,
      test: test ? () => tested(test) : undefined,
      body: () => visit(node.body),
      update: () => {
        if (node.update) value(node.update);
      },
    });
  }
  function forEachStatement(
    node: Extract<Node, { type: 'ForOfStatement' | 'ForInStatement' }>,
    labels: readonly string[],
  ): void {
    const items = passed(node.right as Expression);
    const body = () => {
      const item = union(items, accesses.callUnseen(node, items));
      if (node.type === 'ForOfStatement' && node.await) blocks.emit({ kind: 'await', value: item, yields: false });
      const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
      disposing([node.left], () => {
        if (target) assign(target, item, undefined, node);
        visit(node.body);
      });
    };
    blocks.loop({ labels, test: undefined, body, ends: true });
  }
  function switchStatement(node: Extract<Node, { type: 'SwitchStatement' }>, labels: readonly string[]): void {
    const discriminant = value(node.discriminant);
    const cases = node.cases.map(({ test, consequent }) => ({
      test: test ? () => [{ value: union(discriminant, value(test)), ofPresence: false }] : undefined,
      body: () => statements(consequent),
    }));
    blocks.choose(labels, cases);
  }

  return statements;
}
