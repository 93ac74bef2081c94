import type { FileMetadata } from '@custody/sdk';
import type { ComponentChildren } from 'preact';
import { useWorkspace } from '../frame/workspace.js';
import { bytes, count } from '../words/amounts.js';
import { folderName, personName } from '../words/people.js';
import { exactTime } from '../words/times.js';

const COVERAGE = {
  full: 'Every byte was scanned.',
  members: 'Too large for the engine as a whole: scanned in windows, and the files inside it one by one.',
  windowed: 'Scanned in overlapping windows, because it is larger than the engine takes at once.',
  none: 'Not scanned: an administrator released it.',
} as const;

export function FactsTab({ file }: { readonly file: FileMetadata }) {
  const { session } = useWorkspace();
  const { scan, width, height, pageCount, subjects, notes, sha256 } = file;
  return (
    <dl class="facts">
      <Fact name="Size">{bytes(file.size)}</Fact>
      <Fact name="Type">{file.mimeType}</Fact>
      {width !== null && height !== null && (
        <Fact name="Picture">
          {width} × {height} pixels
        </Fact>
      )}
      {pageCount !== null && <Fact name="Length">{count(pageCount, 'page')}</Fact>}
      <Fact name="Folder">{folderName(file.folderPath)}</Fact>
      <Fact name="Area">{file.bucket}</Fact>
      <Fact name="Uploaded">
        {exactTime(file.createdAt)} by {personName(file.uploadedBy, session.who.value)}
      </Fact>
      <Fact name="Changed">{exactTime(file.updatedAt)}</Fact>
      {scan !== null && (
        <Fact name="Scan">
          {COVERAGE[scan.coverage]} <span class="hint">{exactTime(scan.scannedAt)}</span>
        </Fact>
      )}
      {subjects.length > 0 && <Fact name="About">{subjects.map(({ type, id }) => `${type} ${id}`).join(', ')}</Fact>}
      {notes !== null && <Fact name="Notes">{notes}</Fact>}
      {sha256 !== null && (
        <Fact name="SHA-256">
          <code>{sha256}</code>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
