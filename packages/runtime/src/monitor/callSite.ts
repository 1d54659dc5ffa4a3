/** Where in the program a call comes from. */
import { findSourceMap } from 'node:module';
import { callSites, pathOf } from '../node/callSites.js';
import type { Callable } from '../twin/protocol.js';

/** A line of a program. Lines and columns count from 1. */
export interface Place {
  /** Absolute path, or what Node calls the script: `evalmachine.<anonymous>`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function that the line belongs to; undefined at the top of a module and in functions without a name. */
  readonly function?: string;
}

export interface Origin {
  /** The line that makes the call; undefined where Node itself does, outside of any function of the program. */
  readonly at?: Place;
  /** Where that is in a package: the line of the program itself, through which it was reached. */
  readonly from?: Place;
  /** Whether a module was being loaded: `require` and `import` read files. */
  readonly loading: boolean;
}

/** Frames that are looked through for the line of the program, below those of packages. */
const DEPTH = 60;

const OWN = /[\\/](@unblock|packages)[\\/]runtime[\\/](dist|src)[\\/]/;
const LOADER = /^node:internal\/modules\//;

/** Whether a script is one of this package. */
export function isOwnScript(script: string): boolean {
  return OWN.test(script);
}

/** @param below the running function of the monitor; its caller is the first that counts */
export function originOf(below: Callable): Origin {
  const frames = callSites(below, DEPTH) ?? [];
  let loading = false;
  let at: Place | undefined;
  for (const frame of frames) {
    const script = frame.getFileName() ?? frame.getEvalOrigin();
    if (script === undefined || script === '<anonymous>') continue;
    if (at === undefined && LOADER.test(script)) loading = true;
    if (/^node:/.test(script) || isOwnScript(script)) continue;
    const place = placeOf(frame, script);
    const inPackage = /[\\/]node_modules[\\/]/.test(place.file);
    if (at !== undefined && !inPackage) return { at, from: place, loading };
    at ??= place;
    if (!inPackage) break;
  }
  return { ...(at && { at }), loading };
}

function placeOf(frame: NodeJS.CallSite, script: string): Place {
  const name = frame.getFunctionName();
  const named = name === null || name === '' ? {} : { function: name };
  return { ...mapped(script, frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1), ...named };
}

/** The line as it was written, where Node has been told to read source maps. */
export function mapped(script: string, line: number, column: number): Place {
  const origin = findSourceMap(script)?.findEntry(line - 1, column - 1);
  if (origin !== undefined && 'originalSource' in origin && typeof origin.originalSource === 'string') {
    return {
      file: pathOf(origin.originalSource),
      line: origin.originalLine + 1,
      column: origin.originalColumn + 1,
    };
  }
  return { file: pathOf(script), line, column };
}
