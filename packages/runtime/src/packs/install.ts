/** Root adapters of packages. */
export function pack(_name: string, _exports: unknown): void {}
