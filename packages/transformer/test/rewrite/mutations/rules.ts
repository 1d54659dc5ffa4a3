/** A text that stands once in a file, and what stands there where the rule is broken; more of them for edits that go together. */
export type Edit = readonly [from: string, to: string, ...more: string[]];

/** Rules, each with an edit of the source that breaks it. */
export type Rules = Readonly<Record<string, Edit>>;

/** The text of a file in which a rule is broken; undefined if what is to be replaced does not stand there once. */
export function broken(text: string, edit: Edit): string | undefined {
  let result = text;
  for (let i = 0; i < edit.length; i += 2) {
    const parts = result.split(edit[i] as string);
    if (parts.length !== 2) return undefined;
    result = parts.join(edit[i + 1]);
  }
  return result;
}
