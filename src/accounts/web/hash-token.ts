import { useState } from "react";

/**
 * The token of a one-time link, from behind the #: never sent to a server in an address or a referrer. It is taken
 * out of the address at once, so that it does not stay in the history.
 */
export function useHashToken(): string | undefined {
  const [token] = useState(() => {
    const text = decodeURIComponent(location.hash.slice(1));
    const value = text.startsWith("token=") ? text.slice("token=".length) : text;
    if (value) history.replaceState(history.state, "", location.pathname + location.search);
    return value || undefined;
  });
  return token;
}
