/** What the gateway says at `config.json` before anybody signed in. */
export interface Settings {
  readonly apiUrl: string;
  readonly clientId: string;
  readonly scope: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
}

export async function loadSettings(): Promise<Settings> {
  const answer = await fetch('config.json', { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`config.json answered ${answer.status}`);
  return (await answer.json()) as Settings;
}

/** The redirect URI; the authorization server knows exactly it. */
export const pageUrl = (settings: Settings): string => `${settings.apiUrl}/console/`;
