import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { CallError } from "./call.ts";

let signedOut: () => void = () => {};

/** Told once by the router: where to go when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

function hear(error: unknown): void {
  if (error instanceof CallError && error.status === 401) signedOut();
}

/** What is asked of the server is kept for half a minute and asked again when the window is looked at. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: hear }),
  mutationCache: new MutationCache({ onError: hear }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      // `call` already tries again where the network failed; what the server refused stays refused.
      retry: false,
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
