/** Samples the running code with V8's profiler, so that it can be told what held the event loop. */
import type { Profiler } from 'node:inspector';
import { isOwnScript, mapped } from './callSite.js';
import type { SampledFunction } from './channels.js';
import { perform } from './watchCalls.js';
import type { Sampler } from './watchLoop.js';

/** Microseconds between samples. */
const INTERVAL = 2000;
/** Milliseconds after which samples are thrown away, so that they take no more and more memory. */
const KEPT_MS = 10_000;
/** Functions that are told of a stretch. */
const FUNCTIONS = 5;

/**
 * Starts to sample.
 *
 * @returns undefined where this Node was built without an inspector
 */
export function startSampler(): Sampler | undefined {
  const inspector = process.getBuiltinModule('node:inspector');
  if (inspector === undefined) return undefined;
  const session = new inspector.Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  session.post('Profiler.start');
  const restart = (): Profiler.Profile | undefined => {
    let profile: Profiler.Profile | undefined;
    // A session on its own thread answers before `post` returns.
    session.post('Profiler.stop', (error, answer) => {
      profile = error === null ? answer.profile : undefined;
    });
    session.post('Profiler.start');
    return profile;
  };
  setInterval(restart, KEPT_MS).unref();
  return {
    functionsOf(duration) {
      const profile = restart();
      return profile && functionsIn(profile, duration);
    },
  };
}

/** The functions of the program that the last `duration` milliseconds of a profile were spent in, or below. */
function functionsIn(profile: Profiler.Profile, duration: number): SampledFunction[] {
  const parents = new Map<number, Profiler.ProfileNode>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node);
  const begin = profile.endTime - duration * 1000;
  const sums = new Map<Profiler.ProfileNode, number>();
  let time = profile.startTime;
  const { samples = [], timeDeltas = [] } = profile;
  for (let at = 0; at < samples.length; at++) {
    time += timeDeltas[at] ?? 0;
    const until = time + (timeDeltas[at + 1] ?? profile.endTime - time);
    const node = functionOf(nodes.get(samples[at] as number), parents);
    if (node !== undefined && until > begin) {
      sums.set(node, (sums.get(node) ?? 0) + (until - Math.max(time, begin)) / 1000);
    }
  }
  return byPlace(sums)
    .sort((a, b) => b.duration - a.duration)
    .slice(0, FUNCTIONS);
}

/** The innermost function of the program; none in a watched call, which is told by its name. */
function functionOf(
  top: Profiler.ProfileNode | undefined,
  parents: ReadonlyMap<number, Profiler.ProfileNode>,
): Profiler.ProfileNode | undefined {
  for (let node = top; node !== undefined; node = parents.get(node.id)) {
    const { url, functionName } = node.callFrame;
    if (isOwnScript(url)) {
      if (functionName === perform.name) return undefined;
    } else if (url !== '' && !url.startsWith('node:')) return node;
  }
  return undefined;
}

/** One function has a node for each way in which it was reached. */
function byPlace(sums: ReadonlyMap<Profiler.ProfileNode, number>): SampledFunction[] {
  const places = new Map<string, SampledFunction>();
  for (const [{ callFrame }, duration] of sums) {
    const place = mapped(callFrame.url, callFrame.lineNumber + 1, callFrame.columnNumber + 1);
    const key = `${place.file}:${place.line}:${place.column}`;
    const named = callFrame.functionName === '' ? {} : { function: callFrame.functionName };
    places.set(key, { ...place, ...named, duration: (places.get(key)?.duration ?? 0) + duration });
  }
  return [...places.values()];
}
