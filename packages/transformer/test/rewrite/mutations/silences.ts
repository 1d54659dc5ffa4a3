// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of what stays silent while the function that has made it is suspended. */
import type { Rules } from './rules.js';

export const SILENCES: Rules = {
  'what a variable holds is kept silent': [
    "case 'VariableDeclarator': {\n      const declaration",
    "case 'Super': {\n      const declaration",
  ],
  'what is assigned is kept silent': [
    'return node.right === value ? { paths, isOfBlock: false } : undefined;',
    'return undefined;',
  ],
  'what a new collection holds is kept silent': ['if (isNewCollection(node)) return holderOf(around, inside);', ''],
  'what a list holds is kept silent': ['return holderOf(around, `.${ELEMENT}${inside}`);', 'return undefined;'],
  'what an object holds is kept silent': [
    'return node.value === value ? holderOf(around, `.${keyOf(node.key, node.computed)}${inside}`) : undefined;',
    'return undefined;',
  ],
  'what is spread is kept silent': [
    'return inside.startsWith(`.${ELEMENT}`) ? holderOf(around, inside.slice(ELEMENT.length + 1)) : undefined;',
    'return undefined;',
  ],
  'what is chosen is kept silent': [
    'return node.test === value ? undefined : holderOf(around, inside);',
    'return undefined;',
  ],
  'the last of several expressions is kept silent': [
    'return node.expressions.at(-1) === value ? holderOf(around, inside) : undefined;',
    'return undefined;',
  ],
  'a loop that counts waits for nobody': ['return !isCounting(node) && some(', 'return some('],
  'what is added to a list is kept silent': [
    'return { paths: [`${list}.${ELEMENT}${inside}`], isOfBlock: false };',
    'return undefined;',
  ],
  'what is returned is kept silent beside it': [
    "case 'ArrowFunctionExpression':\n      return { ...HANDED_ON, until: node };",
    "case 'ArrowFunctionExpression':\n      return undefined;",
  ],
  'what is handed on is kept silent beside it': [
    'if (list === undefined) return { ...HANDED_ON, until: node };',
    'if (list === undefined) return undefined;',
  ],
  'what is handed on is kept silent by who gets it': [
    'kept.push(spanOf(until.callee));',
    'kept.push({ start, end: start });',
  ],
  'lists of what callbacks have made are kept silent': [
    'const isMany = makesMany(place.node, plan.made);',
    'const isMany = false;',
  ],
  'what is made in all rounds of a loop is kept silent': [
    'if (wider !== undefined) found.push({ range: wider, isOfLoop: true });',
    '',
  ],
  'a loop that goes through a list is silent to its end': [
    'if (rounds.has(node) || through.has(node)) end = node.end as number;\n    else if',
    'if',
  ],
  'a loop over indices or keys that listens is silent to its end': [' || through.has(node)', ''],
  'a function in a loop over indices tells the elements that listen': [
    'isApart(use.node) ? mentionsIn(use.node, paths) : [use.node]',
    '[use.node]',
  ],
  'a loop over indices whose variable listens is silent to its end': [
    'const round = flow.round ?? loopThrough(flow.value, place);',
    'const { round } = flow;',
  ],
  'what gets from one variable to another is no listener': ['!moved.has(at.node) && ', ''],
  'who gets what is handed back may listen': [
    'return !/^(Unary|Binary|Update)Expression$|^(If|While|DoWhile|For|Expression)Statement$/.test(parent.type);',
    'return false;',
  ],
  'whoever can reach the object that holds it may listen': [
    'if (uses.length === 0 && isVisible) return undefined;',
    'if (uses.length === 0) return undefined;',
  ],
  'whoever knows an object may listen to what it holds': [
    'paths.every((path) => body.declared.has(path));',
    'paths.every((path) => body.declared.has(rootOf(path)));',
  ],
  'functions that listen are called': ['if (name !== undefined && mentions(node, paths)) listeners.add(name);', ''],
  'it is silent up to the last listener': ['Math.max(...uses.map(', 'Math.min(...uses.map('],
  'a loop that listens comes behind': [
    'if (LOOP.test(node.type) && (node.start as number) >= start) end = node.start as number;',
    'if (LOOP.test(node.type) && (node.start as number) >= start) end = start;',
  ],
  'a loop that does not ask what listeners hear is no reason to speak': [
    '.some((name) => heard.has(name));',
    '.length > 0;',
  ],
};

/** Rules of which variables and members hold the same emitter. */
export const ALIASES: Rules = {
  'elements of what is gone through': ['if (list === undefined) return [];', 'if (list !== undefined) return [];'],
  'values of what is gone through': ['return node.arguments[0] ?? object;', 'return node;'],
  'what is declared': ['return flows(node.init, pathOf(node.id) ?? (node.id as LVal));', 'return [];'],
  'what is assigned': ['return flows(node.right, pathOf(node.left) ?? (node.left as LVal));', 'return [];'],
  'what is added': [
    'return list === undefined ? [] : node.arguments.flatMap((argument) => flows(argument, list, `.${ELEMENT}`));',
    'return [];',
  ],
  'what objects hold': ['? valuesIn(property.value, `${inside}.${keyOf(property.key, property.computed)}`)', '? []'],
  'streams of a child': ["if (path === from || isPartOf(from, path)) return '';", "if (path === from) return '';"],
  'variables of patterns': [
    "typeof to === 'string' ? [to + inside + rest] : boundNames(to);",
    '[`${to}${inside}${rest}`];',
  ],
  'keys that are written as text': ["if (key.type === 'StringLiteral') return key.value;", ''],
  'elements by their number': ["if (computed || key.type === 'NumericLiteral') return ELEMENT;", ''],
};
