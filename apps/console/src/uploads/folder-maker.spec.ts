import type { Folder } from '@custody/sdk';
import { FolderMaker } from './folder-maker.js';

describe('folders of a drop', () => {
  it('are made once each, from the top down', async () => {
    const asked: string[] = [];
    const ensure = (name: string, parentId: string | null) => {
      asked.push(`${parentId ?? 'root'}/${name}`);
      return Promise.resolve({ folderId: `id of ${name}` } as Folder);
    };
    const maker = new FolderMaker({ ensure });
    const ids = await Promise.all([
      maker.make(['case', 'photos'], null),
      maker.make(['case'], null),
      maker.make(['case', 'photos'], null),
      maker.make([], 'here'),
    ]);
    expect(ids).toEqual(['id of photos', 'id of case', 'id of photos', 'here']);
    expect(asked.sort()).toEqual(['id of case/photos', 'root/case']);
  });
});
