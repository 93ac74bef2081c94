import { ScannerUnavailable, type VirusScanner } from '../antivirus/virus-scanner.js';

const ASK_MS = 5_000;

/** As many claims as configured, but no more than the engine scans at a time: the others would wait with a lease in hand. */
export async function concurrencyFor(scanner: VirusScanner, configured: number): Promise<number> {
  try {
    return Math.min(configured, await scanner.capacity(AbortSignal.timeout(ASK_MS)));
  } catch (error) {
    // Started before its engine: the scanner keeps to the engine's limit by itself once it answers.
    if (error instanceof ScannerUnavailable) return configured;
    throw error;
  }
}
