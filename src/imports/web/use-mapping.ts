import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { type AnyMapping, type Import, mapImport, type PlaceSaid } from "../contract.ts";
import { takeFresh } from "./queries.ts";
import { missingField } from "./words.ts";

const settleMs = 450;

export interface MappingDraft {
  mapping: AnyMapping;
  change: (next: AnyMapping) => void;
  /** Reads another place of the workbook, or several sheets as one: what their columns mean is guessed by the server. */
  choosePlace: (place: PlaceSaid) => void;
  /** Tries the mapping out again as it is. */
  retry: () => void;
  /** The server has not heard of the last change yet. */
  pending: boolean;
  error: unknown;
}

/**
 * What the columns mean, as it stands on the page. Each change is tried out by the server a moment later: a dry run
 * that changes nothing. A file that has just arrived is tried out by itself, with what was guessed.
 */
export function useMapping(file: Import): MappingDraft {
  const { id: company, may } = useCompany();
  const client = useQueryClient();
  const [mapping, setMapping] = useState<AnyMapping>(() => file.mapping ?? nothingSaid(file));
  const isNew = file.state === "uploaded" && may("imports.run");
  // Changes are counted: what is wanted and what was sent for the last time.
  const [wanted, setWanted] = useState(isNew ? 1 : 0);
  const [sent, setSent] = useState(0);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: AnyMapping) => call(mapImport, { params: { company, import: file.id }, body }),
    onMutate: () => client.cancelQueries({ queryKey: ["import", company, file.id] }),
    onSuccess: (fresh) => takeFresh(client, company, fresh),
  });
  const retry = () => setWanted((count) => count + 1);
  const [guessing, setGuessing] = useState(false);
  const answered = guessing && wanted === sent && !isPending && file.state !== "checking";
  if (answered) {
    setGuessing(false);
    if (!error && file.mapping) setMapping(file.mapping);
  }
  const ready = guessing || missingField(file.subject, mapping) === undefined;
  useEffect(() => {
    // One at a time: the order of the answers is that of the questions.
    if (wanted === sent || isPending || !ready) return;
    const timer = setTimeout(
      () => {
        setSent(wanted);
        mutate(mapping);
      },
      sent === 0 && isNew ? 0 : settleMs,
    );
    return () => clearTimeout(timer);
  }, [wanted, mapping, sent, isPending, ready, isNew, mutate]);
  return {
    mapping,
    change(next) {
      setMapping(next);
      retry();
    },
    choosePlace(place) {
      const unsaid = { columns: {}, sheet: undefined, sheets: undefined, headerRow: undefined, dateOrder: undefined };
      setMapping({ ...mapping, ...unsaid, ...place } as AnyMapping);
      setGuessing(true);
      retry();
    },
    retry,
    pending: isPending || (wanted !== sent && ready),
    error,
  };
}

function nothingSaid({ subject }: Import): AnyMapping {
  return { layout: subject === "requests" ? "requests" : "list", columns: {} };
}
