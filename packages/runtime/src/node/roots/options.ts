/** Replacing callbacks in objects of options. */

/**
 * A copy of `options` with other values for some properties; `options` itself if there are none. Getters are copied, not run,
 * and the prototype is kept: options may inherit.
 */
export function overriding(options: object, values: ReadonlyMap<string, unknown>): object {
  if (values.size === 0) return options;
  const properties: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(options);
  for (const [name, value] of values) {
    properties[name] = { value, configurable: true, enumerable: true, writable: true };
  }
  return Object.create(Object.getPrototypeOf(options) as object, properties) as object;
}
