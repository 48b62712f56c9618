import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from "react";
import { holdTyping } from "../typed-ahead.ts";

const LogCallDialog = lazy(() => import("../../requests/web/LogCallDialog.tsx"));
const Context = createContext<() => void>(() => {});

/** Logging a call is one key or one button away from every page; the form is loaded when it is first wanted. */
export function LogCallProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  const show = useMemo(
    () => () => {
      holdTyping();
      setWanted(true);
      setOpen(true);
    },
    [],
  );
  return (
    <Context value={show}>
      {children}
      {wanted && (
        <Suspense>
          <LogCallDialog open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </Context>
  );
}

/** Opens the form for a new call. */
export function useLogCall(): () => void {
  return useContext(Context);
}
