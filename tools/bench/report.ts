import { arch, cpus, platform, totalmem } from 'node:os';
import type { Measured, Result } from './result.ts';

const HEAD = ['figure', 'unit', 'custody', 'ceiling', 'ratio or value', 'target', ''];

/** A Markdown table; what was skipped or failed stands below it, with the reason. */
export function table(results: readonly Result[]): string {
  const measured = results.filter((result): result is Measured => 'figure' in result);
  const rows = [HEAD, HEAD.map(() => '---'), ...measured.map(cells)];
  const notes = results.flatMap((result) =>
    'reason' in result ? [`${result.outcome.toUpperCase()} ${result.case}: ${result.reason}`] : [],
  );
  return [...rows.map((row) => `| ${row.join(' | ')} |`), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

/** The document with this table in the place of its own, between the lines that mark it. */
export function withTable(document: string, results: readonly Result[]): string {
  const [begin, end] = ['<!-- table -->', '<!-- end of the table -->'];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${table(results)}\n\n${document.slice(to)}`;
}

function cells({ title, unit, figure, ceiling, judged, target, outcome }: Measured): string[] {
  const of = ceiling === null ? '–' : readable(ceiling);
  return [title, unit, readable(figure), of, readable(judged), target, outcome === 'met' ? '✓' : '✗'];
}

/** Three digits are more than the machine's noise allows. */
function readable(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** The same for a program, with the machine it comes from. */
export function json(results: readonly Result[], when: Date): string {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    platform: `${platform()} ${arch()}`,
    node: process.version,
  };
  return `${JSON.stringify({ when: when.toISOString(), machine, results }, null, 2)}\n`;
}
