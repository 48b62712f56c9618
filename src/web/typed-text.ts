import { useEffect, useRef, useState } from "react";

/**
 * The text of a field that filters: it counts a moment after the last letter, and it follows the address when that
 * changes from elsewhere (a chip taken away, the way back).
 * @param value what the address says
 */
export function useTypedText(
  value: string,
  onChange: (value: string | undefined) => void,
): [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(value);
  const typed = useRef(value);
  useEffect(() => {
    if (value !== typed.current) {
      typed.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    const next = text.trim();
    if (next === typed.current) return undefined;
    const timer = setTimeout(() => {
      typed.current = next;
      onChange(next || undefined);
    }, 250);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return [text, setText];
}
