/** TypeScript's checker as the compiler's oracle of static types. */
import type ts from 'typescript';
import { type SpanKey, type StaticType, spanKey, type TypeOracle } from '../program.js';

type TypeScript = typeof ts;

/** Nodes of a file that the compiler may ask about. */
interface Nodes {
  /** Objects of member expressions, by the span of these; receivers of method calls, by the span of the call. */
  readonly receivers: ReadonlyMap<SpanKey, ts.Expression>;
  /** Member expressions and bound names, by their span. */
  readonly members: ReadonlyMap<SpanKey, ts.Node>;
}

export function typeOracle(program: ts.Program, typescript: TypeScript): TypeOracle {
  const checker = program.getTypeChecker();
  const files = new Map<string, Nodes>();

  function nodesOf(fileName: string): Nodes {
    let found = files.get(fileName);
    if (found === undefined) {
      const file = program.getSourceFile(fileName);
      found = file === undefined ? { receivers: new Map(), members: new Map() } : nodesIn(file, typescript);
      files.set(fileName, found);
    }
    return found;
  }

  /** Types from several places, or of several classes, say nothing as a whole. */
  function common(types: readonly (StaticType | undefined)[]): StaticType | undefined {
    const [first] = types;
    if (first === undefined) return undefined;
    const same = (type: StaticType | undefined) =>
      type?.kind === first.kind &&
      (type.kind === 'platform' ||
        (first.kind === 'instance' && type.fileName === first.fileName && type.end === first.end));
    return types.every(same) ? first : undefined;
  }

  function describe(type: ts.Type): StaticType | undefined {
    const { TypeFlags } = typescript;
    if (type.flags & (TypeFlags.Any | TypeFlags.Unknown | TypeFlags.Never)) return undefined;
    const apparent = checker.getApparentType(checker.getNonNullableType(type));
    if (apparent.isUnionOrIntersection()) return apparent.isUnion() ? common(apparent.types.map(describe)) : undefined;
    const declarations = apparent.getSymbol()?.declarations ?? [];
    return common(declarations.map(declared));
  }

  function declared(declaration: ts.Declaration): StaticType | undefined {
    const file = declaration.getSourceFile();
    if (program.isSourceFileDefaultLibrary(file) || /\/@types\/node\//.test(file.fileName)) return { kind: 'platform' };
    if (!typescript.isClassLike(declaration) || file.isDeclarationFile) return undefined;
    return { kind: 'instance', fileName: file.fileName, end: declaration.end };
  }

  return {
    isPrimitive(fileName, place) {
      const node = nodesOf(fileName).members.get(spanKey(place));
      return node !== undefined && isPrimitive(checker.getTypeAtLocation(node), typescript);
    },
    receiver(fileName, call) {
      const receiver = nodesOf(fileName).receivers.get(spanKey(call));
      return receiver === undefined ? undefined : describe(checker.getTypeAtLocation(receiver));
    },
  };
}

function nodesIn(file: ts.SourceFile, typescript: TypeScript): Nodes {
  const receivers = new Map<SpanKey, ts.Expression>();
  const members = new Map<SpanKey, ts.Node>();
  const keyOf = (node: ts.Node) => spanKey({ start: node.getStart(file), end: node.end });
  const visit = (node: ts.Node): void => {
    if (typescript.isCallExpression(node)) {
      const callee = withoutWrappers(node.expression, typescript);
      if (isMember(callee, typescript)) receivers.set(keyOf(node), callee.expression);
    } else if (isMember(node, typescript)) {
      members.set(keyOf(node), node);
      receivers.set(keyOf(node), node.expression);
    } else if (typescript.isBindingElement(node)) members.set(keyOf(node.name), node.name);
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return { receivers, members };
}

function isMember(
  node: ts.Node,
  typescript: TypeScript,
): node is ts.PropertyAccessExpression | ts.ElementAccessExpression {
  return typescript.isPropertyAccessExpression(node) || typescript.isElementAccessExpression(node);
}

function isPrimitive(type: ts.Type, typescript: TypeScript): boolean {
  if (type.isUnion()) return type.types.every((part) => isPrimitive(part, typescript));
  const { TypeFlags } = typescript;
  const primitive =
    TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike | TypeFlags.BigIntLike | TypeFlags.ESSymbolLike;
  return (type.flags & (primitive | TypeFlags.Null | TypeFlags.Undefined | TypeFlags.Void)) !== 0;
}

/** The expression inside parentheses and type assertions. */
function withoutWrappers(expression: ts.Expression, typescript: TypeScript): ts.Expression {
  let inner = expression;
  while (
    typescript.isParenthesizedExpression(inner) ||
    typescript.isNonNullExpression(inner) ||
    typescript.isAsExpression(inner) ||
    typescript.isSatisfiesExpression(inner) ||
    typescript.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
