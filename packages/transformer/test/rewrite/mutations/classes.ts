// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of classes. */
import type { Rules } from './rules.js';

export const CLASSES: Rules = {
  'decorated private methods are linked in the class': [
    'if (privateForms.length > 0 && decorated !== undefined) {',
    'if (privateForms.length < 0 && decorated !== undefined) {',
  ],
  'decorated private methods are what they are read as': [' && !isDecorated(member);', ';'],
  'methods are linked before static members run': [
    '    emitStaticBlock(node, cx, made),\n    emitRange({ start: opening, end: node.end as number }',
    '    emitRange({ start: opening, end: (node.end as number) - 1 }',
    "[code, ' ', privateTwin(member, cx)];\n    }),",
    "[code, ' ', privateTwin(member, cx)];\n    }), emitStaticBlock(node, cx, made), '}',",
  ],
  'keys of methods that have no twin are kept, too': [
    'if (cx.keys.has(member.key)) return emitFunction(member, cx);',
    '',
  ],
  'a private method has its twin beside it': [
    "privateTwin(member, cx) : [code, ' ', privateTwin(member, cx)]",
    'privateTwin(member, cx) : code',
  ],
  'a private name hides that of an outer class': [
    "    for (const kind of ['', 'get ', 'set ']) twins.delete(kind + key.id.name);\n",
    '',
  ],
  'the twin of a private method has a name that is free': ['freshName(cx.shared, isOnce ?', '(isOnce ?'],
  'computed keys of methods are evaluated once': ['(hasTwins && isPlainMethod(member)) ||', ''],
  'computed keys are evaluated in their place': ['evaluated: false', 'evaluated: true'],
  'static methods are linked where they are': ['isStatic ? self : `${self}.prototype`', '`${self}.prototype`'],
  'methods are linked where they are': ['isStatic ? self : `${self}.prototype`', 'self'],
  'static and other methods are apart': [
    "node.body.filter((member) => 'static' in member && (member.static === true) === isStatic)",
    "node.body.filter((member) => 'static' in member)",
  ],
  'a method that replaces another one has not its twin': ["forms.push(key, ': void 0, ')", 'forms.push()'],
  'a method with a computed key may replace another one': ['name === undefined || twinned.some', 'twinned.some'],
  'a method may be replaced by one with a computed key': [
    '[name, undefined].includes(fixedName(other))',
    'name === fixedName(other)',
  ],
  'a computed key is no name': ['computed ? undefined : key.name', 'key.name'],
  'the twin of a static private method is static': ["member.static ? 'static ' : ''", "''"],
  'streams start the twins of their methods': ['if (streamMethods.length > 0) {', 'if (streamMethods.length > 9) {'],
  'computed keys of fields are evaluated once': [
    "(member.type === 'ClassProperty' && made && repeatsKeyOf(member, made))",
    'false',
  ],
  'keys of fields that may suspend are evaluated before': [
    "return hasComputedKey(member) && cx.mode !== 'sync' && maySuspend(member.key, cx);",
    'return false;',
  ],
  'keys of fields are evaluated before as statements are': ["return [';[('", "return ['[('"],
  'keys of fields that were evaluated before are not evaluated again': [
    'return kept.evaluated ? kept.temporary : emitKey',
    'return emitKey',
  ],
  'what holds the keys of fields is removed': ['links.push(` delete ', 'links.push(` void '],
  'what a class extends may await': [
    'if (child === node.superClass) return emit(child, cx);',
    'if (child === node.superClass) return emit(child, synchronous(cx));',
  ],
  'a class that initialises fields itself knows when': [
    'if (made?.own !== undefined && member === made.ctor) return emitOwnConstructor(member, made, cx);',
    '',
  ],
  'functions in fields have their names': [
    'return isGuarded ? guardedInitialiser(field, made, inner) : emit(child, inner, hint);',
    'return isGuarded ? guardedInitialiser(field, made, inner) : emit(child, inner);',
  ],
  'what a class only has to name is not evaluated': [
    'return isGuarded ? guardedInitialiser(field, made, inner) : emit(child, inner, hint);',
    'return emit(child, inner, hint);',
  ],
  'private fields without value have none until their turn': [
    'if (!isEarly || field.value) return code;',
    'return code;',
  ],
  'private names of a class inside are others': ['names.delete(member.key.id.name);', ''],
  'keys of static fields that are run apart are evaluated in their place': [
    '|| (isApart(member, statics) && hasComputedKey(member))',
    '',
  ],
  'keys of fields are kept': [
    'if (kept === undefined) return emit(child, cx);',
    'if (kept?.evaluated !== true) return emit(child, cx);',
  ],
  'classes are linked to their constructions': [
    'if (made !== undefined) links.push(emitConstruction(made, self, outer));',
    '',
  ],
  'what runs in a class has a `this` of its own': ['const own = ownThis(cx);', 'const own = cx;'],
  'accessors of classes are linked': [
    'if (accessors !== undefined) calls.push(',
    'if (accessors === null) calls.push(',
  ],
  'computed keys of accessors are evaluated once': [
    "(hasAccessors && member.type === 'ClassMethod' && isAccessor(member)) ||",
    '',
  ],
  'private getters and setters are apart': [
    "kind === 'get' || kind === 'set' ? `${kind} ${key.id.name}` : key.id.name",
    'key.id.name',
  ],
  'objects to which `super` belongs are declared': ["home.isUsed ? ` const ${home.name} = ${target};` : ''", "''"],
  'a private method that only its class awaits stands once': [
    'functionPlan(cx, member)?.isSole === true ? privateTwin(member, cx)',
    'functionPlan(cx, member)?.isSole === undefined ? privateTwin(member, cx)',
  ],
  'a private method that is written once is linked as such': [
    "isOnce ? 'linkOnce' : 'link'",
    "isOnce ? 'link' : 'link'",
  ],
  'methods that are written once have originals': [
    'if (onceKeys.length > 0) calls.push(',
    'if (onceKeys.length < 0) calls.push(',
  ],
};
