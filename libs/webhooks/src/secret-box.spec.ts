import { randomBytes } from 'node:crypto';
import { SecretBox } from './secret-box.js';

const key = () => randomBytes(32).toString('base64');

describe('SecretBox', () => {
  it('opens what it sealed, never twice the same text, and shows nothing of it', () => {
    const box = new SecretBox([key()]);
    const sealed = box.seal('whsec_secret', 'tenant/endpoint');
    expect(box.open(sealed, 'tenant/endpoint')).toBe('whsec_secret');
    expect(sealed).toMatch(/^[0-9a-f]{8}\.[\w-]+$/);
    expect(box.seal('whsec_secret', 'tenant/endpoint')).not.toBe(sealed);
    expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64url').toString()).not.toContain('whsec');
  });

  it('opens nothing that was moved to another row, or changed', () => {
    const box = new SecretBox([key()]);
    const sealed = box.seal('whsec_secret', 'tenant/endpoint');
    expect(() => box.open(sealed, 'tenant/other')).toThrow();
    const at = sealed.length - 5;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(() => box.open(changed, 'tenant/endpoint')).toThrow();
    expect(() => box.open(`${sealed.slice(0, 9)}AAAA`, 'tenant/endpoint')).toThrow();
  });

  it('changes its key: the first seals, all open', () => {
    const [old, fresh] = [key(), key()];
    const sealed = new SecretBox([old]).seal('whsec_secret', 'o');
    const box = new SecretBox([fresh, old]);
    expect(box.open(sealed, 'o')).toBe('whsec_secret');
    expect(new SecretBox([fresh]).open(box.seal('whsec_secret', 'o'), 'o')).toBe('whsec_secret');
    expect(() => new SecretBox([fresh]).open(sealed, 'o')).toThrow(/not configured/);
  });

  it('takes no key of another length', () => {
    expect(() => new SecretBox(['c2hvcnQ='])).toThrow(TypeError);
    expect(() => new SecretBox([])).toThrow(TypeError);
  });
});
