import { useId, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icon.js';

export interface MenuItem {
  readonly label: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

/** A button with a menu (WAI-ARIA menu button): arrows move, Enter chooses, Escape closes and gives the focus back. */
export function Menu({
  label,
  icon,
  items,
}: {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const show = ({ newState }: { readonly newState: string }) => {
    if (newState !== 'open' || button.current === null || menu.current === null) return;
    placeBelow(menu.current, button.current.getBoundingClientRect());
    entries(menu.current)[0]?.focus();
  };
  return (
    <>
      <button ref={button} type="button" class="icon-button" aria-label={label} aria-haspopup="menu" popovertarget={id}>
        <Icon name={icon} />
      </button>
      <div
        ref={menu}
        id={id}
        class="menu"
        role="menu"
        aria-label={label}
        popover="auto"
        onToggle={show}
        onKeyDown={moveFocus}
      >
        {items.map(({ label: text, danger, disabled, onSelect }) => (
          <button
            key={text}
            type="button"
            role="menuitem"
            tabIndex={-1}
            class={danger === true ? 'danger-text' : ''}
            disabled={disabled}
            onClick={() => {
              menu.current?.hidePopover();
              onSelect();
            }}
          >
            {text}
          </button>
        ))}
      </div>
    </>
  );
}

const entries = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')];

function placeBelow(menu: HTMLElement, anchor: DOMRect): void {
  const { offsetWidth, offsetHeight } = menu;
  const below = anchor.bottom + offsetHeight + 8 < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(anchor.right - offsetWidth, innerWidth - offsetWidth - 8))}px`;
  menu.style.top = `${below ? anchor.bottom + 4 : Math.max(8, anchor.top - offsetHeight - 4)}px`;
}

function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const all = entries(event.currentTarget);
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  all[to % all.length]?.focus();
}
