import { lazy, Suspense, useState } from "react";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";

const FollowLinksDialog = lazy(() => import("./FollowLinksDialog.tsx"));

/** On a request's page: gives its reporter a link to it, as they have no account. */
export function FollowLinks({ requestId, reporter }: { requestId: string; reporter: string | undefined }) {
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  return (
    <div data-screen-only>
      <Button
        onClick={() => {
          setWanted(true);
          setOpen(true);
        }}
      >
        {t("followLinks.open")}
      </Button>
      {wanted && (
        <Suspense>
          <FollowLinksDialog requestId={requestId} reporter={reporter} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
