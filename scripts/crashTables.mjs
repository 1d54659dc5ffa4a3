/** What the measures of a crash search say about time and memory. */

const KB = 1024;

/**
 * Time and memory by size, each class twice the one before: where both are linear, what a megabyte takes stays the same.
 *
 * @param measures `{ form, size, output, time, heap? }` each
 */
export function tables(measures) {
  const forms = [...new Set(measures.map(({ form }) => form))];
  return forms
    .map((form) =>
      table(
        form,
        measures.filter((one) => one.form === form),
      ),
    )
    .join('\n');
}

function table(form, measures) {
  const classes = new Map();
  for (const one of measures) {
    const key = Math.max(2, Math.floor(Math.log2(Math.max(one.size, 1) / KB)));
    classes.set(key, [...(classes.get(key) ?? []), one]);
  }
  const rows = [...classes.keys()].sort((a, b) => a - b).map((key) => row(key, classes.get(key)));
  const head = ['size from', 'files', 'MB', 'ms a MB', 'to the class before', 'heap a character', 'growth'];
  const lines = rows.map(({ label, files, mb, ms, heap, growth }, i) => {
    const before = rows[i - 1];
    const ratio = before === undefined ? '' : (ms / before.ms).toFixed(2);
    return [label, files, mb.toFixed(2), ms.toFixed(0), ratio, heap?.toFixed(0) ?? '', growth.toFixed(2)];
  });
  return [`\n${form}`, ...align([head, ...lines])].join('\n');
}

function row(key, measures) {
  const sum = (of, list = measures) => list.reduce((total, one) => total + of(one), 0);
  const size = sum((one) => one.size);
  const weighed = measures.filter(({ heap }) => heap !== undefined);
  const kb = 2 ** key;
  return {
    label: key === 2 ? 'less' : kb >= KB ? `${kb / KB} MB` : `${kb} KB`,
    files: measures.length,
    mb: size / 1e6,
    ms: (sum((one) => one.time) / size) * 1e6,
    heap: weighed.length === 0 ? undefined : sum((one) => one.heap, weighed) / sum((one) => one.size, weighed),
    growth: sum((one) => one.output || one.size) / size,
  };
}

function align(lines) {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => String(line[i]).length)));
  return lines.map((line) => line.map((cell, i) => String(cell).padStart(widths[i])).join('  '));
}
