import { useSignal, useSignalEffect } from '@preact/signals';
import { say } from './toasts.js';
import { signOut } from '../session/start-session.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu } from '../ui/menu.js';
import { switchTheme, theme } from './theme.js';
import { useWorkspace, type Workspace } from './workspace.js';

const SEARCH_AFTER_MS = 250;

export function Header({ onMenu, menuOpen }: { readonly onMenu: () => void; readonly menuOpen: boolean }) {
  return (
    <header class="top">
      <span class="only-narrow">
        <IconButton icon="menu" label="Folders" expanded={menuOpen} onClick={onMenu} />
      </span>
      <a class="brand" href="#/">
        <img src="icon.svg" alt="" width="28" height="28" />
        <span>Custody</span>
      </a>
      <Search />
      <span class="top-end">
        <Connection />
        <IconButton
          icon={theme.value === 'dark' ? 'sun' : 'moon'}
          label={theme.value === 'dark' ? 'Light theme' : 'Dark theme'}
          onClick={switchTheme}
        />
        <Account />
      </span>
    </header>
  );
}

function Search() {
  const { filters } = useWorkspace();
  const typed = useSignal(filters.value.name);
  useSignalEffect(() => {
    const name = typed.value.trim();
    const timer = setTimeout(() => {
      if (name !== filters.peek().name) filters.value = { ...filters.peek(), name };
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return (
    <search class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label="Search by the beginning of the name"
        placeholder="Search by name"
        value={typed.value}
        onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
      />
    </search>
  );
}

function Account() {
  const workspace = useWorkspace();
  const { session } = workspace;
  const who = session.who.value;
  const copyId = () => {
    void navigator.clipboard.writeText(who?.userId ?? '').then(() => say('Your user id is in the clipboard.'));
  };
  return (
    <span class="account">
      <span class="account-name">
        {who?.name}
        <small>{roleOf(workspace)}</small>
      </span>
      <Menu
        label="Account"
        icon="down"
        items={[
          { label: 'Copy my user id', onSelect: copyId },
          { label: 'Sign out', onSelect: signOut },
        ]}
      />
    </span>
  );
}

/** By what the token allows; the service knows no roles. */
function roleOf(workspace: Workspace): string {
  if (workspace.isAdmin) return 'Administrator';
  return workspace.may('files:write') ? 'Case worker' : 'May only look';
}

/** Says so when events do not come; a moment without them is nothing. */
function Connection() {
  const { live } = useWorkspace();
  return (
    <span class="connection" role="status">
      {!live.connected.value && <span>Reconnecting…</span>}
    </span>
  );
}
