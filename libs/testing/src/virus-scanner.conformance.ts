import { EICAR } from './eicar.js';
import { buildZip } from './zip-builder.js';

/** The shape of the port, spelled out so that this library needs no app. */
export interface ScannerUnderTest {
  readonly available: boolean;
  open(signal: AbortSignal): Promise<{
    readonly settled: { kind: string } | undefined;
    write(chunk: Uint8Array): Promise<void>;
    end(): Promise<{ kind: string }>;
    close(): void;
  }>;
  whenAvailable(signal: AbortSignal): Promise<void>;
  version(signal: AbortSignal): Promise<{ engine: string }>;
}

/** What every antivirus adapter must do, against a live engine that knows the EICAR signature. */
export function virusScannerConformance(factory: () => ScannerUnderTest | Promise<ScannerUnderTest>): void {
  describe('a VirusScanner', () => {
    let scanner: ScannerUnderTest;
    const forever = new AbortController().signal;
    beforeAll(async () => {
      scanner = await factory();
    });

    async function scan(chunks: Uint8Array[]): Promise<{ kind: string }> {
      const session = await scanner.open(forever);
      for (const chunk of chunks) await session.write(chunk);
      return session.end();
    }

    it('calls harmless bytes clean and counts them', async () => {
      const verdict = await scan([Buffer.from('hello '), Buffer.from('world')]);
      expect(verdict).toEqual({ kind: 'clean', bytes: 11, coverage: 'full' });
    });

    it('names what it finds, however the stream is cut into chunks', async () => {
      const bytes = [...Buffer.from(EICAR, 'latin1')].map((byte) => Uint8Array.of(byte));
      const infected = { kind: 'infected', signature: expect.stringContaining('Eicar') as string };
      expect(await scan(bytes)).toEqual(infected);
      expect(await scan([Buffer.from(EICAR, 'latin1')])).toEqual(infected);
    });

    it('looks into archives', async () => {
      const zip = buildZip([{ name: 'a.txt', data: Buffer.from(EICAR, 'latin1') }]);
      expect((await scan([zip])).kind).toBe('infected');
    });

    it('takes no empty chunk for the end', async () => {
      const verdict = await scan([new Uint8Array(0), Buffer.from('abcdef'), new Uint8Array(0)]);
      expect(verdict).toEqual({ kind: 'clean', bytes: 6, coverage: 'full' });
    });

    it('scans many streams at once', async () => {
      const verdicts = await Promise.all(
        Array.from({ length: 20 }, (_, i) => scan([Buffer.alloc(100_000, i), Buffer.from(i % 2 ? EICAR : 'fine')])),
      );
      expect(verdicts.map((verdict) => verdict.kind)).toEqual(verdicts.map((_, i) => (i % 2 ? 'infected' : 'clean')));
    });

    it('rejects with the reason of the signal and frees the place', async () => {
      const reason = new Error('enough');
      for (let i = 0; i < 20; i += 1) {
        const controller = new AbortController();
        const session = await scanner.open(controller.signal);
        await session.write(Buffer.from('half'));
        controller.abort(reason);
        await expect(session.end()).rejects.toBe(reason);
      }
      await expect(scanner.open(AbortSignal.abort(reason))).rejects.toBe(reason);
      expect((await scan([Buffer.from('still there')])).kind).toBe('clean');
    });

    it('gives no verdict for a stream that was closed, and frees the place', async () => {
      for (let i = 0; i < 20; i += 1) {
        const session = await scanner.open(forever);
        await session.write(Buffer.from('half'));
        session.close();
        expect((await session.end()).kind).toBe('retry');
      }
      expect((await scan([Buffer.from('still there')])).kind).toBe('clean');
    });

    it('is available and says which engine it is', async () => {
      await scanner.whenAvailable(forever);
      expect(scanner.available).toBe(true);
      expect((await scanner.version(forever)).engine).toMatch(/\d/);
    });
  });
}
