import { collect, sha256, type ObjectStoreBench } from './object-store.bench.js';

const FIRST = Buffer.from('the scanned bytes');
const SPEC = {
  contentType: 'application/pdf',
  contentDisposition: 'attachment; filename="a.pdf"',
  size: FIRST.length,
  sha256: sha256(FIRST),
};

export function promotionConformance(bench: () => ObjectStoreBench): void {
  it('copies the pinned version, not the newer one, with the type and disposition of the server', async () => {
    const { store } = bench();
    const pinned = await bench().put(FIRST);
    await bench().put('swapped after the scan', pinned.key);
    const mainKey = bench().newKey();
    expect(await store.promote(pinned, mainKey, SPEC)).toMatchObject({ size: FIRST.length, existed: false });
    expect(await bench().read(store.open({ bucket: 'main', key: mainKey }))).toEqual(FIRST);
    expect(await store.head({ bucket: 'main', key: mainKey })).toMatchObject({
      contentType: SPEC.contentType,
      contentDisposition: SPEC.contentDisposition,
      metadata: { sha256: SPEC.sha256 },
    });
  });

  it('copies the same in one go, to a key nobody wrote to before, when it knows the ETag', async () => {
    const { store } = bench();
    const pinned = await bench().put(FIRST);
    const etag = (await store.head(pinned))?.etag ?? '';
    await bench().put('swapped after the scan', pinned.key);
    const mainKey = bench().newKey();
    const spec = { ...SPEC, etag, destination: 'unwritten' } as const;
    expect(await store.promote(pinned, mainKey, spec)).toMatchObject({ size: FIRST.length, existed: false });
    expect(await bench().read(store.open({ bucket: 'main', key: mainKey }))).toEqual(FIRST);
    expect(await store.head({ bucket: 'main', key: mainKey })).toMatchObject({
      contentType: SPEC.contentType,
      contentDisposition: SPEC.contentDisposition,
      metadata: { sha256: SPEC.sha256 },
    });
  });

  it('verifies a destination that is there and never overwrites it', async () => {
    const { store } = bench();
    const pinned = await bench().put(FIRST);
    const other = await bench().put('other bytes');
    const mainKey = bench().newKey();
    await store.promote(pinned, mainKey, SPEC);
    expect(await store.promote(pinned, mainKey, SPEC)).toMatchObject({ existed: true });
    await expect(store.promote(other, mainKey, SPEC)).rejects.toMatchObject({ code: 'CONFLICT' });
    const otherDigest = { ...SPEC, sha256: sha256(Buffer.from('other bytes')) };
    await expect(store.promote(pinned, mainKey, otherDigest)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await bench().read(store.open({ bucket: 'main', key: mainKey }))).toEqual(FIRST);
  });

  it('needs no staging version when the destination is there already', async () => {
    const { store } = bench();
    const pinned = await bench().put(FIRST);
    const mainKey = bench().newKey();
    await store.promote(pinned, mainKey, SPEC);
    await store.deleteStaging(pinned.key);
    expect(await store.promote(pinned, mainKey, SPEC)).toMatchObject({ existed: true });
  });

  it('copies nothing of a version that is gone', async () => {
    const { store } = bench();
    const pinned = await bench().put(FIRST);
    const mainKey = bench().newKey();
    await store.deleteStaging(pinned.key);
    await expect(store.promote(pinned, mainKey, SPEC)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await store.head({ bucket: 'main', key: mainKey })).toBeNull();
  });

  it('copies two at once to one whole object', async () => {
    const { store } = bench();
    const pinned = await bench().put(FIRST);
    const mainKey = bench().newKey();
    await Promise.all([store.promote(pinned, mainKey, SPEC), store.promote(pinned, mainKey, SPEC)]);
    expect(await bench().read(store.open({ bucket: 'main', key: mainKey }))).toEqual(FIRST);
    expect(await collect(store.listMain(mainKey))).toMatchObject([{ key: mainKey, size: FIRST.length }]);
  });
}
