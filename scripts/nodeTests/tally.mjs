/** What came of the tests: a line for each mistake as it is found, and a table by what the tests are of. */
export class Tally {
  mistakes = 0;
  #forms;
  #groups = new Map();

  constructor(forms) {
    this.#forms = forms;
  }

  add(group, form, result) {
    const counts = this.#groups.get(group) ?? new Map();
    this.#groups.set(group, counts);
    const key = `${form} ${result}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  /** @param outcome how the program ended, and what it has printed */
  addMistake(text, { outcome = '', printed = '' }) {
    this.mistakes++;
    console.log(`\n${[text, outcome, printed].filter(Boolean).join('\n')}`);
  }

  table() {
    const columns = [
      'original passes',
      'original fails',
      'original skipped',
      ...this.#forms.map((form) => `${form} same`),
    ];
    const total = new Map();
    for (const counts of this.#groups.values()) {
      for (const [key, count] of counts) total.set(key, (total.get(key) ?? 0) + count);
    }
    const rows = [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = [...rows, ['all', total]].map(([group, counts]) => [
      group,
      ...columns.map((key) => counts.get(key) ?? 0),
    ]);
    return [['', ...columns], ...lines]
      .map((cells) =>
        cells
          .map((cell) => String(cell).padEnd(16))
          .join(' ')
          .trimEnd(),
      )
      .join('\n');
  }
}
