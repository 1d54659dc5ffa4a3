// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of function declarations, branches, object literals and sections. */
import type { Rules } from './rules.js';

export const DECLARATIONS: Rules = {
  'declared functions are linked': [
    "return calls.length === 0 ? [] : [' ', calls.map((call) => [call, '; '])];",
    'return [];',
  ],
};

export const BRANCHES: Rules = {
  'a function that is a branch is linked': [
    "if (child.type !== 'FunctionDeclaration' || functionPlan(cx, child)?.form !== 'twin') return code;",
    'if (cx !== undefined) return code;',
  ],
  'a function that is a branch stands in a block': [
    "return ['{', linkStatements([child], cx), code, ' }'];",
    'return [linkStatements([child], cx), code];',
  ],
  'functions of all cases are linked at the first': [
    'if (calls.length === 0) return emitCase(node, cx);',
    'return emitCase(node, cx);',
  ],
  'functions of cases are linked before the first test': [
    "['(', calls.map((call) => [call, ', ']), emitArgument(test, cx), ')']",
    "['(', emitArgument(test, cx), ')']",
  ],
  'the first test stays the test': [
    "['(', calls.map((call) => [call, ', ']), emitArgument(test, cx), ')']",
    "['(', emitArgument(test, cx), calls.map((call) => [', ', call]), ')']",
  ],
  'functions are linked where there is no test': ["    calls.map((call) => [' ', call, ';']),\n", ''],
  'statements of a case are apart': [
    '(test ?? emit(child, cx)) : emitStatement(child as Statement)',
    '(test ?? emit(child, cx)) : emit(child, cx)',
  ],
};

export const OBJECTS: Rules = {
  'methods with `super` are linked with their object': ['if (methods.length > 0) {', 'if (methods.length < 0) {'],
  'methods with `super` stay where they are': [
    "isLinked(cx, method) && method.kind === 'method' && usesSuper(method)",
    'cx === undefined && usesSuper(method)',
  ],
  'accessors of object literals are linked': [
    'hasAccessors ? accessorForms(node.properties, kind, cx) : undefined',
    'undefined',
  ],
  'keys of accessors of object literals are kept': [
    'const cx = hasAccessors ? keepAccessorKeys(node.properties, outer) : outer;',
    'const cx = outer;',
  ],
  'accessors of object literals keep their keys': [
    "property.type === 'ObjectMethod' && cx.keys.has(property.key) ? emitObjectMethod(property, cx) : emit(property, cx)",
    'emit(property, { ...cx, keys: outer.keys })',
  ],
};

export const ATOMIC: Rules = {
  'a section holds its lock': ['if (pragma === undefined || !isSection(node, cx)) return body;', 'return body;'],
  'a section has the lock that it names': ['if (lock !== undefined) return JSON.stringify(lock);', ''],
  'a section keeps its lock': ['return `${name} ??= {}`;', 'return `${name} = {}`;'],
  'what a section says of itself stays': [
    "return last === undefined ? '' :",
    "return last !== undefined ? '' : last === undefined ? '' :",
  ],
};
