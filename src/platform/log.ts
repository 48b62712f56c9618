/** One line of JSON per happening: ids, never content or secrets. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Line breaks in values would forge lines: JSON escapes them. */
export function createLog(write: (line: string) => void = (line) => void process.stderr.write(`${line}\n`)): Log {
  const at = (level: string) => (message: string, fields: LogFields = {}) =>
    write(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }));
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

export const silentLog: Log = createLog(() => {});
