import { lazy, Suspense, useSyncExternalStore } from "react";
import { noticesWanted } from "./notify.ts";

const Notices = lazy(() => import("./Notices.tsx"));

/** Stands once in the frame; loads the notices when the first one comes. */
export function NoticeHost() {
  const wanted = useSyncExternalStore(noticesWanted.subscribe, noticesWanted.get);
  return wanted ? (
    <Suspense>
      <Notices />
    </Suspense>
  ) : null;
}
