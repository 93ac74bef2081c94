import { Icon, type IconName } from './icon.js';

/** A button that shows a picture and says its words to those who cannot see it, and on hover. */
export function IconButton({
  icon,
  label,
  onClick,
  expanded,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: (event: MouseEvent) => void;
  readonly expanded?: boolean;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
