/** Properties by their names: each is one place for the whole program, whatever the object (field-based analysis). */
import { isIndex } from '../facts/names.js';
import type { Graph } from './graph.js';
import type { Token } from './tokens.js';

export interface Properties {
  /** What is assigned to a property of this name; undefined: of any name, as elements of collections are. */
  assigned(name: string | undefined): number;
  /** What classes declare and objects are written with under this name. */
  declared(name: string | undefined): number;
  /** What is defined under a name that is not known. */
  readonly defined: number;
  /** Methods of this name of classes that extend what is not the program's. */
  inherited(name: string | undefined): number;
  /** Lets all that is ever written to a property of this name flow into `target`. */
  flowInto(name: string | undefined, target: number): void;
  /** The same without what is declared. */
  assignedInto(name: string | undefined, target: number): void;
  /** The kept places of what properties of a name hold. */
  held(name: string): readonly number[];
}

export function propertiesIn({ keptPlace, edge }: Graph<Token>): Properties {
  const assigned = (name = '*') => keptPlace(`assigned ${name}`);
  const declared = (name = '*') => keptPlace(`declared ${name}`);
  const defined = keptPlace('defined');
  function assignedInto(name: string | undefined, target: number): void {
    edge(assigned(name), target);
    // Elements of arrays are written without a name.
    if (name !== undefined && isIndex(name)) edge(assigned('*'), target);
  }
  return {
    assigned,
    declared,
    defined,
    inherited: (name = '*') => keptPlace(`inherited ${name}`),
    assignedInto,
    flowInto(name, target) {
      assignedInto(name, target);
      edge(declared(name), target);
      edge(defined, target);
    },
    held: (name) => [assigned(name), declared(name), defined],
  };
}
