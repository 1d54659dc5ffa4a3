/** Rules of classes with decorators. */
import type { Rules } from './rules.js';

export const DECORATORS: Rules = {
  'classes with decorators have an innermost one': ['new Set([node, ...elements]', 'new Set([...elements]'],
  'elements with decorators have an innermost one': ['new Set([node, ...elements]', 'new Set([node]'],
  'the innermost one is behind the last': ['.slice(-1)', '.slice(0, 1)'],
  'constructions of classes with decorators are linked to the class of the source': [
    'const isLinked = made !== undefined || ',
    'const isLinked = ',
  ],
  'accessors of classes with decorators are linked with those of the source': ['isTwinnedAccessor(member, cx) || ', ''],
  'decorated private methods are linked': ['if (isTwinnedByDecorators(member, cx)) return true;', ''],
  'methods of classes with decorators are linked with those of the source': [
    "(member.kind === 'method' && functionPlan(cx, member)?.form === 'twin')",
    'false',
  ],
};

export const DECORATIONS: Rules = {
  'private methods are those that the innermost decorator sees': [
    'isPrivate === true ? seen.privates : seen',
    'isPrivate === true ? evaluation() : seen',
  ],
  'private methods of a class are not those of instances': [
    'isStatic ? hidden.statics : hidden.instances',
    'isStatic ? hidden.instances : hidden.instances',
  ],
  'a method is the one that the innermost decorator sees': [
    'members.set(name, { ...members.get(name), [part]: target });',
    '',
  ],
  'static and other members are apart': [
    'isStatic === true ? statics : instances',
    'isStatic === true ? instances : statics',
  ],
  'a class is the one that the innermost decorator sees': ['seen.cls = target as Constructor;', 'seen.cls = class {};'],
  'decorators of a class may replace its members': ['    seeOthers(seen.cls, seen);\n', ''],
  'initialisers may replace members': ['if (seen.cls === undefined) seeOthers(this, seen);', ''],
  'decorators that fail leave nothing behind': [' || isSame(current.first, context as Element)', ''],
  'classes whose members are not all known are not linked': ['if (seen !== count) return class {};', ''],
  'what the older kind leaves to static blocks is linked': ['if (!isStandard) {', 'if (false) {'],
  'a member is the one that was seen': ['{ ...own, ...known }', '{ ...known, ...own }'],
};
