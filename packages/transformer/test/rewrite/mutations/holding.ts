/** Rules of keeping emitters silent. */
import type { Rules } from './rules.js';

export const HOLDING: Rules = {
  'what is silent says nothing': ['  close(gate);\n  gate.isHeld', '  gate.isHeld'],
  'what has been silent speaks in the end': ['  leave(gate);\n', ''],
  'a child does not end before': ['emitter instanceof ChildProcess ? putOffExit(emitter, gate) : () => {}', '() => {}'],
  'streams of a child are silent with it': [
    'return [...(value.stdio ?? []).flatMap(emittersOf), value];',
    'return [value];',
  ],
  'what speaks first has been silent first': ['    nextTick(() => {', '    setImmediate(() => {'],
};
