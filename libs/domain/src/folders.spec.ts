import { folderNameProblem } from './folders.js';

it.each(['a', 'Дело № 7', '...', 'a\\b', 'x'.repeat(255), '😀'.repeat(255)])('%p names a folder', (name) => {
  expect(folderNameProblem(name)).toBeNull();
});

it.each(['', '.', '..', 'a/b', 'a\0', 'a\nb', ' a', 'a\u00a0', 'x'.repeat(256), '\ud800'])('%p names none', (name) => {
  expect(folderNameProblem(name)).toEqual(expect.any(String));
});
