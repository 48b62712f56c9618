import { useRef } from "react";
import { randomKey } from "./call.ts";

/**
 * The Idempotency-Key of a form: the same for the same content, so that pressing the button again after a lost answer
 * cannot do it twice, and a new one once the content has changed or was sent.
 */
export function useSubmissionKey(): { keyFor: (content: unknown) => string; done: () => void } {
  const kept = useRef<{ content: string; key: string } | undefined>(undefined);
  return {
    keyFor(content) {
      const text = JSON.stringify(content);
      if (kept.current?.content !== text) kept.current = { content: text, key: randomKey() };
      return kept.current.key;
    },
    done() {
      kept.current = undefined;
    },
  };
}
