/** Functions that are no classes and use `new.target`. */
import { callForm } from './calls.js';
import { allocate, constructed, makesErrors } from './construct.js';
import { type Callable, type Constructor, linkConstruction } from './protocol.js';
import { inCourse, nextCourse } from './schedule.js';

const FORM_OF = Symbol('the form of a function that is told its new.target');

/** Stands for `new` in the asynchronous form of a function: compiled code reads `$new.target`. */
interface New {
  readonly target: unknown;
}

type Targeted = Callable & { readonly [FORM_OF]?: (by: New) => Callable };

const CALLED: New = { target: undefined };

/** The asynchronous form, for `link`, of a function that uses `new.target`. */
export function targeted(formOf: (by: New) => Callable): Callable {
  const impl = function (this: unknown, ...args: unknown[]) {
    return Reflect.apply(formOf(CALLED), this, args);
  };
  return Object.assign(impl, { [FORM_OF]: formOf });
}

/** Links to a function that is not a class its construction, if `impl`, its asynchronous form, has to know `new.target`. */
export function linkTargeted(fn: Callable, impl: Callable): void {
  const formOf = (impl as Targeted)[FORM_OF];
  if (formOf === undefined) return;
  linkConstruction(fn as unknown as Constructor, (target: Callable, args: readonly unknown[]) => {
    const course = nextCourse();
    if (course === 'original' || makesErrors(fn)) return Reflect.construct(fn, args, target);
    const self = allocate(target);
    return inCourse(course, constructed(self, callForm(formOf({ target }), self, args)));
  });
}
