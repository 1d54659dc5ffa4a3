// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of getters and setters, and of what reads and writes them. */
import type { Rules } from './rules.js';

export const ACCESSORS: Rules = {
  'accessors are linked': [
    "return isAccessor(node) && functionPlan(cx, node)?.form === 'twin';",
    "return isAccessor(node) && functionPlan(cx, node)?.form === 'inPlace';",
  ],
  'computed keys of accessors are evaluated once': [
    'if (!isPublic(member) || isFixedKey(member)) continue;',
    'continue;',
  ],
  'keys of accessors are evaluated in their place': ['evaluated: false', 'evaluated: true'],
  'getters and setters are apart': ['isPublic(node) && node.kind === kind', 'isPublic(node)'],
  'a getter is linked as one': ["get: 'linkGetters'", "get: 'linkSetters'"],
  'a setter is linked as one': ["set: 'linkSetters'", "set: 'linkGetters'"],
  'an accessor that replaces another one has not its twin': [
    "return [isTwinnedAccessor(accessor, cx) ? asyncMethod(accessor, cx, key) : [key, ': void 0'], ', '];",
    "return isTwinnedAccessor(accessor, cx) ? [asyncMethod(accessor, cx, key), ', '] : '';",
  ],
  'private accessors are no members that could be linked': [
    "return isAccessor(node) && node.type !== 'ClassPrivateMethod';",
    'return isAccessor(node);',
  ],
};

export const ACCESSES: Rules = {
  'a property that is read may suspend': [
    'return isAccessed(node, cx) ? readFrom(node, emitObject(node, cx), cx) : undefined;',
    'return undefined;',
  ],
  'a pattern that is assigned may suspend': [
    'if (isPattern(target)) return emitAssignedPattern(node, target, cx);',
    '',
  ],
  'a property that is written may suspend': [
    "if (node.operator === '=') return emitWrite(target, emitArgument(node.right, cx), cx);",
    "if (node.operator === '=') return undefined;",
  ],
  'a value that is written may be a sequence': [
    'return emitWrite(target, emitArgument(node.right, cx), cx);',
    'return emitWrite(target, emit(node.right, cx), cx);',
  ],
  'a property that is computed with may suspend': [
    "  note(cx, 'accesses', target);\n  const place = placeOf(target, cx);\n  const operator",
    '  if (cx !== undefined) return undefined;\n  const place = placeOf(target, cx);\n  const operator',
  ],
  '`||=` writes only where it has to': ["['||', '&&', '??']", "['&&', '??']"],
  '`&&=` writes only where it has to': ["['||', '&&', '??']", "['||', '??']"],
  '`??=` writes only where it has to': ["['||', '&&', '??']", "['||', '&&']"],
  'a property is read before what it is computed with': [
    '[place.read(place.again), ` ${operator} `, operand]',
    '[operand, ` ${operator} `, place.read(place.again)]',
  ],
  'an operand may be of any precedence': ["return ['(', emit(node, cx), ')'];", 'return emit(node, cx);'],
  'a property that counts may suspend': [
    "  note(cx, 'accesses', target);\n  const place = placeOf(target, cx);\n  const value",
    '  if (cx !== undefined) return undefined;\n  const place = placeOf(target, cx);\n  const value',
  ],
  '`++o.x` is the new value': [
    "if (prefix) return [read, place.write(place.again, `${operator}${value}`), ')'];\n",
    '',
  ],
  '`o.x++` is the old value': ['`, ${old})`', '`, ${value})`'],
  '`o.x++` is a number': ['`${old} = ${value}${operator}, `', '`${old} = ${value}, ${value}${operator}, `'],
  'a property is written to its object': [
    "const object = node.object.type === 'Super' ? '' : emitObject(node, cx);",
    "const object = node.object.type === 'Super' ? '' : 'this';",
  ],
  'the object of a property that is computed with is evaluated once': [
    'again: { object: self,',
    "again: { object: isSuper ? '' : emitObject(node, cx),",
  ],
  'the key of a property that is computed with is evaluated once': ['key: key ?? written }', 'key: written }'],
  'a key is fixed where nothing has to be evaluated': [
    "return !computed || property.type === 'StringLiteral' || property.type === 'NumericLiteral';",
    'return true;',
  ],
  'a write that fails in sloppy code is silent': ["sloppy ? 'setSloppy' : 'set'", "'set'"],
  'a write that fails in strict code throws': ["sloppy ? 'setSloppy' : 'set'", "'setSloppy'"],
  'a private getter has its twin': ['cx.privateTwins.get(`get ${name}`)', '(undefined as string | undefined)'],
  'a private setter has its twin': ['cx.privateTwins.get(`set ${name}`)', '(undefined as string | undefined)'],
  'a private accessor is called on its object': ['(${self}, ${self}.#${twin.name})', '(this, ${self}.#${twin.name})'],
  'a private setter is called on its object': ['(${self}, ${held}, ${self}', '(this, ${held}, ${self}'],
  'a private accessor in a generator is that of who runs it': [
    'return run === undefined ? code : [`${run}.isAwaited ? `, code, ` : ${original}`];',
    'return code;',
  ],
  'a getter of `super` is called on the object': ['`${found}.call(this)`', '`${found}.call(undefined)`'],
  'a setter of `super` is called on the object': ['${found}.call(this, ${held})', '${found}.call(undefined, ${held})'],
  'an assignment to `super` is its value': [
    "`${helper(cx, 'written')}(${found}.call(this, ${held}), ${held})`",
    '`${found}.call(this, ${held})`',
  ],
  'a key of `super` is converted once': [
    "[name, ` = ${helper(cx, 'propertyKey')}(`, key, '), ']",
    "[name, ' = (', key, '), ']",
  ],
  'a key of `super` that is written is converted once': [
    "isKept ? [name, ` = ${helper(cx, 'propertyKey')}(`, name, '), '] : '',",
    '',
  ],
  'a key of `super` is converted when the value has been evaluated': [
    "isKept ? [name, ' = ', key, ', '] : '', `${held} = `, value, ', '],\n    isKept ? [name, ` = ${helper(cx, 'propertyKey')}(`, name, '), '] : '',",
    "isKept ? [name, ` = ${helper(cx, 'propertyKey')}(`, key, '), '] : '', `${held} = `, value, ', '],",
  ],
  'a getter of `super` in a generator is that of who runs it': [
    "`${ending(cx)}) === void 0 ? super[`,\n      name,\n      '] : ',",
    "')) === void 0 ? super[',\n      name,\n      '] : ',",
  ],
  'a setter of `super` in a generator is that of who runs it': [
    '`${ending(cx)}) === void 0 ? super[`,\n      name,\n      `] = ${held} : `,',
    '`)) === void 0 ? super[`,\n      name,\n      `] = ${held} : `,',
  ],
  'the object of `super` is at hand': ['  home.isUsed = true;\n', ''],
  'what an object spread copies is waited for': [
    'return suspended(copied, node.start as number, cx);',
    'return copied;',
  ],
  'what an object spread copies may be a sequence': [
    'emitArgument(node.argument, cx), ending(cx)]',
    'emit(node.argument, cx), ending(cx)]',
  ],
  'an access in a generator is that of who runs it': ["return run === undefined ? ')' : `, ${run})`;", "return ')';"],
  'a key may be a sequence': [
    "return property.type === 'PrivateName' ? '' : emitArgument(property, cx);",
    "return property.type === 'PrivateName' ? '' : emit(property, cx);",
  ],
  'an object may be a sequence': ['return emitArgument(node.object, cx);', 'return emit(node.object, cx);'],
  'a computed key begins at its bracket': ["node.computed ? '[' : '.'", "'.'"],
};

export const ACCESSOR_HELPERS: Rules = {
  'getters are linked': ["linkTwins(target, impls, 'get');", ''],
  'setters are linked': ["linkTwins(target, impls, 'set');", ''],
  'the key of a property of null is not converted where it is read': [
    'if (object === null || object === undefined) return missing(() => (object as never)[key as never], get);\n',
    '',
  ],
  'the key of a property of null is not converted where it is written': [
    'return missing(() => ((object as never)[key as never] = value as never), isStrict ? set : setSloppy);',
    'keyOf(key);',
  ],
  'what has no getter that may suspend is read': [
    'twin === undefined ? (object as Record<PropertyKey, unknown>)[name] : Reflect',
    'twin === undefined ? undefined : Reflect',
  ],
  'a getter is called on the value as it is': [
    'Reflect.apply(twin, object, []);\n}\n\n/**\n * `o.x = v`',
    'Reflect.apply(twin, Object(object), []);\n}\n\n/**\n * `o.x = v`',
  ],
  'a setter is called on the value as it is': [
    'written(Reflect.apply(twin, object, [value]), value)',
    'written(Reflect.apply(twin, Object(object), [value]), value)',
  ],
  'an assignment is its value': [
    'return written(Reflect.apply(twin, object, [value]), value);',
    'return Reflect.apply(twin, object, [value]);',
  ],
  'strict code fails where a property cannot be written': ['if (isStrict) (object', 'if (object === name) (object'],
  'sloppy code is silent where a property cannot be written': ['if (isStrict) (object', 'if (object !== name) (object'],
  'a property of a primitive value is written to nothing': [
    'else Reflect.set(Object(object), name, value, object);',
    'else Reflect.set(Object(object), name, value);',
  ],
  'what is assigned may be a promise': ['after(take(), box(value))', 'after(take(), value)'],
  'an assignment waits for its setter': ['  await pending;\n  return value;', '  return value;'],
  '`super.x` begins where the class ends': [
    'const parent: unknown = Object.getPrototypeOf(home);',
    'const parent: unknown = home;',
  ],
  'a private getter is called on the object': [
    'return callForm(impl, object, [], nextCourse());',
    'return callForm(impl, undefined, [], nextCourse());',
  ],
  'a private setter is called on the object': [
    'callForm(impl, object, [value], nextCourse())',
    'callForm(impl, undefined, [value], nextCourse())',
  ],
  'an assignment to a private setter is its value': [
    'return written(callForm(impl, object, [value], nextCourse()), value);',
    'return callForm(impl, object, [value], nextCourse());',
  ],
  'null may be spread into an object': [
    "if (typeof source !== 'object' || source === null) return typeof source !== 'function';",
    "if (typeof source !== 'object' && typeof source !== 'function') return true;",
  ],
  'a function may be spread into an object': ["return typeof source !== 'function';", 'return true;'],
  'a primitive value has properties that the rest takes': [
    'copied(Object(source), excluded, run)',
    'copied(source as object, excluded, run)',
  ],
  'the rest leaves out what has been taken': ['    if (excluded.includes(key)) continue;\n', ''],
  'only what is enumerable is copied': [
    '    if (property?.enumerable !== true) continue;\n',
    '    if (property === undefined) continue;\n',
  ],
  'copying waits for getters': [
    'const value = read === SUSPENDED ? yield takeInFrame() : read;',
    'const value = read;',
  ],
  'a copied property may be named __proto__': [
    'Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });',
    '(target as Record<PropertyKey, unknown>)[key] = value;',
  ],
  'null cannot be destructured': [
    'if (source !== null && source !== undefined) return source;',
    'if (property !== text) return source;',
  ],
  'what cannot be destructured is printed': ["`'${text}'`", "`'value'`"],
  'the property that cannot be read is printed': ["property === undefined ? `'", "property !== text ? `'"],
  'what cannot be destructured and is not printed cannot be read': [
    'text === undefined ? `Cannot',
    'text === null ? `Cannot',
  ],
  'a key is converted once': ['? propertyKey(key)', '? (key as PropertyKey)'],
  'who cannot wait gets the accessor itself': ['if (run?.isAwaited === false) return undefined;\n', ''],
  'a Proxy is not asked': ['if (types.isProxy(at) || (', 'if (('],
  'elements of typed arrays are found nowhere else': [
    '(ArrayBuffer.isView(at) && isNumeric(key))',
    '(ArrayBuffer.isView(at) && key === kind)',
  ],
  'a property hides others further up': [
    'if (property !== undefined) return twinToCall(property[kind]);',
    'if (property?.[kind] !== undefined) return twinToCall(property[kind]);',
  ],
};
