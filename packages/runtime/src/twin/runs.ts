/** Bodies that serve both callers that can wait and callers that cannot. */
import { callee, constructorRegistrar, creator, method, methodRegistrar, registrar } from './callee.js';
import type { Callable } from './protocol.js';

/** One run of such a body. Compiled code has it at hand and asks it for whatever it calls. */
export class Run {
  /** Whether the caller of the current run can wait. */
  declare isAwaited: boolean;

  constructor(isAwaited: boolean) {
    this.isAwaited = isAwaited;
  }

  /** `f(x)` in the body: `run.fn(f, "f")(x)`. */
  fn(fn: unknown, text?: string): Callable {
    return this.isAwaited ? callee(fn, text) : registrar(fn, text);
  }
  /** `o.m(x)` in the body: `run.on(o.m, "o.m").call(o, x)`. */
  on(fn: unknown, text: string): Callable {
    return this.isAwaited ? method(fn, text) : methodRegistrar(fn, text);
  }
  /** `new C(x)` in the body: `run.make(C, "C")(x)`. */
  make(ctor: unknown, text: string): Callable {
    if (this.isAwaited) return creator(ctor, text);
    const found = constructorRegistrar(ctor, text);
    // Not by spreading, which uses the iterator of arrays, and the program may have replaced that.
    return (...args) => Reflect.construct(found, args);
  }

  /** The same for calls among whose arguments the body yields: it may be another caller who resumes it. */
  fnLater(fn: unknown, text?: string): Callable {
    return (...args) => Reflect.apply(this.fn(fn, text), undefined, args);
  }
  onLater(fn: unknown, text: string): Callable {
    const run = this;
    return function (this: unknown, ...args) {
      return Reflect.apply(run.on(fn, text), this, args);
    };
  }
  makeLater(ctor: unknown, text: string): Callable {
    return (...args) => Reflect.apply(this.make(ctor, text), undefined, args);
  }
}

// So that setters that a program defines on `Object.prototype` are not called when a run sets its fields.
Object.setPrototypeOf(Run.prototype, null);
