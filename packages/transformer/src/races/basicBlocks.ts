/** Builds basic blocks: where control goes at branches, loops, jumps and exceptions, whatever the statements are that it comes from. */
import type { Block, ControlFlow, Event, Test } from './events.js';

/** Evaluates a condition. */
type Condition = () => readonly Test[];

export interface Loop {
  readonly labels: readonly string[];
  readonly test: Condition | undefined;
  readonly body: () => void;
  readonly update?: () => void;
  /** The body runs before the condition is evaluated. */
  readonly first?: true;
  /** It ends without a condition, when there are no more items. */
  readonly ends?: true;
}

export interface Case {
  /** Undefined: `default`. */
  readonly test: Condition | undefined;
  readonly body: () => void;
}

export interface Attempt {
  readonly body: () => void;
  readonly handler: (() => void) | undefined;
  readonly finalizer: (() => void) | undefined;
}

export interface BasicBlocks {
  /** All that there are so far. */
  readonly blocks: readonly Block[];
  newId(): number;
  emit(event: Event): void;
  /** An exception may be thrown here. */
  mayThrow(): void;
  /** Whether exceptions are caught here. */
  isCaught(): boolean;
  /** Goes two ways: through `work`, or past it. */
  branch(tests: readonly Test[], work: () => void, otherwise?: () => void): void;
  loop(loop: Loop): void;
  choose(labels: readonly string[], cases: readonly Case[]): void;
  attempt(attempt: Attempt): void;
  /** What `break` with one of the labels ends. */
  labelled(labels: readonly string[], work: () => void): void;
  jump(kind: 'break' | 'continue', label: string | undefined): void;
  returnHere(): void;
  throwHere(): void;
  /** Control falls out of the function here. */
  finish(): ControlFlow;
}

type Frame =
  | { readonly kind: 'catch'; readonly entry: Block }
  | { readonly kind: 'finally'; readonly entry: Block; readonly exits: Set<Block> }
  | {
      readonly kind: 'jump';
      readonly labels: readonly string[];
      readonly breakTo: Block;
      readonly continueTo: Block | undefined;
      /** Whether `break` without a label ends it. */
      readonly plain: boolean;
    };

/** Begins with the entry of a function. */
export function createBasicBlocks(): BasicBlocks {
  const blocks: Block[] = [];
  const frames: Frame[] = [];
  let ids = 0;

  function block(): Block {
    const made: Block = { events: [], next: new Set(), tests: [] };
    blocks.push(made);
    return made;
  }
  const entry = block();
  const exit = block();
  let current = entry;

  function link(to: Block): void {
    current.next.add(to);
  }
  function decide(tests: readonly Test[]): void {
    current.tests = tests;
  }
  /** Goes on in `to`, from here. */
  function goTo(to: Block): void {
    link(to);
    current = to;
  }
  function handler(): Block | undefined {
    const frame = frames.findLast(({ kind }) => kind !== 'jump');
    return frame === undefined || frame.kind === 'jump' ? undefined : frame.entry;
  }
  function mayThrow(): void {
    const to = handler();
    if (to === undefined) return;
    link(to);
    goTo(block());
  }
  function within(frame: Frame, work: () => void): void {
    frames.push(frame);
    work();
    frames.pop();
  }
  /** Leaves for `target`, by way of the `finally` blocks of the frames above `depth`. */
  function leaveFor(target: Block, depth: number): void {
    let from = current.next;
    for (const frame of frames.slice(depth).reverse()) {
      if (frame.kind !== 'finally') continue;
      from.add(frame.entry);
      from = frame.exits;
    }
    from.add(target);
    current = block();
  }

  return {
    blocks,
    newId: () => ids++,
    emit: (event) => current.events.push(event),
    mayThrow,
    isCaught: () => frames.some(({ kind }) => kind === 'catch'),

    branch(tests, work, otherwise = () => {}) {
      decide(tests);
      const from = current;
      const end = block();
      current = block();
      from.next.add(current);
      work();
      link(end);
      current = block();
      from.next.add(current);
      otherwise();
      goTo(end);
    },

    loop({ labels, test, body: work, update, first, ends }) {
      const [head, body, again, end] = [block(), block(), block(), block()];
      link(first ? body : head);
      current = head;
      if (test) decide(test());
      link(body);
      if (test || ends) link(end);
      current = body;
      within({ kind: 'jump', labels, breakTo: end, continueTo: again, plain: true }, work);
      goTo(again);
      update?.();
      link(head);
      current = end;
    },

    choose(labels, cases) {
      const end = block();
      const bodies = cases.map(() => block());
      within({ kind: 'jump', labels, breakTo: end, continueTo: undefined, plain: true }, () => {
        let fallback = end;
        cases.forEach(({ test }, i) => {
          const body = bodies[i] as Block;
          if (!test) {
            fallback = body;
            return;
          }
          decide(test());
          link(body);
          goTo(block());
        });
        link(fallback);
        cases.forEach(({ body }, i) => {
          current = bodies[i] as Block;
          body();
          link(bodies[i + 1] ?? end);
        });
      });
      current = end;
    },

    attempt({ body, handler: caught, finalizer }) {
      const end = block();
      const last = finalizer && ({ kind: 'finally', entry: block(), exits: new Set([handler() ?? exit]) } as const);
      if (last) frames.push(last);
      const handling = caught && block();
      if (handling) frames.push({ kind: 'catch', entry: handling });
      goTo(block());
      mayThrow();
      body();
      if (handling) frames.pop();
      link(last?.entry ?? end);
      if (handling) {
        current = handling;
        caught();
        link(last?.entry ?? end);
      }
      if (last) {
        frames.pop();
        current = last.entry;
        finalizer();
        for (const to of last.exits) link(to);
        link(end);
      }
      current = end;
    },

    labelled(labels, work) {
      const end = block();
      within({ kind: 'jump', labels, breakTo: end, continueTo: undefined, plain: false }, work);
      goTo(end);
    },

    jump(kind, label) {
      const isMeant = (frame: Frame): boolean => {
        if (frame.kind !== 'jump') return false;
        if (label !== undefined) return frame.labels.includes(label);
        return kind === 'break' ? frame.plain : frame.continueTo !== undefined;
      };
      const depth = frames.findLastIndex(isMeant);
      const frame = frames[depth];
      if (frame?.kind !== 'jump') return;
      leaveFor(kind === 'break' ? frame.breakTo : (frame.continueTo ?? frame.breakTo), depth + 1);
    },

    returnHere: () => leaveFor(exit, 0),

    throwHere() {
      link(handler() ?? exit);
      current = block();
    },

    finish() {
      link(exit);
      return { entry, exit, blocks };
    },
  };
}
