/** The rules of the report: why a blocking call stays as it is. */

export type Severity = 'off' | 'warn' | 'error';

export interface Rule {
  readonly severity: Severity;
  /** Continues a sentence that begins with the blocking call, or with the disable comment. */
  readonly message: string;
}

function rule(severity: Severity, message: string): Rule {
  return { severity, message };
}

const BY_ID = {
  initialisation: rule('off', 'runs while the module is initialised, which stays synchronous'),
  getter: rule('error', 'is reached from a getter, which has to return its value at once'),
  setter: rule('error', 'is reached from a setter, which has to finish at once'),
  constructor: rule('error', 'is reached from a constructor that cannot wait for it'),
  iteration: rule('error', 'is reached from an iteration whose steps cannot be awaited'),
  'parameter-default': rule('error', 'is reached from a parameter default that has to be evaluated at once'),
  'field-initialiser': rule('error', 'is reached from a field that has to be initialised together with others'),
  'static-block': rule('error', 'is reached from a static block or field that has to run while its class is made'),
  'computed-field': rule('error', 'is reached from a function in a field with a computed key, which is its name'),
  'enum-initialiser': rule('error', 'is reached from a member of an enum, where awaiting is not allowed'),
  namespace: rule('error', 'is reached from a namespace, where awaiting is not allowed'),
  'self-assignment': rule('error', 'is reached from a function expression that assigns to its own name in sloppy mode'),
  'await-name': rule('error', 'is reached from a function that uses await as a name'),
  'invalid-target': rule('error', 'is reached from a function that assigns to what a call returns'),
  'arguments-callee': rule('error', 'is reached from a method that uses super and arguments.callee'),
  decorator: rule(
    'error',
    'is reached from a decorator, what one returns, or a key or parent of a class with decorators, which build tools move to where awaiting is not allowed',
  ),
  'decorated-method': rule('error', 'is reached from a member of a class that a decorator may replace unseen'),
  'super-in-object-method': rule(
    'error',
    'is reached from an object literal method that uses super, which what stands behind it may replace',
  ),
  'stream-method': rule('error', 'is reached from a stream method that Node calls synchronously'),
  'untransformed-package': rule('error', 'is reached from a function that an uncompiled package calls synchronously'),
  'native-callback': rule('error', 'is reached from a callback that Node calls synchronously'),
  coercion: rule('error', 'is reached from a method that the language itself calls'),
  eval: rule('error', 'is reached from a function with direct eval'),
  with: rule('error', 'is reached from a function with a with statement'),
  'hoisted-mock': rule('off', 'is reached from a mock that its test framework moves above the imports'),
  'nested-too-deep': rule(
    'error',
    'is reached from a function nested too deep in blocking functions to have an asynchronous form everywhere',
  ),
  'no-counterpart': rule('error', 'has no asynchronous counterpart'),
  'round-trip': rule('warn', 'blocks for a round trip to the server, after it has waited until that answers'),
  disabled: rule('off', 'is switched off by the option patch'),
  'unknown-key': rule(
    'warn',
    'is reached from a function that is stored under a key that only running tells, on an object of which nothing is known',
  ),
  unreached: rule('warn', 'is in a function that nothing in the program calls'),
  'package-call': rule('warn', 'is in a package that is not compiled'),
  'race-hazard': rule('warn', 'may suspend between a read and a write of shared state'),
  'race-file': rule('warn', 'may suspend between a read and a write of a file'),
  'race-fill': rule('off', 'may suspend between finding that something is missing and filling it in'),
  'eager-prefix': rule('warn', 'may suspend in an async function before its caller goes on'),
  'too-deep': rule('warn', 'is in a file that nests too deeply to be compiled'),
  'misplaced-atomic': rule('warn', 'is a comment that marks no function'),
  'unused-disable': rule('warn', 'disables nothing, or is no valid disable comment'),
  'disable-without-reason': rule('error', 'is a disable comment without a reason'),
} satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof BY_ID;

/** Rules by id, without the `unblock/` prefix. */
export const RULES: ReadonlyMap<string, Rule> = new Map(Object.entries(BY_ID));
