import { belongs, filtersSet, NO_FILTERS, queryOf } from './filters.js';

const root = { view: 'folder', folderId: null, fileId: undefined } as const;
const file = {
  folderId: null,
  filename: 'Lease.pdf',
  mimeType: 'application/pdf',
  status: 'available',
  bucket: 'documents',
};

describe('filters', () => {
  it('ask for nothing that is not set', () => {
    expect(queryOf(root, NO_FILTERS)).toEqual({ limit: 50, folder: 'root' });
    expect(queryOf({ ...root, view: 'all' }, NO_FILTERS)).toEqual({ limit: 50 });
    expect(filtersSet(NO_FILTERS)).toBe(0);
  });

  it('take the last day whole', () => {
    const { createdFrom = '', createdTo = '' } = queryOf(root, { ...NO_FILTERS, from: '2026-11-21', to: '2026-11-21' });
    expect(Date.parse(createdTo) - Date.parse(createdFrom)).toBe(86_400_000);
  });

  it('say what a new file belongs into', () => {
    expect(belongs(file, root, { ...NO_FILTERS, name: 'lea' })).toBe(true);
    expect(belongs(file, root, { ...NO_FILTERS, status: 'rejected' })).toBe(false);
    expect(belongs(file, { ...root, folderId: 'another' }, NO_FILTERS)).toBe(false);
    expect(belongs(file, { ...root, view: 'quarantine' }, NO_FILTERS)).toBe(false);
  });
});
