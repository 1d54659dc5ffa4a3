/** What static types say of the receivers of calls and accesses, in terms of the classes of the program. */
import type { ModuleFacts } from '../facts/facts.js';
import type { Span, StaticType, TypeOracle } from '../program.js';
import type { Numbering } from './numbering.js';

export type ReceiverType =
  | Extract<StaticType, { readonly kind: 'platform' }>
  | { readonly kind: 'instance'; readonly cls: number };

/** The type of the receiver of a call or an access; undefined where nothing is known that could be relied on. */
export type ReceiverTypes = (fileName: string, place: Span) => ReceiverType | undefined;

export function receiverTypesIn(
  modules: readonly ModuleFacts[],
  { classOf }: Numbering,
  types: TypeOracle | undefined,
): ReceiverTypes {
  if (types === undefined) return () => undefined;
  const classEndingAt = new Map<string, ReadonlyMap<number, number>>(
    modules.map((facts, module) => [
      facts.fileName,
      new Map(facts.classes.map(({ end }, i) => [end, classOf(module, i)])),
    ]),
  );
  return (fileName, place) => {
    const type = types.receiver(fileName, place);
    if (type?.kind !== 'instance') return type;
    const cls = classEndingAt.get(type.fileName)?.get(type.end);
    return cls === undefined ? undefined : { kind: 'instance', cls };
  };
}
