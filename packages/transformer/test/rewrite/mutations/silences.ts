// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of what stays silent while the function that has made it is suspended. */
import type { Rules } from './rules.js';

export const SILENCES: Rules = {
  'what a variable holds is kept silent': [
    "if (node.type === 'VariableDeclarator' && node.init && isMade",
    "if (node.type === 'VariableDeclarator' && node.init?.type === 'Super' && isMade",
  ],
  'what is assigned is kept silent': [
    "if (node.type === 'AssignmentExpression' && isMade",
    "if (node.type === 'AssignmentPattern' && isMade",
  ],
  'what is handed on is kept silent': [
    'if (isMade(argument, plan.made)) keep(argument, spanOf(node.callee));',
    'if (isMade(argument, plan.made)) break;',
  ],
  'who gets what is handed back may listen': [
    'return !/^(Unary|Binary|Update)Expression$|^(If|While|DoWhile|For|Expression)Statement$/.test(parent.type);',
    'return false;',
  ],
  'whoever can reach the object that holds it may listen': [
    'if (uses.length === 0) return isVisible ? undefined : { start, end: limit };',
    'if (uses.length === 0) return undefined;',
  ],
  'functions that listen are called': ['if (name !== undefined && mentions(node, paths)) listeners.add(name);', ''],
  'it is silent up to the last listener': ['const end = Math.max(...uses', 'const end = Math.min(...uses'],
  'a loop that listens comes behind': [
    'if (LOOP.test(node.type) && (node.start as number) >= start) end = node.start as number;',
    'if (LOOP.test(node.type) && (node.start as number) >= start) end = start;',
  ],
  'a loop that does not ask what listeners hear is no reason to speak': [
    '.some((name) => heard.has(name));',
    '.length > 0;',
  ],
};
