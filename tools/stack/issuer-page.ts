import type { Person } from './issuer-people.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);

/** The page to pick a person on; `linkFor` leads back to `/authorize` as that person. */
export function signInPage(people: readonly Person[], linkFor: (person: Person) => string): string {
  const groups = [...new Set(people.map(({ organisation }) => organisation))].map((organisation) => {
    const items = people.filter((person) => person.organisation === organisation).map((one) => item(one, linkFor(one)));
    return `<h2>${escape(organisation)}</h2><ul>${items.join('')}</ul>`;
  });
  return page(
    'Sign in',
    `<p>This is the token issuer of a local stack. Nobody here is real: pick who you want to be.</p>${groups.join('')}`,
  );
}

export function refusalPage(reason: string): string {
  return page('This sign-in cannot go on', `<p>${escape(reason)}</p>`);
}

function item({ name, role }: Person, link: string): string {
  const initials = name.replace(/(\p{Lu})\p{L}*\s*/gu, '$1');
  return `<li><a href="${escape(link)}"><b aria-hidden="true">${escape(initials)}</b><span>${escape(name)}<small>${escape(role)}</small></span></a></li>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style><main><h1>${title}</h1>${body}</main></html>`;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f4f5f7, #14171c); color: light-dark(#1b2027, #e8eaee); }
main { max-width: 25rem; margin: 8vh auto; padding: 2rem; border-radius: 16px; background: light-dark(#fff, #1d2128);
  box-shadow: 0 1px 2px #0002, 0 12px 40px #0001; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: .8rem; margin: 1.5rem 0 .25rem; color: light-dark(#5a6472, #9aa4b2); }
p { margin: 0; color: light-dark(#5a6472, #9aa4b2); }
ul { list-style: none; margin: 0 -.75rem; padding: 0; }
a { display: flex; gap: .75rem; align-items: center; padding: .6rem .75rem; border-radius: 10px; color: inherit; text-decoration: none; }
a:hover { background: light-dark(#eef1f6, #272c35); }
a:focus-visible { outline: 2px solid light-dark(#1f5fd0, #8ab4ff); }
b { width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center; font-size: .85rem;
  background: light-dark(#dfe8fa, #2c3a55); color: light-dark(#123c8c, #c9dbff); }
small { display: block; color: light-dark(#5a6472, #9aa4b2); }
@media (max-width: 30rem) { main { margin: 0; min-height: 100vh; box-sizing: border-box; border-radius: 0; } }
`;
