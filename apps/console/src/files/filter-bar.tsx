import { useEffect, useState } from 'preact/hooks';
import type { FileType } from '@custody/sdk';
import { useWorkspace } from '../frame/workspace.js';
import { type Filters, NO_FILTERS } from './filters.js';

type Options = readonly (readonly [value: string, label: string])[];

const STATUSES: Options = [
  ['', 'Any status'],
  ['available', 'Available'],
  ['pending_scan', 'On the way'],
  ['rejected', 'Refused'],
];
const BUCKETS: Options = [
  ['', 'Any area'],
  ['documents', 'Documents'],
  ['assets', 'Assets'],
  ['avatars', 'Avatars'],
  ['exports', 'Exports'],
  ['modules', 'Modules'],
];

export function FilterBar() {
  const { custody, filters } = useWorkspace();
  const [types, setTypes] = useState<readonly FileType[]>([]);
  useEffect(() => void custody.fileTypes().then(setTypes, () => setTypes([])), []);
  const set = (change: Partial<Filters>) => (filters.value = { ...filters.value, ...change });
  const { status, bucket, mimeType, from, to } = filters.value;
  const kinds: Options = [
    ['', 'Any type'],
    ...types.map(({ mimeType: type, extensions }) => [type, labelOf(type, extensions)] as const),
  ];
  return (
    <div class="filters" role="group" aria-label="Filters">
      <Choice
        label="Status"
        value={status}
        options={STATUSES}
        onChange={(value) => set({ status: value as Filters['status'] })}
      />
      <Choice label="Type" value={mimeType} options={kinds} onChange={(value) => set({ mimeType: value })} />
      <Choice
        label="Area"
        value={bucket}
        options={BUCKETS}
        onChange={(value) => set({ bucket: value as Filters['bucket'] })}
      />
      <span class="days">
        <Day label="From" value={from} onChange={(value) => set({ from: value })} />
        <Day label="To" value={to} onChange={(value) => set({ to: value })} />
      </span>
      {[status, bucket, mimeType, from, to].some((value) => value !== '') && (
        <button type="button" class="link" onClick={() => set({ ...NO_FILTERS, name: filters.value.name })}>
          Clear
        </button>
      )}
    </div>
  );
}

const labelOf = (type: string, [extension]: readonly string[]) =>
  extension === undefined ? type : extension.replace('.', '').toUpperCase();

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: Options;
  readonly onChange: (value: string) => void;
}) {
  const { label, value, options, onChange } = props;
  return (
    <select
      aria-label={label}
      class={value === '' ? '' : 'set'}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}

function Day(props: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const { label, value, onChange } = props;
  return (
    <label class="day">
      {label}
      <input type="date" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
    </label>
  );
}
