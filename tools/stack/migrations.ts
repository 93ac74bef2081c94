/** placeholder until the runner lands */
export async function migrate(_url: string, _folder: string): Promise<void> {}
