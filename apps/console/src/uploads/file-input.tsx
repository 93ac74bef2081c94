import { useRef } from 'preact/hooks';
import { attempt } from '../frame/attempt.js';
import { Icon } from '../ui/icon.js';
import { canPick, type Chosen, pick, selected } from './chosen.js';

/** A button that lets one choose files: by the dialog whose files can be opened again where there is one, else by an input. */
export function FileInput({
  label,
  onChosen,
  primary = false,
}: {
  readonly label: string;
  readonly onChosen: (chosen: Chosen[]) => void;
  readonly primary?: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  const choose = () => {
    if (canPick()) void attempt(async () => onChosen(await pick()));
    else input.current?.click();
  };
  return (
    <>
      <button type="button" class={`button ${primary ? 'primary' : ''}`} onClick={choose}>
        <Icon name="upload" />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          onChosen(selected(currentTarget.files));
          currentTarget.value = '';
        }}
      />
    </>
  );
}
