/** One line of JSON per happening: ids, never content or secrets. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Line breaks in values would forge lines: JSON escapes them. A terminal gets the same in words. */
export function createLog(write?: (line: string) => void): Log {
  const toStderr = (line: string) => void process.stderr.write(`${line}\n`);
  const forPeople = write === undefined && process.stderr.isTTY;
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      const time = new Date().toISOString();
      if (forPeople) return toStderr(inWords(time, level, message, fields));
      (write ?? toStderr)(JSON.stringify({ time, level, message, ...fields }));
    };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

function inWords(time: string, level: string, message: string, fields: LogFields): string {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  const words = known.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [time.slice(11, 19), ...(level === "info" ? [] : [level]), message, ...words].join(" ");
}

export const silentLog: Log = createLog(() => {});
