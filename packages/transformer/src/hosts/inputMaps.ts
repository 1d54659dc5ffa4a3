/** Source maps that sources bring along, and their composition with the compiler's. */
import { readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import { decodedMap, encodedMap, FlattenMap } from '@jridgewell/trace-mapping';
import { messageOf } from '../errors.js';
import type { SourceComment } from '../report/disables.js';

/** What a source's `sourceMappingURL` comment leads to. */
export interface InputMap {
  /** The comment as it is written. */
  readonly comment: string;
  /** Path of the map, absolute; undefined for a map within the comment. */
  readonly file: string | undefined;
  /** Its sources are absolute URLs as far as they are files; undefined if `problem` says why it cannot be used. */
  readonly map: EncodedSourceMap | undefined;
  /** One sentence. */
  readonly problem: string | undefined;
}

/** The map of a source file, by the last comment that names one. */
export function inputMap(fileName: string, text: string, comments: readonly SourceComment[]): InputMap | undefined {
  const last = comments.findLast(({ type, value }) => type === 'CommentLine' && URL_COMMENT.test(value));
  const url = URL_COMMENT.exec(last?.value ?? '')?.[1];
  if (last === undefined || url === undefined) return undefined;
  const comment = text.slice(last.start ?? 0, last.end ?? 0);
  let file: string | undefined;
  try {
    if (url.startsWith('data:')) {
      return { comment, file, map: absolute(inlineJson(url), pathToFileURL(fileName).href), problem: undefined };
    }
    const location = new URL(url, pathToFileURL(fileName));
    file = fileURLToPath(location);
    return { comment, file, map: absolute(readFileSync(file, 'utf8'), location.href), problem: undefined };
  } catch (error) {
    const what = file === undefined ? 'its source map' : `its source map ${file}`;
    const problem = `${fileName}: ${what} cannot be read: ${messageOf(error)}. Positions lead to this file instead.`;
    return { comment, file, map: undefined, problem };
  }
}

const URL_COMMENT = /^[#@]\s*sourceMappingURL=(\S+)\s*$/;

function inlineJson(url: string): string {
  const comma = url.indexOf(',');
  const data = url.slice(comma + 1);
  return /;base64$/i.test(url.slice(0, comma)) ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
}

/** A map of any kind as one with flat segments and resolved sources. */
function absolute(json: string, url: string): EncodedSourceMap {
  const trace = new FlattenMap(json.replace(/^\)]}'[^\n]*\n/, ''), url);
  const { sourceRoot: _, ...map } = decodedMap(trace);
  return { ...map, sources: trace.resolvedSources, mappings: encodedMap(trace).mappings } as EncodedSourceMap;
}

/** The map from compiled code at `output` to the sources: through `input` where the source has a map itself. */
export function outputMap(
  compiled: EncodedSourceMap,
  source: string,
  input: EncodedSourceMap | undefined,
  output: string,
): EncodedSourceMap {
  const url = pathToFileURL(source).href;
  const own = { ...compiled, sources: [url] };
  const map = input === undefined ? own : remapping([own, input] as SourceMapInput[], () => null);
  return relocated({ ...map } as EncodedSourceMap, output);
}

/** A map whose sources are relative to the file `output` that it is for. */
export function relocated(map: EncodedSourceMap, output: string): EncodedSourceMap {
  const sources = map.sources.map((source) => (source === null ? null : relativeSource(source, output)));
  return { ...map, file: basename(output), sources };
}

function relativeSource(source: string, output: string): string {
  if (!source.startsWith('file:')) return source;
  const way = relative(dirname(resolve(output)), fileURLToPath(source));
  return encodeURI(sep === '/' ? way : way.replaceAll(sep, '/'))
    .replaceAll('#', '%23')
    .replaceAll('?', '%3F');
}
