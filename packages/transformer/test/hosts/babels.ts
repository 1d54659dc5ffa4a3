/** Babel 7 and 8 with their presets, for tests that run with both. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type * as core from '@babel/core';

export interface Babel {
  readonly version: string;
  readonly transformSync: typeof core.transformSync;
  readonly transformAsync: typeof core.transformAsync;
  readonly decorators: core.PluginTarget;
  readonly presets: Readonly<Record<'env' | 'flow' | 'react' | 'typescript', core.PluginTarget>>;
}

/** Babel 8 is beside a package of its own, and has ES modules only. */
async function load(from: string): Promise<Babel> {
  const { resolve } = createRequire(new URL(from, import.meta.url));
  const module = async (name: string) => {
    const { default: loaded, ...named } = (await import(pathToFileURL(resolve(name)).href)) as Record<string, unknown>;
    const { default: inner } = (loaded ?? {}) as { default?: unknown };
    return { ...named, default: inner ?? loaded };
  };
  const target = async (name: string) => (await module(`@babel/${name}`)).default as core.PluginTarget;
  const preset = (name: string) => target(`preset-${name}`);
  return {
    ...((await module('@babel/core')) as unknown as Pick<Babel, 'version' | 'transformSync' | 'transformAsync'>),
    decorators: await target('plugin-proposal-decorators'),
    presets: {
      env: await preset('env'),
      flow: await preset('flow'),
      react: await preset('react'),
      typescript: await preset('typescript'),
    },
  };
}

export const BABELS: readonly Babel[] = await Promise.all([
  load('../../package.json'),
  load('../../../../fixtures/babel-8/package.json'),
]);

export interface Output {
  readonly code: string;
  /** As JSON. */
  readonly map: string;
}

/** What Babel makes of the text, without any configuration file. */
export function transform(babel: Babel, text: string, filename: string, options: core.TransformOptions): Output {
  const result = babel.transformSync(text, { filename, configFile: false, babelrc: false, ...options });
  if (typeof result?.code !== 'string') throw new Error('Babel returned nothing');
  return { code: result.code, map: JSON.stringify(result.map) };
}
