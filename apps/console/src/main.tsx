import './styles/main.css';
import { render } from 'preact';
import { Boot } from './frame/boot.js';
import { followAddress } from './frame/place.js';
import { loadSettings } from './session/settings.js';
import { startSession } from './session/start-session.js';

async function main(): Promise<void> {
  const root = document.querySelector('#console');
  if (root === null) return;
  try {
    const settings = await loadSettings();
    const start = await startSession(settings);
    followAddress();
    render(<Boot start={start} settings={settings} />, root);
  } catch (error) {
    render(
      <p class="splash">The console cannot start: {error instanceof Error ? error.message : String(error)}</p>,
      root,
    );
  }
}

void main();
