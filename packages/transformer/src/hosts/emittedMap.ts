/** Source maps of code that TypeScript emitted from rewritten text, led on to the original text. */
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import type { RewrittenModule } from '../engine.js';

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/**
 * What TypeScript emitted as `fileName`: a source map, or code that may have an inline map. The map, if any, is composed with that of the
 * rewritten module; all else stays as it is.
 */
export function throughMap(fileName: string, text: string, module: RewrittenModule, original: string): string {
  if (fileName.endsWith('.map')) return JSON.stringify(compose(JSON.parse(text), module, original));
  const inline = INLINE_MAP.exec(text);
  if (inline === null) return text;
  const map = compose(JSON.parse(Buffer.from(inline[1] as string, 'base64').toString()), module, original);
  const encoded = Buffer.from(JSON.stringify(map)).toString('base64');
  return `${text.slice(0, inline.index)}//# sourceMappingURL=data:application/json;base64,${encoded}`;
}

interface EmittedMap {
  file?: string;
  sourceRoot?: string;
  sources: string[];
  sourcesContent?: (string | null)[];
}

function compose(emitted: EmittedMap, module: RewrittenModule, original: string): object {
  const { sourceRoot: _root, ...rootless } = emitted;
  const composed = remapping(rootless as unknown as SourceMapInput, (_, context) =>
    context.depth === 1 ? (module.map as unknown as SourceMapInput) : null,
  );
  return {
    version: 3,
    ...(emitted.file !== undefined && { file: emitted.file }),
    ...(emitted.sourceRoot !== undefined && { sourceRoot: emitted.sourceRoot }),
    sources: emitted.sources,
    names: composed.names,
    mappings: composed.mappings,
    ...(emitted.sourcesContent && { sourcesContent: [original] }),
  };
}
