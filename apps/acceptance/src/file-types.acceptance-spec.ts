import { buildZip } from '@custody/testing';
import type { Client } from './harness/client.js';
import { pdfFile, pngFile } from './harness/samples.js';
import { System } from './harness/system.js';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** What a browser may run, or take for a page, when it is served under it. */
const EXECUTABLE = /html|xml|svg|script|ecmascript/;

describe('file types', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'file-types' });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  const png = pngFile();

  it('M32 lists the catalogue with limits, disposition and thumbnails', async () => {
    const { status, body } = await client.call('GET', '/v1/file-types');
    expect(status).toBe(200);
    const types = new Map((body.items as { id: string }[]).map((type) => [type.id, type]));
    expect(types.get('png')).toEqual({
      ...{ id: 'png', mimeType: 'image/png', category: 'image', disposition: 'inline' },
      ...{ extensions: ['png'], maxSize: 10 * 1024 ** 2, thumbnails: [128, 512] },
    });
    expect(types.get('svg')).toMatchObject({ disposition: 'attachment', thumbnails: [] });
    expect(types.get('binary')).toMatchObject({ mimeType: 'application/octet-stream', disposition: 'attachment' });
  });

  it('M32 the type decides the extension on download, by URL and by the content door', async () => {
    const fileId = await client.upload(pdfFile(), { mimeType: 'application/pdf', filename: 'report.exe' });
    await client.until(fileId, 'available');
    const linked = await fetch((await client.downloadUrl(fileId, { attachment: true })).body.url);
    const streamed = await client.call('HEAD', `/v1/files/${fileId}/content`);
    for (const { headers } of [linked, streamed])
      expect(headers.get('content-disposition')).toMatch(/filename="report\.exe\.pdf"/);
    expect((await client.file(fileId)).body.filename).toBe('report.exe');
  });

  it.each([
    ['an exe as pdf', Buffer.from('MZ'.padEnd(2048, '\0')), 'application/pdf'],
    ['an svg as png', svg, 'image/png'],
    ['an svg with declaration as png', Buffer.concat([Buffer.from('<?xml version="1.0"?>'), svg]), 'image/png'],
    ['xml as pdf', Buffer.from('<?xml version="1.0"?><a/>'), 'application/pdf'],
    ['a macro document as docx', wordDocument('application/vnd.ms-word.document.macroEnabled.main+xml'), DOCX],
    ['html as jpeg', Buffer.from('<html><script>alert(1)</script></html>'), 'image/jpeg'],
  ])('S19 refuses %s', async (_, bytes, mimeType) => {
    const staged = await client.staged(bytes, { mimeType, filename: 'a' });
    expect(await client.confirm(staged.body.fileId)).toMatchObject({
      status: 422,
      body: { code: 'MIME_TYPE_MISMATCH' },
    });
    expect(await client.until(staged.body.fileId, 'rejected')).toMatchObject({
      rejectReason: 'mime_mismatch',
      url: null,
    });
  });

  it('S19 stores a macro document under its own type as octet-stream, and rejects a PDF that needs a password', async () => {
    const macro = await client.upload(wordDocument('application/vnd.ms-word.document.macroEnabled.main+xml'), {
      mimeType: 'application/vnd.ms-word.document.macroEnabled.12',
      filename: 'a.docm',
    });
    const secret = await client.upload(passwordPdf(), { mimeType: 'application/pdf', filename: 'a.pdf' });
    expect((await client.until(macro, 'available')).mimeType).toBe('application/octet-stream');
    await expectInert(macro);
    expect(await client.until(secret, 'rejected')).toMatchObject({ rejectReason: 'unscannable' });
  });

  it('M10 takes honest documents: a docx is a zip, SVG needs no XML declaration, neither is shown', async () => {
    const files = await Promise.all([
      client.upload(wordDocument(`${DOCX}.main+xml`), { mimeType: DOCX, filename: 'a.docx' }),
      client.upload(svg, { mimeType: 'image/svg+xml', filename: 'a.svg' }),
    ]);
    for (const fileId of files) {
      await client.until(fileId, 'available');
      await expectInert(fileId);
    }
  });

  it.each([
    ['GIF/JS', gifScript(), 'image/gif', 'a.js'],
    ['GIF/JS called text', gifScript(), 'text/javascript', 'a.js'],
    ['HTML/JPEG', jpegPage(), 'image/jpeg', 'a.html'],
    ['HTML/JPEG called a page', jpegPage(), 'text/html', 'a.html'],
    [
      'PDF/ZIP',
      Buffer.concat([pdfFile(), buildZip([{ name: 'a.html', data: Buffer.from('<script>') }])]),
      'application/pdf',
      'a.zip',
    ],
    [
      'PNG with a page behind it',
      Buffer.concat([png, Buffer.from('<html><script>alert(1)</script>')]),
      'image/png',
      'a.html',
    ],
  ])('S20 %s is never served executable', async (_, bytes, mimeType, filename) => {
    const staged = await client.staged(bytes, { mimeType, filename });
    await client.confirm(staged.body.fileId);
    const { fileId } = staged.body as { fileId: string };
    const file = await system.eventually('it has ended', async () => {
      const { body } = await client.file(fileId);
      return body.status === 'pending_scan' ? undefined : (body as { status: string });
    });
    // Either refused as ambiguous, or served as nothing that runs.
    if (file.status === 'available') await expectInert(fileId);
    else expect(file).toMatchObject({ rejectReason: expect.stringMatching(/mime_mismatch|unscannable/) });
  });

  /** No door serves the bytes under a type that runs; the content door forbids guessing another. */
  async function expectInert(fileId: string): Promise<void> {
    const linked = await fetch((await client.downloadUrl(fileId, { attachment: false })).body.url);
    const streamed = await client.call('HEAD', `/v1/files/${fileId}/content`);
    for (const { headers } of [linked, streamed]) {
      const type = headers.get('content-type') ?? '';
      expect(type).not.toMatch(EXECUTABLE);
      if (!/^(image|application\/pdf)/.test(type)) expect(headers.get('content-disposition')).toMatch(/^attachment/);
    }
    expect(streamed.headers.get('x-content-type-options')).toBe('nosniff');
    expect(streamed.headers.get('content-security-policy')).toContain('sandbox');
  }
});

/** The three parts every Word document has (ECMA-376, 11.2), with the given type of its main part. */
function wordDocument(mainType: string): Buffer {
  const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="${mainType}"/></Types>`;
  return buildZip([
    { name: '[Content_Types].xml', data: Buffer.from(types) },
    { name: '_rels/.rels', data: Buffer.from('<?xml version="1.0"?><Relationships/>') },
    { name: 'word/document.xml', data: Buffer.from('<?xml version="1.0"?><document/>') },
  ]);
}

/** A GIF whose header opens a comment in JavaScript: `GIF89a/*…*\/=1;alert(1)`. */
function gifScript(): Buffer {
  const image = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  return Buffer.concat([Buffer.from('GIF89a/*'), image.subarray(8), Buffer.from('*/=1;alert(1)//')]);
}

/** JPEG markers with a page in a comment segment. */
function jpegPage(): Buffer {
  const page = Buffer.from('<html><script>alert(1)</script></html>');
  const comment = Buffer.from([0xff, 0xfe, 0, page.length + 2]);
  const jfif = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, ...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  return Buffer.concat([jfif, comment, page, Buffer.from([0xff, 0xd9])]);
}

/** A PDF under a user password (ISO 32000-1, 7.6.3): the empty password does not open it. */
function passwordPdf(): Buffer {
  const hex = (byte: string, count: number) => `<${byte.repeat(count)}>`;
  const id = `/ID [${hex('01', 16)} ${hex('01', 16)}]`;
  const encrypt = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O ${hex('ab', 32)} /U ${hex('cd', 32)} >> ${id}`;
  return Buffer.from(pdfFile().toString('latin1').replace('/Root 1 0 R', `/Root 1 0 R ${encrypt}`), 'latin1');
}
