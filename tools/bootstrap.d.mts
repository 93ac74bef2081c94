export function bootstrap(entry: string): Promise<void>;
export function installIsStale(folder: string): boolean;
