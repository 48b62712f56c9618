import { useEffect, useState, useSyncExternalStore } from "react";
import { upload } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { type Attachment, uploadAttachment } from "../contract-attachments.ts";
import { arrivedOf, type GivenFile, GivenFiles, stillKept } from "./given-files.ts";

export interface Files {
  files: readonly GivenFile[];
  given: GivenFiles;
  /** For the body of the entry; undefined: none. */
  ids: string[] | undefined;
  /** Some are still on their way. */
  sending: boolean;
  /** Some did not arrive: they are sent again or taken off before the entry goes. */
  failed: boolean;
}

/** The files given to one form; what has arrived is kept in its draft. */
export function useFiles(kept: readonly Attachment[] | undefined, keep: (arrived: Attachment[]) => void): Files {
  const { id: company } = useCompany();
  const [given] = useState(
    () =>
      new GivenFiles(
        (file, options) =>
          upload(uploadAttachment, { params: { company }, query: { fileName: file.name } }, file, options),
        stillKept(kept, Date.now()),
        keep,
      ),
  );
  const files = useSyncExternalStore(given.subscribe, given.snapshot);
  const sending = files.some((one) => !one.attachment && !one.error);
  useEffect(() => {
    if (!sending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [sending]);
  const arrived = arrivedOf(files);
  const ids = arrived.length > 0 ? arrived.map(({ id }) => id) : undefined;
  return { files, given, ids, sending, failed: files.some((one) => one.error !== undefined) };
}

/**
 * Sends a form once its files have arrived: pressed while one is under way, it goes by itself when the last is there.
 * @returns what the button calls, whether it waits, and whether it was pressed
 */
export function useWhenArrived(
  { sending, failed }: Files,
  send: () => void,
): {
  submit: () => void;
  waiting: boolean;
  /** It was to be sent. */
  tried: boolean;
} {
  const [waiting, setWaiting] = useState(false);
  const [tried, setTried] = useState(false);
  const go = waiting && !sending;
  useEffect(() => {
    if (!go) return;
    setWaiting(false);
    if (!failed) send();
    // What is sent is what stands there when the last file arrives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [go]);
  const submit = () => {
    setTried(true);
    if (sending) setWaiting(true);
    else if (!failed) send();
  };
  return { submit, waiting, tried };
}
