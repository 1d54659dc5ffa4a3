/** Phase 2: one module's syntax tree to facts, without knowledge of other modules. */
import type {
  Class,
  Decorator,
  Expression,
  NewExpression,
  Node,
  ObjectExpression,
  Program,
  Statement,
} from '@babel/types';
import type { ParsedModule } from '../parse/parse.js';
import { childrenOf, type FunctionNode, isFunction, spanOf, unwrap } from '../syntax/nodes.js';
import type { CallFact, ClassFact, FunctionFact, FunctionKind, ModuleFacts, Source, Vertex } from './facts.js';
import { blockNames, boundNames, hoistedNames, lookup, type Scope } from './scopes.js';
import { SleepCells } from './sleepCells.js';
import { traitsOf } from './traits.js';

/** Where the walk is. */
interface Place {
  readonly scope: Scope;
  /** The scope of the function's own statements, or of the module's. */
  readonly body: Scope;
  readonly strict: boolean;
  readonly fn: number;
  readonly self: Vertex | undefined;
  readonly superClass: Vertex | undefined;
  /** The rule of a position that forbids awaiting. */
  readonly barrier: string | undefined;
}

type Member = Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export function extractFacts(module: ParsedModule): ModuleFacts {
  const facts: Mutable<ModuleFacts> = {
    fileName: module.fileName,
    vertices: 0,
    functions: [],
    classes: [],
    objects: [],
    calls: [],
    sources: [],
    edges: [],
    loads: [],
    stores: [],
    exports: [],
    exportAll: [],
    imports: [],
    requires: [],
    sleepCells: [],
  };
  const cells = new SleepCells();
  const { program } = module.ast;
  const traits = traitsOf(program);
  const globals = new Map<string, Vertex>();
  /** Function expressions by the place that their own name denotes. */
  const selfNames = new Map<Vertex, Mutable<FunctionFact>>();

  const vertex = (): Vertex => facts.vertices++;
  const from = (source: Source): Vertex => {
    const target = vertex();
    facts.sources.push({ target, source });
    return target;
  };
  const flow = (source: Vertex, target: Vertex) => facts.edges.push({ from: source, to: target });

  function global(name: string): Vertex {
    let found = globals.get(name);
    if (found === undefined) {
      found = name === 'undefined' ? vertex() : from({ kind: 'external', path: name === 'globalThis' ? '' : name });
      globals.set(name, found);
    }
    return found;
  }

  function declare(scope: Scope, names: readonly string[]): void {
    for (const name of names) if (!scope.bindings.has(name)) scope.bindings.set(name, vertex());
  }

  function addFunction(
    node: FunctionNode | Program,
    kind: FunctionKind,
    name: string,
    at: Place | undefined,
    barrier?: string,
  ) {
    const isFn = node.type !== 'Program';
    const index = facts.functions.length;
    const scope: Scope = { parent: at?.scope, bindings: new Map() };
    const inherits = kind === 'arrow' || (kind !== 'function' && kind !== 'module');
    const self = inherits && at?.self !== undefined ? at.self : vertex();
    const fact: Mutable<FunctionFact> = {
      kind,
      name,
      span: isFn ? spanOf(node) : { start: 0, end: module.text.length },
      async: isFn ? node.async === true : module.topLevelAwait === true,
      parent: at?.fn ?? 0,
      params: [],
      self,
      result: vertex(),
      inheritedKey: undefined,
      barrier,
    };
    facts.functions.push(fact);
    const place: Place = {
      scope,
      body: scope,
      strict: at?.strict === true || module.kind === 'esm' || isStrict(isFn ? node.body : node),
      fn: index,
      self,
      superClass: isFn && node.type === 'FunctionExpression' ? undefined : at?.superClass,
      barrier: undefined,
    };
    return { index, fact, place };
  }

  function visitFunction(node: FunctionNode, kind: FunctionKind, name: string, at: Place, barrier?: string): number {
    const reason = barrier ?? (node.generator === true ? 'generator' : undefined) ?? traits.barriers.get(node);
    const { index, fact, place } = addFunction(node, kind, name, at, reason);
    const { bindings } = place.scope;
    if (node.type === 'FunctionExpression' && node.id) {
      const self = from({ kind: 'function', index });
      bindings.set(node.id.name, self);
      selfNames.set(self, fact);
    }
    for (const param of node.params) {
      visitDecorators(param, at);
      declare(place.scope, boundNames(param));
      const received = vertex();
      fact.params.push(received);
      const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
      bind(pattern, received, { ...place, barrier: 'parameter-default' });
      if (param.type === 'TSParameterProperty') {
        for (const bound of boundNames(param)) {
          facts.stores.push({ object: undefined, property: bound, value: lookup(place.scope, bound) as Vertex });
        }
      }
    }
    if (!bindings.has('arguments') && node.type !== 'ArrowFunctionExpression') bindings.set('arguments', vertex());
    if (node.body.type === 'BlockStatement') {
      declare(place.scope, hoistedNames(node.body));
      block(node.body.body, place);
    } else flow(value(node.body, place), fact.result);
    return index;
  }

  /** Binds what `source` holds to the names of a pattern. */
  function bind(pattern: Node, source: Vertex, at: Place): void {
    switch (pattern.type) {
      case 'Identifier':
        assigned(pattern.name, at);
        flow(source, lookup(at.scope, pattern.name) ?? global(pattern.name));
        break;
      case 'AssignmentPattern':
        bind(pattern.left, source, at);
        bind(pattern.left, value(pattern.right, at, nameOf(pattern.left)), at);
        break;
      case 'RestElement':
        bind(pattern.argument, source, at);
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) bind(element, load(source, undefined), at);
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') bind(property.argument, source, at);
          else {
            if (property.computed) value(property.key as Expression, at);
            const { value: inner } = property;
            const bound = inner.type === 'AssignmentPattern' ? inner.left : inner;
            bind(inner, load(source, property.computed ? undefined : keyName(property.key), bound), at);
          }
        }
        break;
      default: {
        const target = unwrap(pattern);
        if (target.type === 'MemberExpression' || target.type === 'OptionalMemberExpression') store(target, source, at);
        else if (target !== pattern) bind(target, source, at);
      }
    }
  }

  /** The name of a function expression cannot be assigned to, which its asynchronous form does not know. */
  function assigned(name: string, at: Place): void {
    const fact = selfNames.get(lookup(at.scope, name) ?? -1);
    if (fact !== undefined) fact.barrier ??= 'self-assignment';
  }

  function load(object: Vertex, property: string | undefined, place?: Node): Vertex {
    const target = vertex();
    facts.loads.push({ object, property, target, span: place === undefined ? undefined : spanOf(place) });
    return target;
  }

  function store(target: Member, source: Vertex, at: Place): void {
    const object = value(target.object, at);
    if (target.computed) value(target.property as Expression, at);
    const property = target.computed ? literalKey(target.property) : keyName(target.property);
    facts.stores.push({ object, property, value: source });
    const exported = exportedName(target, at);
    if (exported !== undefined) facts.exports.push({ name: exported, value: source });
  }

  /** `exports.f = `, `module.exports = `, `module.exports.f = ` in CommonJS. */
  function exportedName(target: Member, at: Place): string | undefined {
    const path = memberPath(target);
    if (path === undefined || lookup(at.scope, path[0] as string) !== undefined) return undefined;
    if (path[0] === 'exports' && path.length === 2) return path[1];
    if (path[0] !== 'module' || path[1] !== 'exports') return undefined;
    return path.length === 2 ? '=' : path.length === 3 ? path[2] : undefined;
  }

  function block(statements: readonly Statement[], at: Place): void {
    declare(at.scope, blockNames(statements));
    for (const statement of statements) visit(statement, at);
  }

  function nested(at: Place): Place {
    return { ...at, scope: { parent: at.scope, bindings: new Map() } };
  }

  /** A node whose value does not matter. */
  function visit(node: Node, at: Place): void {
    switch (node.type) {
      case 'BlockStatement':
        block(node.body, nested(at));
        break;
      // Enumerations and namespaces become functions of their own.
      case 'TSModuleBlock':
        block(node.body, { ...nested(at), barrier: 'namespace' });
        break;
      case 'TSEnumDeclaration':
        for (const child of childrenOf(node)) visit(child, { ...at, barrier: 'enum-initialiser' });
        break;
      case 'FunctionDeclaration': {
        const name = node.id?.name ?? 'default';
        const sloppy = !at.strict && at.scope !== at.body;
        const index = visitFunction(node, 'function', name, at, sloppy ? 'sloppy-block-function' : undefined);
        const fn = from({ kind: 'function', index });
        if (node.id) flow(fn, lookup(at.scope, name) ?? global(name));
        defaultValue = fn;
        break;
      }
      case 'ClassDeclaration': {
        const cls = visitClass(node, at, node.id?.name ?? 'default');
        if (node.id) flow(cls, lookup(at.scope, node.id.name) ?? global(node.id.name));
        defaultValue = cls;
        break;
      }
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          if (!init) continue;
          if (node.kind === 'const' && id.type === 'Identifier' && isFreshCell(unwrap(init), at)) {
            cells.declare(lookup(at.scope, id.name) as Vertex, spanOf(unwrap(init)));
          }
          bind(id, value(init, at, nameOf(id)), at);
        }
        break;
      case 'ReturnStatement':
        if (node.argument) flow(value(node.argument, at), (facts.functions[at.fn] as FunctionFact).result);
        break;
      case 'ForOfStatement':
      case 'ForInStatement': {
        const inner = nested(at);
        const items = load(value(node.right, inner), undefined);
        if (node.left.type === 'VariableDeclaration') {
          declare(
            inner.scope,
            node.left.declarations.flatMap((d) => boundNames(d.id)),
          );
          for (const { id } of node.left.declarations) bind(id, items, inner);
        } else bind(node.left, items, inner);
        visit(node.body, inner);
        break;
      }
      case 'ForStatement': {
        const inner = nested(at);
        if (node.init?.type === 'VariableDeclaration') {
          declare(
            inner.scope,
            node.init.declarations.flatMap((d) => boundNames(d.id)),
          );
        }
        for (const child of childrenOf(node)) visit(child, inner);
        break;
      }
      case 'SwitchStatement': {
        value(node.discriminant, at);
        const inner = nested(at);
        declare(inner.scope, blockNames(node.cases.flatMap((c) => c.consequent)));
        for (const child of node.cases) for (const part of childrenOf(child)) visit(part, inner);
        break;
      }
      case 'CatchClause': {
        const inner = nested(at);
        if (node.param) declare(inner.scope, boundNames(node.param));
        visit(node.body, inner);
        break;
      }
      case 'ImportDeclaration':
        visitImport(node, at);
        break;
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
      case 'ExportAllDeclaration':
        visitExport(node, at);
        break;
      case 'TSImportEqualsDeclaration':
        if (node.moduleReference.type === 'TSExternalModuleReference') {
          const specifier = node.moduleReference.expression.value;
          facts.imports.push(specifier);
          flow(from({ kind: 'import', specifier, name: '*' }), lookup(at.scope, node.id.name) as Vertex);
        }
        break;
      case 'TSExportAssignment':
        facts.exports.push({ name: '=', value: value(node.expression, at) });
        break;
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSDeclareFunction':
        break;
      default:
        if (isExpression(node)) value(node, at);
        else for (const child of childrenOf(node)) visit(child, at);
    }
  }

  let defaultValue: Vertex = vertex();

  function visitImport(node: Extract<Node, { type: 'ImportDeclaration' }>, at: Place): void {
    if (node.importKind === 'type') return;
    const specifier = node.source.value;
    facts.imports.push(specifier);
    for (const item of node.specifiers) {
      const name =
        item.type === 'ImportSpecifier'
          ? keyName(item.imported)
          : item.type === 'ImportDefaultSpecifier'
            ? 'default'
            : '*';
      flow(from({ kind: 'import', specifier, name: name ?? '*' }), lookup(at.scope, item.local.name) as Vertex);
    }
  }

  function visitExport(
    node: Extract<Node, { type: 'ExportNamedDeclaration' | 'ExportDefaultDeclaration' | 'ExportAllDeclaration' }>,
    at: Place,
  ): void {
    if (node.type === 'ExportAllDeclaration') {
      facts.imports.push(node.source.value);
      facts.exportAll.push(node.source.value);
      return;
    }
    if (node.type === 'ExportDefaultDeclaration') {
      if (isExpression(node.declaration)) defaultValue = value(node.declaration, at, 'default');
      else visit(node.declaration, at);
      facts.exports.push({ name: 'default', value: defaultValue });
      return;
    }
    if (node.declaration) {
      visit(node.declaration, at);
      for (const name of blockNames([node.declaration])) {
        const local = lookup(at.scope, name) as Vertex;
        cells.use(local);
        facts.exports.push({ name, value: local });
      }
    }
    if (node.source) facts.imports.push(node.source.value);
    for (const item of node.specifiers) {
      const name = keyName(item.exported) ?? 'default';
      if (item.type !== 'ExportSpecifier') {
        facts.exports.push({
          name,
          value: from({ kind: 'import', specifier: (node.source as { value: string }).value, name: '*' }),
        });
      } else if (node.source) {
        const imported = keyName(item.local) ?? 'default';
        facts.exports.push({ name, value: from({ kind: 'import', specifier: node.source.value, name: imported }) });
      } else {
        const local = lookup(at.scope, item.local.name);
        if (local !== undefined) {
          cells.use(local);
          facts.exports.push({ name, value: local });
        }
      }
    }
  }

  /** The vertex that holds what an expression evaluates to. */
  function value(wrapped: Node, at: Place, name?: string): Vertex {
    const node = unwrap(wrapped);
    switch (node.type) {
      case 'Identifier': {
        const bound = lookup(at.scope, node.name);
        if (bound !== undefined) cells.use(bound);
        return bound ?? global(node.name);
      }
      case 'ThisExpression':
        return at.self ?? vertex();
      case 'Super':
        return at.superClass ?? vertex();
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const kind = node.type === 'FunctionExpression' ? 'function' : 'arrow';
        const own = node.type === 'FunctionExpression' ? node.id?.name : undefined;
        return from({ kind: 'function', index: visitFunction(node, kind, own ?? name ?? '(anonymous)', at) });
      }
      case 'ClassExpression':
        return visitClass(node, at, node.id?.name ?? name ?? '(anonymous class)');
      case 'ObjectExpression':
        return visitObject(node, at);
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const object = value(node.object, at);
        if (node.computed) value(node.property, at);
        return load(object, node.computed ? literalKey(node.property) : keyName(node.property), node);
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return visitCall(node, at);
      case 'TaggedTemplateExpression':
        return call(node, node.tag, [undefined, ...node.quasi.expressions], false, at);
      case 'AssignmentExpression': {
        const result = value(node.right, at, nameOf(node.left));
        bind(node.left, result, at);
        return result;
      }
      case 'UpdateExpression':
        if (node.argument.type === 'Identifier') assigned(node.argument.name, at);
        visit(node.argument, at);
        return vertex();
      case 'ConditionalExpression':
        value(node.test, at);
        return join([value(node.consequent, at, name), value(node.alternate, at, name)]);
      case 'LogicalExpression':
        return join([value(node.left, at), value(node.right, at, name)]);
      case 'SequenceExpression':
        return node.expressions.map((expression) => value(expression, at)).at(-1) as Vertex;
      case 'AwaitExpression':
        return value(node.argument, at);
      case 'ArrayExpression': {
        const result = vertex();
        for (const element of node.elements) {
          if (!element) continue;
          const item =
            element.type === 'SpreadElement' ? load(value(element.argument, at), undefined) : value(element, at);
          facts.stores.push({ object: result, property: undefined, value: item });
        }
        return result;
      }
      default:
        for (const child of childrenOf(node)) visit(child, at);
        return vertex();
    }
  }

  function join(sources: readonly Vertex[]): Vertex {
    const target = vertex();
    for (const source of sources) flow(source, target);
    return target;
  }

  function visitCall(
    node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' | 'NewExpression' }>,
    at: Place,
  ) {
    const { callee } = node;
    const [first] = node.arguments;
    if (callee.type === 'Identifier' && callee.name === 'require' && first?.type === 'StringLiteral') {
      if (lookup(at.scope, 'require') === undefined) {
        facts.imports.push(first.value);
        facts.requires.push({ specifier: first.value, span: spanOf(node) });
        return from({ kind: 'import', specifier: first.value, name: '=' });
      }
    }
    if (callee.type === 'Import') {
      for (const argument of node.arguments) value(argument as Expression, at);
      if (first?.type !== 'StringLiteral') return vertex();
      facts.imports.push(first.value);
      return from({ kind: 'import', specifier: first.value, name: '*' });
    }
    return call(node, callee, node.arguments, node.type === 'NewExpression', at);
  }

  function call(
    node: Node,
    wrapped: Node,
    nodes: readonly (Node | undefined)[],
    construct: boolean,
    at: Place,
  ): Vertex {
    const callee = unwrap(wrapped);
    let receiver: Vertex | undefined;
    let property: string | undefined;
    let target: Vertex;
    if (callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression') {
      receiver = value(callee.object, at);
      if (callee.computed) value(callee.property, at);
      property = callee.computed ? literalKey(callee.property) : keyName(callee.property);
      target = load(receiver, property);
    } else target = value(callee, at);
    const [first] = nodes;
    if (first !== undefined && isAtomicsWait(callee, at)) {
      const inner = unwrap(first);
      const bound = inner.type === 'Identifier' ? lookup(at.scope, inner.name) : undefined;
      if (bound !== undefined) cells.waitOn(bound);
      else if (isFreshCell(inner, at)) facts.sleepCells.push(spanOf(inner));
    }
    const args = nodes.map((argument) => {
      if (argument === undefined) return vertex();
      return argument.type === 'SpreadElement' ? load(value(argument.argument, at), undefined) : value(argument, at);
    });
    const fact: CallFact = {
      span: spanOf(node),
      caller: at.fn,
      callee: target,
      receiver,
      property,
      args,
      firstString: first?.type === 'StringLiteral' ? first.value : undefined,
      argsFromElsewhere: nodes.map((argument) => argument !== undefined && REFERENCE.test(unwrap(argument).type)),
      argSpans: nodes.map((argument) => {
        const isArgument = node.type !== 'TaggedTemplateExpression' && argument?.type !== 'SpreadElement';
        return argument !== undefined && isArgument ? spanOf(argument) : undefined;
      }),
      result: vertex(),
      construct: construct || callee.type === 'Super',
      barrier: at.barrier,
    };
    facts.calls.push(fact);
    return fact.result;
  }

  /** `new Int32Array(new SharedArrayBuffer(n))` */
  function isFreshCell(node: Node, at: Place): boolean {
    const isNew = (made: Node | undefined, name: string): made is NewExpression =>
      made?.type === 'NewExpression' &&
      made.callee.type === 'Identifier' &&
      made.callee.name === name &&
      lookup(at.scope, name) === undefined;
    if (!isNew(node, 'Int32Array') || node.arguments.length !== 1) return false;
    return isNew(node.arguments[0], 'SharedArrayBuffer');
  }

  function isAtomicsWait(callee: Node, at: Place): boolean {
    return memberPath(callee)?.join('.') === 'Atomics.wait' && lookup(at.scope, 'Atomics') === undefined;
  }

  function visitObject(node: ObjectExpression, at: Place): Vertex {
    const members: { name: string; value: Vertex }[] = [];
    const index = facts.objects.push(members) - 1;
    const result = from({ kind: 'object', index });
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') {
        flow(value(property.argument, at), result);
        continue;
      }
      if (property.computed) value(property.key as Expression, at);
      const name = property.computed ? literalKey(property.key) : keyName(property.key);
      let held: Vertex;
      if (property.type === 'ObjectMethod') {
        const kind = property.kind === 'get' ? 'getter' : property.kind === 'set' ? 'setter' : 'method';
        const barrier =
          kind !== 'method' ? kind : traits.superUsers.has(property) ? 'super-in-object-method' : coercion(name);
        const fn = visitFunction(property, kind, name ?? '[computed]', { ...at, self: result }, barrier);
        held = kind === 'method' ? from({ kind: 'function', index: fn }) : vertex();
      } else held = value(property.value as Expression, at, name);
      facts.stores.push({ object: undefined, property: name, value: held });
      members.push({ name: name ?? '', value: held });
    }
    return result;
  }

  /** Decorators are called where the class is defined, and what they return is not used before. */
  function visitDecorators(node: object, at: Place): void {
    const { decorators } = node as { decorators?: readonly Decorator[] | null };
    for (const { expression } of decorators ?? []) value(expression, { ...at, barrier: 'decorator' });
  }

  function visitClass(node: Class, outer: Place, name: string): Vertex {
    const superClass = node.superClass ? value(node.superClass, outer) : undefined;
    visitDecorators(node, outer);
    const index = facts.classes.length;
    const members: { name: string; isStatic: boolean; fn: number }[] = [];
    const fact: Mutable<ClassFact> = { name, end: node.end as number, superClass, constructor: undefined, members };
    facts.classes.push(fact);
    const cls = from({ kind: 'class', index });
    const instance = from({ kind: 'instance', index });
    const scope: Scope = { parent: outer.scope, bindings: new Map() };
    if (node.id) scope.bindings.set(node.id.name, cls);
    const superOf = (isStatic: boolean) => from({ kind: 'super', index, isStatic });
    for (const member of node.body.body) {
      visitDecorators(member, outer);
      const isStatic = 'static' in member && member.static === true;
      const at: Place = {
        ...outer,
        scope,
        strict: true,
        self: isStatic ? cls : instance,
        superClass: superOf(isStatic),
      };
      switch (member.type) {
        case 'ClassMethod':
        case 'ClassPrivateMethod': {
          const isPrivate = member.type === 'ClassPrivateMethod';
          const key = isPrivate
            ? `#${member.key.id.name}`
            : member.computed
              ? literalKey(member.key)
              : keyName(member.key);
          if (!isPrivate && member.computed) value(member.key as Expression, { ...outer, barrier: 'computed-key' });
          const display = `${name}${isStatic ? '.' : '#'}${key ?? '[computed]'}`;
          const kind =
            member.kind === 'get'
              ? 'getter'
              : member.kind === 'set'
                ? 'setter'
                : member.kind === 'constructor'
                  ? 'constructor'
                  : 'method';
          const decorated = [member, ...member.params].some(isDecorated);
          const barrier = kind !== 'method' ? kind : decorated ? 'decorated-method' : coercion(key);
          const fn = visitFunction(
            member,
            kind,
            kind === 'constructor' ? `new ${name}` : display,
            withSelf(at),
            barrier,
          );
          if (kind === 'constructor') fact.constructor = fn;
          else if (kind === 'method') {
            members.push({ name: key ?? '', isStatic, fn });
            if (superClass !== undefined && !isStatic)
              (facts.functions[fn] as Mutable<FunctionFact>).inheritedKey = key;
          }
          break;
        }
        case 'ClassProperty':
        case 'ClassPrivateProperty':
        case 'ClassAccessorProperty': {
          const key = member.key.type === 'PrivateName' ? `#${member.key.id.name}` : keyName(member.key);
          if (member.value) {
            // A static field is initialised with the class, as a static block runs; others with each object.
            const barrier = member.static === true ? 'static-block' : 'field-initialiser';
            const initial = unwrap(member.value);
            const inner: Place = { ...at, barrier };
            const isUnnamed = 'computed' in member && member.computed === true && isFunction(initial);
            const held =
              isUnnamed && (initial.type === 'ArrowFunctionExpression' || initial.type === 'FunctionExpression')
                ? from({
                    kind: 'function',
                    index: visitFunction(
                      initial,
                      initial.type === 'ArrowFunctionExpression' ? 'arrow' : 'function',
                      key ?? '[computed]',
                      inner,
                      'computed-field',
                    ),
                  })
                : value(member.value, inner, key);
            facts.stores.push({ object: undefined, property: key, value: held });
          }
          break;
        }
        case 'StaticBlock':
          block(member.body, { ...at, scope: { parent: scope, bindings: new Map() }, barrier: 'static-block' });
          break;
        default:
      }
    }
    return cls;
  }

  const root = addFunction(program, 'module', 'module initialisation', undefined);
  declare(root.place.scope, hoistedNames(program));
  block(program.body, root.place);
  const mayReadNames = /\beval\b|\bwith\s*\(/.test(module.text);
  if (!mayReadNames) facts.sleepCells.push(...cells.found());
  return facts;
}

/** Expressions whose value comes from elsewhere. */
const REFERENCE = /^(Identifier|(Optional)?(Member|Call)Expression|(Conditional|Logical|Await|Assignment)Expression)$/;

function isDecorated(node: object): boolean {
  const { decorators } = node as { decorators?: readonly Decorator[] | null };
  return (decorators?.length ?? 0) > 0;
}

function withSelf(at: Place): Place {
  return { ...at, barrier: undefined };
}

function isStrict(body: Node): boolean {
  return 'directives' in body && body.directives?.some(({ value }) => value.value === 'use strict') === true;
}

function isExpression(node: Node): node is Expression {
  return /Expression$|Literal$|^Identifier$|^JSX|^Super$|^Import$/.test(node.type) && !/^TSExpression/.test(node.type);
}

function nameOf(target: Node): string | undefined {
  return target.type === 'Identifier' ? target.name : undefined;
}

function keyName(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  return literalKey(key);
}

function literalKey(key: Node): string | undefined {
  return key.type === 'StringLiteral' || key.type === 'NumericLiteral' ? String(key.value) : undefined;
}

const COERCIONS: ReadonlySet<string> = new Set(['toString', 'valueOf', 'toJSON']);

function coercion(name: string | undefined): string | undefined {
  return name !== undefined && COERCIONS.has(name) ? 'coercion' : undefined;
}

function memberPath(node: Node): string[] | undefined {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression' || node.computed) return undefined;
  const object = memberPath(node.object);
  const name = keyName(node.property);
  return object && name !== undefined ? [...object, name] : undefined;
}
