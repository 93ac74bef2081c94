/** One variable of the running stack's env file; an Error naming it when the file was not sourced. */
export function stackEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: source the env file of a running stack`);
  return value;
}
