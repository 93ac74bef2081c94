import { jest } from '@jest/globals';
import { configurationOrExit, loadNotifierConfig } from './index.js';

afterEach(() => jest.restoreAllMocks());

/** Only the two calls that would end the test run itself are replaced. */
const watchProcess = () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exited');
  });
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  return { exit, stderr };
};

it('ends the process with code 78 and the whole complaint on stderr', () => {
  const { exit, stderr } = watchProcess();
  expect(() => configurationOrExit(() => loadNotifierConfig({ PORT: 'x' }))).toThrow('exited');
  expect(exit).toHaveBeenCalledWith(78);
  expect(stderr.mock.calls[0]?.[0]).toMatch(/^notifier cannot start.*\(5\):\n {2}PORT .*\n {2}DATABASE_URL /);
});

it('passes on what is not about configuration', () => {
  const { exit } = watchProcess();
  const defect = new TypeError('defect');
  expect(() =>
    configurationOrExit(() => {
      throw defect;
    }),
  ).toThrow(defect);
  expect(exit).not.toHaveBeenCalled();
});
