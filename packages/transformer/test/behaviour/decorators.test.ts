/** A web application in the manner of frameworks with decorators, compiled with and without the tspc host: routes, injection, metadata, wrappers. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import typescript6 from 'typescript';
import typescript5 from 'typescript-5.9';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileProject, NODE_DECLARATIONS, workspace, write } from '../hosts/tsCompile.js';
import { countRequests } from './harness.js';

/** A framework: what is known of classes and methods is kept as metadata, by which requests are served. */
const FRAMEWORK = `
type Key = string | symbol;
type Constructor = new (...args: any[]) => any;
const known = new Map<object, Map<string, unknown>>();
const tag = (name: string, key?: Key, index?: number) => [name, String(key), String(index)].join();
function define(target: object, name: string, value: unknown): void {
  if (!known.has(target)) known.set(target, new Map());
  known.get(target)!.set(name, value);
}
export function read(target: object, name: string, key?: Key, index?: number): any {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    const found = known.get(at)?.get(tag(name, key, index));
    if (found !== undefined) return found;
  }
}
(Reflect as any).metadata = (name: string, value: unknown) => (target: object, key?: Key) => define(target, tag(name, key), value);

export const routes: { method: string; path: string; cls: Constructor; key: Key }[] = [];
export const log: unknown[] = [];
export const Controller = (prefix: string) => (cls: Constructor): void => {
  for (const key of Object.getOwnPropertyNames(cls.prototype)) {
    const path = read(cls.prototype, 'path', key);
    if (path !== undefined) routes.push({ ...path, path: prefix + path.path, cls, key });
  }
};
const route = (method: string) => (path: string) => (target: object, key: Key, _: PropertyDescriptor): void => define(target, tag('path', key), { method, path });
export const Get = route('GET');
export const Post = route('POST');
export const Param = (name: string) => (target: object, key: Key | undefined, index: number): void => define(target, tag('param', key, index), name);
export const Inject = (token: string) => (target: object, key: Key | undefined, index: number): void => define(target, tag('inject', key, index), token);
export const Injectable = () => (cls: Constructor): void => define(cls, 'injectable', true);

/** Wraps a method with what it finds in the descriptor. */
export function Cached(_: object, key: string, descriptor: PropertyDescriptor): void {
  const original = descriptor.value;
  const results = new Map<string, unknown>();
  descriptor.value = function (this: unknown, ...args: unknown[]) {
    const id = args.join();
    if (!results.has(id)) results.set(id, original.apply(this, args));
    log.push([key, id]);
    return results.get(id);
  };
}
/** Returns another descriptor. */
export const Catch = (fallback: unknown) => (_: object, key: string, descriptor: PropertyDescriptor): PropertyDescriptor => ({
  ...descriptor,
  value(...args: unknown[]) {
    try {
      return descriptor.value.apply(this, args);
    } catch (error) {
      return [key, fallback, (error as { code?: string }).code];
    } finally {
      log.push([key, 'done']);
    }
  },
});
/** Replaces the class. */
export function Logged<C extends Constructor>(cls: C): C {
  return class Logging extends cls {
    constructor(...args: any[]) {
      super(...args);
      log.push(['made', cls.name, args.length]);
    }
  } as C;
}
/** Replaces a property by an accessor. */
export function Observed(target: object, key: string): void {
  const values = new WeakMap<object, unknown>();
  Object.defineProperty(target, key, {
    get(this: object) { return values.get(this); },
    set(this: object, value: unknown) { log.push([key, value]); values.set(this, value); },
  });
}

const instances = new Map<Constructor, unknown>();
export const values = new Map<string, unknown>();
function make(cls: Constructor): any {
  if (!instances.has(cls)) {
    const types: Constructor[] = read(cls, 'design:paramtypes') ?? [];
    const args = types.map((type, index) => {
      const token: string | undefined = read(cls, 'inject', undefined, index);
      return token === undefined ? make(type) : values.get(token);
    });
    instances.set(cls, new cls(...args));
  }
  return instances.get(cls);
}
export async function handle(method: string, path: string, params: Record<string, unknown>): Promise<unknown> {
  const found = routes.find((one) => one.method === method && one.path === path)!;
  const controller = make(found.cls);
  const names = [0, 1].map((index) => read(found.cls.prototype, 'param', found.key, index));
  return controller[found.key](...names.map((name) => params[name]));
}
`;

const APPLICATION = `
import { readFileSync, readdirSync } from 'node:fs';
import * as framework from './framework.js';
import { Cached, Catch, Controller, Get, Inject, Injectable, Logged, Observed, Param, Post } from './framework.js';

interface Files { names(): string[] }

@Injectable()
class Settings {
  readonly name: string;
  constructor(@Inject('root') readonly root: string) {
    this.name = JSON.parse(readFileSync(root + '/package.json', 'utf8')).type;
  }
}
@Logged
@Injectable()
class Store implements Files {
  static shared = 0;
  @Observed count!: number;
  readonly #opened: string;
  constructor(readonly settings: Settings) {
    this.#opened = readFileSync(settings.root + '/package.json', 'utf8');
    this.count = 0;
  }
  names(): string[] { return readdirSync(this.settings.root + '/src').sort(); }
  @Cached size(name: string): number { this.count++; return this.#load(name).length; }
  get opened(): number { return this.#opened.length + readFileSync(this.settings.root + '/package.json', 'utf8').length; }
  #load(name: string): string { return readFileSync(this.settings.root + '/' + name, 'utf8'); }
  static of(settings: Settings): Store { return new this(settings); }
}
abstract class Base {
  protected abstract readonly store: Store;
  @Get('/list') list(): unknown { return this.store.names(); }
  protected describe(name: string): string { return name + ' ' + this.store.size(name); }
}
@Controller('/files')
export class FilesController extends Base {
  constructor(protected readonly store: Store, private readonly settings: Settings) { super(); }
  @Get('/all')
  list(): unknown { return [super.list(), this.settings.name]; }
  @Get('/one')
  @Catch('nothing')
  @Cached
  one(@Param('name') name: string, @Param('times') times: number = this.store.size('package.json')): unknown {
    return [this.describe(name), times, readFileSync(this.settings.root + '/' + name, 'utf8').length];
  }
  @Post('/many') many<T extends string>(@Param('names') names: T[]): unknown { return names.map((name) => this.describe(name)); }
  @Get('/opened') opened(): unknown { return [this.store.opened, this.store.count, Store.of(this.settings).size('tsconfig.json')]; }
  @Get('/stream') *each(): Generator<number> { for (const name of ['package.json', 'tsconfig.json']) yield this.store.size(name); }
}
const { handle, log, read } = framework;
export async function main(root: string): Promise<unknown[]> {
  framework.values.set('root', root);
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(
    await handle('GET', '/files/all', {}), await handle('GET', '/files/one', { name: 'package.json' }), await handle('GET', '/files/one', { name: 'none' }),
    await handle('POST', '/files/many', { names: ['package.json', 'tsconfig.json'] }), await handle('GET', '/files/opened', {}), [...(await handle('GET', '/files/stream', {}) as Iterable<number>)],
  );
  const types = ['list', 'one', 'many', 'opened', 'each'].map((key) => ['type', 'paramtypes', 'returntype'].map((name) => read(FilesController.prototype, 'design:' + name, key)));
  return [answers, log, framework.routes.map(({ method, path, key }) => [method, path, key]), types, read(FilesController, 'design:paramtypes'), read(Store, 'design:paramtypes'),
    read(Store.prototype, 'design:type', 'count'), read(Store.prototype, 'design:paramtypes', 'names'), read(Store.prototype, 'design:paramtypes', 'size'), Object.getOwnPropertyNames(FilesController.prototype), Store.name, FilesController.prototype.one.length];
}
`;

const require = createRequire(import.meta.url);
const VERSIONS = [
  ['5.9', typescript5 as unknown as typeof typescript6],
  ['6.0', typescript6],
] as const;
const OPTIONS = {
  ES2022: { target: 'ES2022' },
  'ES2021, fields that are assigned': { target: 'ES2021', useDefineForClassFields: false },
  ES2017: { target: 'ES2017' },
};

let directory: string;
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'unblock-decorators-')));
  workspace(directory, require);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function project(name: string, options: object): string {
  const root = join(directory, name.replaceAll(/\W+/g, '-'));
  const compilerOptions = {
    ...{ module: 'NodeNext', strict: true, strictPropertyInitialization: true, rootDir: 'src', outDir: 'out' },
    ...{ experimentalDecorators: true, emitDecoratorMetadata: true, lib: ['ES2022'], types: [], skipLibCheck: true },
    ...options,
  };
  write(root, {
    ...{ 'package.json': { type: 'commonjs' }, 'tsconfig.json': { compilerOptions, include: ['src'] } },
    ...{ 'src/node.d.ts': NODE_DECLARATIONS, 'src/framework.ts': FRAMEWORK, 'src/main.ts': APPLICATION },
  });
  return root;
}

/** What the application answers, printed, and how many of its calls of `fs` went to the thread pool. */
async function run(root: string): Promise<{ readonly answer: string; readonly requests: number }> {
  for (const name of Object.keys(require.cache)) if (name.startsWith(directory)) delete require.cache[name];
  const { main } = require(join(root, 'out/main.js')) as { main: (root: string) => Promise<unknown[]> };
  const requests = countRequests();
  const answer = await main(root);
  requests.stop();
  return { answer: inspect(answer, { depth: null, maxArrayLength: null }), requests: requests.count() };
}

describe.each(VERSIONS)('TypeScript %s', (version, typescript) => {
  it.each(Object.entries(OPTIONS))('%s', async (name, options) => {
    const root = project(`${version} ${name}`, options);
    expect(compileProject(typescript, root).diagnostics).toEqual([]);
    const original = await run(root);
    expect(original.requests).toBe(0);
    expect(compileProject(typescript, root, {}).diagnostics).toEqual([]);
    const compiled = await run(root);
    expect(compiled.answer).toBe(original.answer);
    expect(compiled.requests).toBeGreaterThan(0);
  });
});
