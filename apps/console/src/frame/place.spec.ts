import { hashOf, placeIn, type Place } from './place.js';

describe('the address', () => {
  const places: Place[] = [
    { view: 'folder', folderId: null, fileId: undefined },
    { view: 'folder', folderId: 'f-1', fileId: 'x y' },
    { view: 'all', folderId: null, fileId: undefined },
    { view: 'quarantine', folderId: null, fileId: 'z' },
  ];
  it.each(places)('of %j says where one is', (place) => {
    expect(placeIn(hashOf(place))).toEqual(place);
  });

  it('leads to the root when it says nothing we know', () => {
    expect(placeIn('#/nowhere')).toEqual({ view: 'folder', folderId: null, fileId: undefined });
  });
});
