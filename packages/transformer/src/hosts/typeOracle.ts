/** TypeScript's checker as the compiler's oracle of static types. */
import type ts from 'typescript';
import { type Span, type SpanKey, type StaticType, spanKey, type TypeOracle } from '../program.js';

type TypeScript = typeof ts;
type Receivers = ReadonlyMap<SpanKey, ts.Expression>;

export function typeOracle(program: ts.Program, typescript: TypeScript): TypeOracle {
  const checker = program.getTypeChecker();
  const receivers = new Map<string, Receivers>();

  function receiverAt(fileName: string, call: Span): ts.Expression | undefined {
    let found = receivers.get(fileName);
    if (found === undefined) {
      const file = program.getSourceFile(fileName);
      found = file === undefined ? new Map() : receiversIn(file, typescript);
      receivers.set(fileName, found);
    }
    return found.get(spanKey(call));
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
    receiver(fileName, call) {
      const receiver = receiverAt(fileName, call);
      return receiver === undefined ? undefined : describe(checker.getTypeAtLocation(receiver));
    },
  };
}

/** The receivers of the method calls in a file, by the span of the call. */
function receiversIn(file: ts.SourceFile, typescript: TypeScript): Receivers {
  const found = new Map<SpanKey, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (typescript.isCallExpression(node)) {
      const callee = withoutWrappers(node.expression, typescript);
      if (typescript.isPropertyAccessExpression(callee) || typescript.isElementAccessExpression(callee)) {
        found.set(spanKey({ start: node.getStart(file), end: node.end }), callee.expression);
      }
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
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
