/** Hooks of Node's loader: what a module of some version imports from the compiler and its tests is of the same version. */
import type { ResolveHook } from 'node:module';

export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  const version = /\?version=\d+$/.exec(context.parentURL ?? '')?.[0];
  const isVersioned =
    version !== undefined && /\/\.cache\/[^/]+\/packages\/transformer\/(?!.*\?version=)/.test(resolved.url);
  return isVersioned ? { ...resolved, url: resolved.url + version } : resolved;
};
