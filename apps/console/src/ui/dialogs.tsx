import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import { problemWords } from '../words/problems.js';
import { Dialog } from './dialog.js';

const open = signal<ComponentChild>(undefined);

/** Shows a dialog in place of the one that is open. */
export function openDialog(dialog: ComponentChild): void {
  open.value = dialog;
}

/** By the browser's own way, which gives the focus back to where it was; its `close` event comes here again. */
export function closeDialog(): void {
  const shown = document.querySelector('dialog[open]');
  if (shown instanceof HTMLDialogElement) shown.close();
  else open.value = undefined;
}

export function OpenDialog() {
  return <>{open.value}</>;
}

/** What a question does; it stays open and says why when that fails. */
interface Question {
  readonly title: string;
  readonly text?: string;
  readonly confirm: string;
  readonly danger?: boolean;
  /** absent: nothing to type */
  readonly label?: string;
  readonly value?: string;
  readonly multiline?: boolean;
  readonly onConfirm: (text: string) => Promise<unknown>;
}

export function ask(question: Question): void {
  openDialog(<QuestionDialog key={question.title} {...question} />);
}

function QuestionDialog({ title, text, confirm, danger, label, value = '', multiline, onConfirm }: Question) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('text');
    setBusy(true);
    try {
      await onConfirm(typeof typed === 'string' ? typed.trim() : '');
      closeDialog();
    } catch (error) {
      setProblem(problemWords(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={closeDialog}>
      <form onSubmit={submit}>
        {text !== undefined && <p>{text}</p>}
        {label !== undefined && <Field label={label} value={value} multiline={multiline === true} />}
        {problem !== '' && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <footer>
          <button type="button" class="button" onClick={closeDialog}>
            Cancel
          </button>
          <button type="submit" class={`button ${danger === true ? 'danger' : 'primary'}`} disabled={busy}>
            {confirm}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Field(props: { readonly label: string; readonly value: string; readonly multiline: boolean }) {
  const { label, value, multiline } = props;
  return (
    <label class="field">
      {label}
      {multiline ? (
        <textarea name="text" autofocus rows={3} maxLength={1000} required />
      ) : (
        <input name="text" autofocus defaultValue={value} maxLength={255} required autoComplete="off" />
      )}
    </label>
  );
}
